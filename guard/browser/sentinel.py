"""The sentinel: a hidden page on a portal's origin that asks the server who is logged in.

It uses the browser's own cookies, TLS and proxy, bypasses service workers, and is answered by the gate,
so that no script of the portal ever runs in it. One per cookie jar.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from importlib import resources
from typing import TYPE_CHECKING

from guard.browser.cdp import GONE, ProtocolError
from guard.browser.gate import html_answer
from guard.browser.reading import read_holder
from guard.browser.session_key import parse_cookie_header, session_key
from guard.browser.wire import LARGEST_ANSWER, Answer, WireError
from guard.core.identity import Holder, Jar, Obscurity, Sighting, Unclear

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.browser.cdp import Message, Session
    from guard.browser.gate import Gate
    from guard.portal import Portal

_SCRIPT = resources.files("guard.browser").joinpath("sentinel.js").read_text()
_SCRIPT = _SCRIPT[_SCRIPT.index("async (") :]
_POLICY = "default-src 'none'; connect-src 'self'"
PAGE_ANSWERS_WITHIN = 1.0  # seconds beyond the question's own limit; its page is stuck if it takes longer


class Sentinel:
    """Asks one portal, in one cookie jar of one browser."""

    def __init__(self, browser: Session, gate: Gate, portal: Portal, jar: Jar, generation: int) -> None:
        self._browser = browser
        self._gate = gate
        self._portal = portal
        self._jar = jar
        self._generation = generation
        self._address = f"{portal.origin}/.well-known/madoguchi-guard/{secrets.token_hex(8)}"
        self._page: Session | None = None
        self._cookie_sent: str | None = None
        self._one_at_a_time = asyncio.Lock()
        self._opening = asyncio.Lock()
        self.hidden = True
        """False where the browser refused a hidden target and an ordinary page serves instead."""
        self._target = ""
        self.targets: set[str] = set()
        """Of every page that it ever had: a renderer that crashes takes its sentinels along."""
        browser.on("Target.targetCrashed", self._lost)
        browser.on("Target.targetDestroyed", self._lost)

    async def look(self) -> Sighting:
        """Read the holder now. What goes wrong is a sighting too: `Unclear`, with the reason."""
        async with self._one_at_a_time:
            asked_at = asyncio.get_running_loop().time()
            self._cookie_sent = None
            holder = await self._holder()
            names = self._portal.session.cookies
            return Sighting(
                jar=self._jar,
                holder=holder,
                session=session_key(parse_cookie_header(self._cookie_sent), names),
                generation=self._generation,
                taken_at=asked_at,
            )

    async def send(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, within: float = 5.0
    ) -> Answer:
        """As `Wire.send`: the road inside the browser."""
        before = self._page
        try:
            return await self._send_once(method, path, form, within)
        except WireError as error:
            # A page that was lost since the last question is no fault of the portal: ask from a new one.
            if error.why is not Obscurity.BROWSER_GONE or before is None:
                raise
        return await self._send_once(method, path, form, within)

    async def _send_once(self, method: str, path: str, form: Mapping[str, str] | None, within: float) -> Answer:
        try:
            async with asyncio.timeout(within + PAGE_ANSWERS_WITHIN):
                page = await self._opened()
                return await self._fetch(page, method, path, form, within)
        except GONE as error:
            self._give_up()
            late = isinstance(error, TimeoutError)
            raise WireError(Obscurity.TIMEOUT if late else Obscurity.BROWSER_GONE) from error

    async def _holder(self) -> Holder:
        reading = self._portal.holder
        try:
            answer = await self.send("GET", reading.path, within=self._portal.deadline)
        except WireError as error:
            return Unclear(why=error.why)
        return read_holder(reading, answer.status, answer.content_type, answer.body)

    async def _fetch(
        self, page: Session, method: str, path: str, form: Mapping[str, str] | None, within: float
    ) -> Answer:
        arguments = (path, method, dict(form) if form is not None else None, int(within * 1000), LARGEST_ANSWER)
        call = f"({_SCRIPT})({','.join(json.dumps(argument) for argument in arguments)})"
        question = {"expression": call, "awaitPromise": True, "returnByValue": True}
        answer = await page.send("Runtime.evaluate", question, within=within + PAGE_ANSWERS_WITHIN)
        value = answer["result"].get("value", {"fault": Obscurity.NOT_UNDERSTOOD})
        if "fault" in value:
            raise WireError(Obscurity(value["fault"]))
        return Answer(status=value["status"], content_type=value["contentType"], body=value["body"])

    async def _opened(self) -> Session:
        async with self._opening:
            if self._page is None:
                page = await self._browser.attach(await self._create_target())
                await page.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
                await page.send("Network.setBypassServiceWorker", {"bypass": True})
                await page.send("Page.enable")
                await page.send("Page.navigate", {"url": self._address})
                self._page = page
            return self._page

    def _lost(self, event: Message) -> None:
        if event["targetId"] == self._target:
            self._give_up()

    def _give_up(self) -> None:
        """Forget the page; the next question gets a new one."""
        if self._target:
            self._browser.post("Target.closeTarget", {"targetId": self._target})
        self._page, self._target = None, ""

    async def _create_target(self) -> str:
        target: Message = {"url": "about:blank", "background": True}
        if self._jar.context:
            target["browserContextId"] = self._jar.context
        try:
            self.hidden = True
            answer = await self._browser.send("Target.createTarget", {**target, "hidden": True})
        except ProtocolError:
            self.hidden = False
            answer = await self._browser.send("Target.createTarget", target)
        self._target = target_id = str(answer["targetId"])
        self.targets.add(target_id)
        self._gate.leave_to(target_id, self._on_request)
        return target_id

    def _on_request(self, event: Message) -> None:
        request = event["request"]
        if request["url"] == self._address:
            self._browser.post("Fetch.fulfillRequest", html_answer(event["requestId"], "<!doctype html>", _POLICY))
            return
        headers = request["headers"].items()
        self._cookie_sent = next((value for name, value in headers if name.lower() == "cookie"), None)
        self._browser.post("Fetch.continueRequest", {"requestId": event["requestId"]})
