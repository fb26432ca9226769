"""A portal whose pages leave a word of the visit in every place that a browser keeps, and look for it afterwards."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.lab import LAB, OTHER, Answer, Arrival, Lab, new_page, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = Path(__file__).parent
ZOOMER = PAGES / "zoomer"
"""An extension by which a page zooms, as the keyboard would."""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
LATE = 3.0
"""Seconds until the portal answers what was in flight; by then the next visit has begun."""
CACHED = (("cache-control", "max-age=3600"), ("etag", '"plant"'))
SHARED_WORKER = """
let kept = "";
onconnect = ({ports: [port]}) => port.onmessage = ({data}) => data === "?" ? port.postMessage(kept) : kept = data;
"""


class Planter(Lab):
    """The lab, with pages that plant. `word` stands in everything they leave; no other run ever used it."""

    def __init__(self) -> None:
        super().__init__()
        self.word = f"nokori{secrets.token_hex(8)}"
        self.looks_for = {"partitioned"}
        """Names of all that a look asked for, found or not."""
        word = self.word.encode()
        script = "text/javascript"
        kept = f"new Response('{self.word}')"
        answers_itself = (
            f"onfetch = (e) => {{ if (e.request.url.endsWith('/plant-from-worker')) e.respondWith({kept}); }}"
        )
        self.planted = {
            "/plant": Answer(body=(PAGES / "plant.html").read_bytes(), headers=self._page_headers()),
            "/plant-framed": Answer(body=b"<p>frame", headers=(self._cookie("chips", "SameSite=None; Partitioned"),)),
            "/plant-second": Answer(body=b"<title>second</title>" + word),
            "/plant-sent": Answer(body=b"<title>sent</title>"),
            "/plant-searched": Answer(body=b"<title>searched</title>"),
            "/plant-icon.png": Answer(body=PIXEL, content_type="image/png", headers=CACHED),
            "/plant-cached": Answer(body=word, content_type="text/plain", headers=CACHED),
            "/plant-worker.js": Answer(body=answers_itself.encode(), content_type=script),
            "/plant-shared.js": Answer(body=SHARED_WORKER.encode(), content_type=script),
            "/plant-receipt": Answer(
                body=word,
                content_type="application/octet-stream",
                headers=(("content-disposition", f"attachment; filename={self.word}.bin"),),
            ),
            "/plant-late": Answer(after=LATE, headers=(self._cookie("late", "SameSite=None"),)),
        }

    def _page_headers(self) -> tuple[tuple[str, str], ...]:
        return (
            self._cookie("http", "HttpOnly"),
            self._cookie("domain", "Domain=portal.test"),
            self._cookie("lasting", "Max-Age=86400"),
            ("strict-transport-security", "max-age=3600"),
            ("alt-svc", 'h3=":443"; ma=3600'),
            ("accept-ch", "Sec-CH-UA-Model"),
        )

    def _cookie(self, name: str, attributes: str) -> tuple[str, str]:
        return ("set-cookie", f"plant_{name}={self.word}; Path=/; Secure; {attributes}")

    def _answer(self, arrival: Arrival) -> Answer:
        if arrival.path == "/plant-basic":
            return self._ask_for_password(arrival)
        if arrival.path == "/plant-echo":
            told = {"cookie": arrival.headers.get("cookie", "")}
            return Answer(body=json.dumps(told).encode(), content_type="application/json")
        return self.planted.get(arrival.path) or super()._answer(arrival)

    def _ask_for_password(self, arrival: Arrival) -> Answer:
        if "authorization" in arrival.headers:
            return Answer(body=self.word.encode())
        return Answer(status=401, headers=(("www-authenticate", 'Basic realm="plant"'),))

    def plant(self, page: Page, folder: Path) -> Any:
        """Leave the word in every place; returns what `look` needs to ask for it."""
        proof = folder / "proof.txt"
        proof.write_text(self.word)
        page.context.grant_permissions(["notifications", "geolocation", "clipboard-read", "clipboard-write"])
        page.goto(f"https://{self.word}:{self.word}@{LAB}/plant-basic")  # the password stays in the address
        page.evaluate("url => location.assign(url)", f"https://{LAB}/plant")  # so that the page has a referrer
        page.wait_for_url(f"https://{LAB}/plant")
        page.frame_locator("iframe").locator("p").wait_for()
        with page.expect_download() as receipt:
            page.click("#receipt")
        assert receipt.value.suggested_filename == f"{self.word}.bin"
        kept = page.evaluate((PAGES / "plant.js").read_text(), self.word)
        if page.locator("html[data-zoomer=ready]").count():
            page.evaluate("dispatchEvent(new CustomEvent('zoom'))")
            page.locator("html[data-zoomed=yes]").wait_for(state="attached")
        page.evaluate("word => navigator.clipboard.writeText(word)", self.word)
        with page.context.expect_page() as second:
            page.click("#second")
        second.value.wait_for_load_state()
        page.set_input_files("[name=proof]", proof)
        page.locator("[name=name]").press_sequentially(self.word)
        with new_page(page.context) as other:
            other.goto(f"https://{LAB}/plant")
            other.locator("[name=street]").press_sequentially(self.word)
            other.click("#search")
            other.wait_for_url("**/plant-searched*")
        return kept

    def send_form(self, page: Page) -> None:
        """Submit the filled form with its file."""
        page.click("#send")
        wait_until(lambda: self.at("/plant-sent"), "the form to arrive")

    def leave_in_flight(self, page: Page) -> None:
        """Ask for what is answered, with a cookie, when the visit is over."""
        page.evaluate("() => void fetch('/plant-late', {keepalive: true}).catch(() => 0)")
        wait_until(lambda: self.at("/plant-late"), "the late request to arrive")

    def look_here(self, page: Page, kept: Any) -> dict[str, object]:
        """What this very page sees of it all, by place; only what is not empty."""
        page.context.grant_permissions(["clipboard-read"])
        seen = page.evaluate((PAGES / "look.js").read_text(), {"blob": kept["blob"], "word": self.word})
        self.looks_for |= seen.keys()
        return {place: value for place, value in seen.items() if value}

    def look(self, page: Page, kept: Any) -> dict[str, object]:
        """What pages of this browser see of it all, by place; only what is not empty."""
        page.goto(f"https://{LAB}/plant-look")
        seen = self.look_here(page, kept)
        page.goto(f"https://{OTHER}/plant-look")
        seen["partitioned"] = json.loads(page.evaluate("async () => (await fetch('/plant-echo')).text()"))["cookie"]
        return {place: value for place, value in seen.items() if value}
