"""Every road by which a page can submit, as script: what the channel tests drive."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.browser.lab import LAB, OTHER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.lab import Arrival, Lab

TEXT = "田中 一郎 & 50% + ü"
BODY = TEXT.encode()
FIELDS = {"name": TEXT, "kind": "マイナポイント"}
FORM_BODY = urlencode(FIELDS).encode()
LARGE = bytes(number * 7 % 251 for number in range(5 * 1024 * 1024 // 8)) * 8


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where one drive begins and ends."""

    lab: Lab
    page: Page
    path: str
    folder: Path

    @property
    def url(self) -> str:
        return f"https://{LAB}{self.path}"

    def open(self, html: str, *, host: str = LAB, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Open a page with this content."""
        self.page.goto(f"https://{host}{self.lab.page(html, headers=headers)}")

    def run(self, script: str) -> None:
        """Run statements in the page, as a click's handler would; URL and TEXT stand for what is sent."""
        self.page.evaluate(f"() => {{ {self.filled(script)} }}")

    def filled(self, script: str) -> str:
        return script.replace("URL", json.dumps(self.url)).replace("TEXT", json.dumps(TEXT))

    def form(self, attributes: str = "", *, action: str = "", more: str = "") -> str:
        """A filled form that is sent to the way's end."""
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in FIELDS.items())
        action = action or self.url
        return f'<form id=f method=post action="{action}" {attributes}>{inputs}<button id=go>送信</button></form>{more}'


def _same(body: bytes) -> Callable[[Arrival], bool]:
    return lambda arrival: arrival.body == body


@dataclass(frozen=True, kw_only=True)
class Road:
    """One road."""

    name: str
    drive: Callable[[Way], None]
    method: str = "POST"
    arrives: Callable[[Arrival], bool] = field(default=_same(BODY))
    """Whether the server got what was sent, byte for byte."""
    ends_at: str = "/sink/"
    """Where the submission goes to."""
    stopped_at: str = ""
    """Where a wrong holder is found, if not at the end."""


def _click(html: Callable[[Way], str], *, host: str = LAB) -> Callable[[Way], None]:
    def drive(way: Way) -> None:
        way.open(html(way), host=host)
        way.page.evaluate("() => document.querySelector('#go').click()")

    return drive


def _run(script: str, *, host: str | None = None) -> Callable[[Way], None]:
    def drive(way: Way) -> None:
        if host is not None:
            way.open("", host=host)
        way.run(script)

    return drive


def _at_unload(script: str) -> Callable[[Way], None]:
    def drive(way: Way) -> None:
        way.run(f"addEventListener('pagehide', () => {{ {script} }})")
        way.page.goto(f"https://{LAB}/")

    return drive


def _later_at_unload(way: Way) -> None:
    way.run(_LATER)
    way.page.goto(f"https://{LAB}/")


def _at_close(script: str) -> Callable[[Way], None]:
    def drive(way: Way) -> None:
        tab = way.page.context.new_page()
        tab.goto(f"https://{LAB}/")
        tab.evaluate(f"() => {{ addEventListener('pagehide', () => {{ {way.filled(script)} }}) }}")
        tab.close()

    return drive


def _hop(status: int) -> Callable[[Way], None]:
    def drive(way: Way) -> None:
        name = way.path.removeprefix("/sink/")
        _click(lambda way: way.form(action=f"/hop/{status}/{name}"))(way)

    return drive


def _worker(script: str) -> Callable[[Way], None]:
    def drive(way: Way) -> None:
        source = way.lab.script(way.filled("fetch(URL, {method: 'POST', body: TEXT})"))
        script_ = script.replace("SOURCE", json.dumps(source))
        way.page.evaluate(f"() => {{ {script_} }}")

    return drive


def _service_worker(way: Way) -> None:
    scope = f"/scope{way.path}/"
    send = way.filled("fetch(URL, {method: 'POST', body: TEXT})")
    source = way.lab.script(f"addEventListener('message', event => event.waitUntil({send}))")
    way.page.evaluate(
        """async ([source, scope]) => {
            const registration = await navigator.serviceWorker.register(source, { scope });
            (registration.installing ?? registration.active).postMessage("go");
        }""",
        [source, scope],
    )


def _frame_elsewhere(way: Way) -> None:
    inner = way.lab.page(way.form() + "<script>document.forms.f.submit()</script>")
    way.open(f'<iframe src="https://{LAB}{inner}"></iframe>', host=OTHER)


def _popup(way: Way) -> None:
    inner = way.lab.page(way.form() + "<script>document.forms.f.submit()</script>")
    way.run(f"window.open({json.dumps(inner)})")


def _written_popup(way: Way) -> None:
    form = json.dumps(way.form())
    way.run(f"const w = window.open(''); w.document.write({form}); w.document.forms.f.submit()")


def _multipart_from_memory(way: Way) -> None:
    way.run(
        """const bytes = new Uint8Array(5 * 1024 * 1024), part = bytes.length / 8;
        for (let i = 0; i < part; i++) bytes[i] = i * 7 % 251;
        for (let n = 1; n < 8; n++) bytes.copyWithin(n * part, 0, part);
        const form = new FormData();
        form.append('file', new Blob([bytes]), '書類.bin');
        void fetch(URL, {method: 'POST', body: form});"""
    )


def _multipart_from_disk(way: Way) -> None:
    file = way.folder / "書類.bin"
    file.write_bytes(LARGE)
    way.open(
        f'<form id=f method=post enctype=multipart/form-data action="{way.url}"><input type=file name=file></form>'
    )
    way.page.set_input_files("input", file)
    way.page.evaluate("() => document.forms.f.submit()")


def _carries_the_file(arrival: Arrival) -> bool:
    boundary = arrival.headers["content-type"].partition("boundary=")[2].encode()
    start, part, end = arrival.body.split(b"--" + boundary)
    head, _, content = part.partition(b"\r\n\r\n")
    names = b'name="file"; filename="\xe6\x9b\xb8\xe9\xa1\x9e.bin"' in head
    whole = len(arrival.body) == int(arrival.headers["content-length"])
    return names and whole and (start, end) == (b"", b"--\r\n") and content == LARGE + b"\r\n"


def _policy_report(way: Way) -> None:
    way.open(
        "<img src=/forbidden.png>", headers=(("content-security-policy", f"img-src 'none'; report-uri {way.url}"),)
    )


def _reports_the_image(arrival: Arrival) -> bool:
    return bool(json.loads(arrival.body)["csp-report"]["blocked-uri"] == f"https://{LAB}/forbidden.png")


def _formaction(way: Way) -> None:
    way.open(way.form(action="/elsewhere", more=f'<button form=f id=real formaction="{way.url}">送信</button>'))
    way.run("document.forms.f.requestSubmit(document.querySelector('#real'))")


def _form(name: str, attributes: str = "", more: str = "") -> Road:
    return Road(name=name, drive=_click(lambda way: way.form(attributes, more=more)), arrives=_same(FORM_BODY))


def _fetch(method: str) -> Road:
    drive = _run(f"void fetch(URL, {{method: '{method}', body: TEXT}})")
    return Road(name=f"fetch {method}", drive=drive, method=method)


def _declared_get(name: str, drive: Callable[[Way], None]) -> Road:
    """By URL alone, whatever the page asks for it."""
    return Road(name=f"declared GET, {name}", drive=drive, method="GET", ends_at="/submit/", arrives=_same(b""))


def _element(tag: str, into: str = "body", **properties: str) -> Callable[[Way], None]:
    """An element that a script adds to the page; of its properties, URL is where it leads."""
    given = ", ".join(f"{name}: {'URL' if value == 'URL' else json.dumps(value)}" for name, value in properties.items())
    return _run(f"document.{into}.append(Object.assign(document.createElement('{tag}'), {{{given}}}))")


def _style(rules: str) -> Callable[[Way], None]:
    return _click(lambda way: f"<style>{rules.replace('URL', way.url)}</style><p id=go>字</p>")


def _is_ping(arrival: Arrival) -> bool:
    return arrival.body == b"PING" and arrival.headers["content-type"] == "text/ping"


_KEEPALIVE = "void fetch(URL, {method: 'POST', body: TEXT, keepalive: true})"
_BEACON = "navigator.sendBeacon(URL, TEXT)"
_LATER = "fetchLater(URL, {method: 'POST', body: TEXT})"
_SOON = "fetchLater(URL, {method: 'POST', body: TEXT, activateAfter: 0})"
_NO_CORS = "void fetch(URL, {method: 'POST', body: TEXT, mode: 'no-cors', credentials: 'include'})"
_XHR = "const xhr = new XMLHttpRequest(); xhr.open('POST', URL{}); xhr.send(TEXT);"
_BLOB_WORKER = (
    "new Worker(URL.createObjectURL(new Blob([`importScripts(location.origin + ${JSON.stringify(SOURCE)})`])))"
)
_NESTED = "new Worker(URL.createObjectURL(new Blob([`new Worker(location.origin + ${JSON.stringify(SOURCE)})`])))"

_GETS = {
    "link": _run("location = URL"),
    "form": _click(lambda way: f'<form action="{way.url}"><button id=go>送信</button></form>'),
    "meta refresh": _run('document.head.innerHTML = `<meta http-equiv=refresh content="0;url=${URL}">`'),
    "image": _run("new Image().src = URL"),
    "image of a style": _style("p { background: url(URL) }"),
    "script": _element("script", src="URL"),
    "module": _run("void import(URL).catch(() => {})"),
    "stylesheet": _element("link", rel="stylesheet", href="URL"),
    "stylesheet of a stylesheet": _style("@import url(URL);"),
    "font": _style("@font-face { font-family: f; src: url(URL) } p { font-family: f }"),
    "audio": _element("audio", src="URL", preload="auto"),
    "video": _element("video", src="URL", preload="auto"),
    "poster": _element("video", poster="URL"),
    "track": _click(lambda way: f'<video><track id=go default kind=captions src="{way.url}"></video>'),
    "frame": _element("iframe", src="URL"),
    "object": _element("object", data="URL"),
    "embed": _element("embed", src="URL"),
    "icon": _element("link", "head", rel="icon", href="URL"),
    "manifest": _element("link", "head", rel="manifest", crossOrigin="use-credentials", href="URL"),
    "preload": _element("link", "head", **{"as": "image"}, rel="preload", href="URL"),
    "prefetch": _element("link", "head", rel="prefetch", href="URL"),
    "fetch": _run("void fetch(URL).catch(() => {})"),
    "XHR": _run("const xhr = new XMLHttpRequest(); xhr.open('GET', URL); xhr.send()"),
    "EventSource": _run("new EventSource(URL)"),
    "worker": _run("new Worker(URL)"),
    "shared worker": _run("new SharedWorker(URL)"),
    "popup": _run("window.open(URL)"),
}
"""What a page may ask for by a GET."""

ROADS = (
    _form("form"),
    _form("form in a new tab", "target=_blank rel=opener"),
    _form("form in a new tab, noopener", "target=_blank rel=noopener"),
    _form("form into a frame", "target=inner", "<iframe name=inner></iframe>"),
    Road(name="requestSubmit and formaction", drive=_formaction, arrives=_same(FORM_BODY)),
    Road(name="307 hop", drive=_hop(307), arrives=_same(FORM_BODY), stopped_at="/hop/307/"),
    Road(name="308 hop", drive=_hop(308), arrives=_same(FORM_BODY), stopped_at="/hop/308/"),
    *map(_fetch, ("POST", "PUT", "PATCH", "DELETE")),
    Road(name="cross-origin no-cors", drive=_run(_NO_CORS, host=OTHER)),
    Road(name="XHR", drive=_run(_XHR.format(""))),
    Road(name="XHR, synchronous", drive=_run(f"setTimeout(() => {{ {_XHR.format(', false')} }})")),
    Road(name="multipart from memory", drive=_multipart_from_memory, arrives=_carries_the_file),
    Road(name="multipart from disk", drive=_multipart_from_disk, arrives=_carries_the_file),
    Road(name="keepalive", drive=_run(_KEEPALIVE)),
    Road(name="keepalive at unload", drive=_at_unload(_KEEPALIVE)),
    Road(name="keepalive at close", drive=_at_close(_KEEPALIVE)),
    Road(name="sendBeacon", drive=_run(_BEACON)),
    Road(name="sendBeacon at unload", drive=_at_unload(_BEACON)),
    Road(name="sendBeacon at close", drive=_at_close(_BEACON)),
    Road(name="ping", drive=_click(lambda way: f'<a id=go href="#x" ping="{way.url}">x</a>'), arrives=_is_ping),
    Road(name="fetchLater", drive=_run(_SOON)),
    Road(name="fetchLater at unload", drive=_later_at_unload),
    Road(name="popup", drive=_popup, arrives=_same(FORM_BODY)),
    Road(name="popup written by script", drive=_written_popup, arrives=_same(FORM_BODY)),
    Road(name="cross-site frame", drive=_frame_elsewhere, arrives=_same(FORM_BODY)),
    Road(name="worker", drive=_worker("new Worker(SOURCE)")),
    Road(name="blob worker", drive=_worker(_BLOB_WORKER)),
    Road(name="nested worker", drive=_worker(_NESTED)),
    Road(name="shared worker", drive=_worker("new SharedWorker(SOURCE)")),
    Road(name="service worker", drive=_service_worker),
    Road(name="policy report", drive=_policy_report, arrives=_reports_the_image),
    *(_declared_get(name, drive) for name, drive in _GETS.items()),
    replace(_declared_get("fetch HEAD", _run("void fetch(URL, {method: 'HEAD'}).catch(() => {})")), method="HEAD"),
)
