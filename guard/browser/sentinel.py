"""The sentinel: a hidden page on a portal's origin that asks the server who is logged in.

It uses the browser's own cookies, TLS and proxy, bypasses service workers, and is answered by the gate,
so that no script of the portal ever runs in it. One per cookie jar.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from typing import TYPE_CHECKING

from guard.browser.carried import carried_by, token_of
from guard.browser.cdp import GONE, ProtocolError
from guard.browser.gate import html_answer
from guard.browser.reading import read_holder
from guard.browser.scripts import FETCH, READ_TOKEN, call, header_of
from guard.browser.wire import LARGEST_ANSWER, Answer, WireError, from_cache
from guard.core.identity import Holder, Jar, Nobody, Obscurity, Sighting, Unclear
from guard.grammar import Storage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.browser.cdp import Message, Session
    from guard.browser.gate import Gate
    from guard.browser.jars import Jars
    from guard.portal import Portal

_READABLE = frozenset({Storage.LOCAL, Storage.INDEXED_DB})
"""Storages that every page of an origin shares."""
Request = tuple[str, str, dict[str, str], dict[str, str] | None, str]
"""Address, method, headers, form, what to do about redirects."""
_NO_CERTIFICATE = "net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED"
"""The portal asks for a client certificate, and nobody has chosen one in this browser."""
PAGE_ANSWERS_WITHIN = 1.0  # seconds beyond the question's own limit; its page is stuck if it takes longer


class Sentinel:
    """Asks one portal, in one cookie jar of one browser."""

    def __init__(self, browser: Session, gate: Gate, jars: Jars, portal: Portal, jar: Jar, generation: int) -> None:
        self._browser = browser
        self._gate = gate
        self._jars = jars
        self._portal = portal
        self._jar = jar
        self._generation = generation
        token = portal.session.token
        self._home = (token.origin if token else None) or portal.origin
        self._address = f"{self._home}/.well-known/madoguchi-guard/{secrets.token_hex(8)}"
        self._page: Session | None = None
        self._headers_sent: Mapping[str, str] = {}
        self._without_certificate = False
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
            self._headers_sent, self._without_certificate = {}, False
            holder = await self._holder()
            return Sighting(
                jar=self._jar,
                holder=holder,
                session=self._jars.session_of(self._portal, self._headers_sent),
                generation=self._generation,
                taken_at=asked_at,
            )

    @property
    def token(self) -> str:
        """As `Wire.token`."""
        return token_of(carried_by(self._headers_sent, self._portal.session), self._portal.session)

    async def cookie(self, name: str) -> str | None:
        """As `Wire.cookie`."""
        try:
            return (await self._jars.cookies(self._portal, self._jar)).get(name)
        except GONE as error:
            raise WireError(Obscurity.BROWSER_GONE) from error

    async def send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
        within: float = 5.0,
    ) -> Answer:
        """As `Wire.send`: the road inside the browser."""
        redirect = "follow" if follow else "manual"
        fields = None if form is None else dict(form)
        request = (self._portal.origin + path, method, dict(headers or {}), fields, redirect)
        before = self._page
        try:
            return await self._send_once(request, within)
        except WireError as error:
            # A page that was lost since the last question is no fault of the portal: ask from a new one.
            if error.why is not Obscurity.BROWSER_GONE or before is None:
                raise
        return await self._send_once(request, within)

    async def _send_once(self, request: Request, within: float) -> Answer:
        try:
            async with asyncio.timeout(within + PAGE_ANSWERS_WITHIN):
                page = await self._opened()
                return await self._fetch(page, request, within)
        except GONE as error:
            self._give_up()
            late = isinstance(error, TimeoutError)
            raise WireError(Obscurity.TIMEOUT if late else Obscurity.BROWSER_GONE) from error

    async def _holder(self) -> Holder:
        reading = self._portal.holder
        try:
            answer = await self.send("GET", reading.path, follow=reading.follow_redirects, within=self._portal.deadline)
        except WireError as error:
            # A hidden page is never asked to choose a certificate; what people chose, it presents as well.
            nobody = self._without_certificate and self._portal.session.browser_keeps
            return Nobody() if nobody else Unclear(why=error.why)
        return read_holder(reading, answer, self.token)

    async def _fetch(self, page: Session, request: Request, within: float) -> Answer:
        url, method, headers, form, redirect = request
        token = await self._token(page, within)
        if token is not None and self._portal.session.token is not None:
            headers = {**headers, self._portal.session.token.header: token}
        arguments = (url, method, headers, form, redirect, int(within * 1000), LARGEST_ANSWER)
        value = await call(page, FETCH, *arguments, within=within + PAGE_ANSWERS_WITHIN)
        if not isinstance(value, dict):
            raise WireError(Obscurity.NOT_UNDERSTOOD)
        if "fault" in value:
            raise WireError(Obscurity(value["fault"]))
        return Answer(
            status=value["status"],
            content_type=value["contentType"],
            body=base64.b64decode(value["body"]),
            from_cache=from_cache(*value["headersOfCaches"] or [""]),
        )

    async def _token(self, page: Session, within: float) -> str | None:
        """The token's header as the portal's pages would send it now."""
        kept = self._portal.session.token
        if kept is None:
            return None
        if kept.storage not in _READABLE:
            return self._jars.newest(self._jar).token or None
        return header_of(kept, await call(page, READ_TOKEN, kept.storage, kept.key, kept.inside, within=within))

    async def stored_token(self, within: float) -> str | None:
        """The token's header by what pages of the origin share; empty if they hold none, None if they share none."""
        kept = self._portal.session.token
        if kept is None or kept.storage not in _READABLE:
            return None
        return await self._token(await self._opened(), within) or ""

    async def _opened(self) -> Session:
        async with self._opening:
            if self._page is None:
                page = await self._browser.attach(await self._create_target())
                await page.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
                await page.send("Network.setBypassServiceWorker", {"bypass": True})
                page.on("Network.loadingFailed", self._failed)
                await page.send("Page.enable")
                await page.send("Page.navigate", {"url": self._address})
                self._page = page
            return self._page

    def _failed(self, event: Message) -> None:
        self._without_certificate = event["errorText"] == _NO_CERTIFICATE

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
            policy = f"default-src 'none'; connect-src 'self' {self._portal.origin}"
            self._browser.post("Fetch.fulfillRequest", html_answer(event["requestId"], "<!doctype html>", policy))
            return
        if request["method"] != "OPTIONS":  # the question whether it may ask carries nothing
            self._headers_sent = request["headers"]
        self._browser.post("Fetch.continueRequest", {"requestId": event["requestId"]})
