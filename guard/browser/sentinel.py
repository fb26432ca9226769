"""The sentinel: asks the server who is logged in, from a hidden page on the portal's origin.

It uses the browser's own cookies, TLS and proxy, bypasses service workers, and no script of the portal
ever runs in it. One per cookie jar.
"""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

from guard.browser.carried import carried_by, token_of
from guard.browser.cdp import GONE
from guard.browser.hidden import HiddenPage
from guard.browser.reading import read_holder
from guard.browser.scripts import FETCH, READ_TOKEN, ScriptError, call, header_of
from guard.browser.wire import LARGEST_ANSWER, Answer, WireError, from_cache, who_is_logged_in
from guard.core.identity import Holder, Jar, Nobody, Obscurity, Sighting, Unclear
from guard.grammar import Storage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.browser.cdp import Message, Session
    from guard.browser.gate import Gate
    from guard.browser.jars import Jars
    from guard.browser.wire import Question
    from guard.grammar import Token
    from guard.portal import Portal

_READABLE = frozenset({Storage.LOCAL, Storage.INDEXED_DB})
"""Storages that every page of an origin shares."""
_NO_CERTIFICATE = "net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED"
"""The portal asks for a client certificate, and nobody has chosen one in this browser."""
CATCHES_UP = (0.02, 0.06, 0.12)
"""Seconds before a localStorage that differs from what pages send is read again: other processes see it late."""
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
        self._headers_sent: Mapping[str, str] = {}
        self._one_at_a_time = asyncio.Lock()
        token = portal.session.token
        home = (token.origin if token else None) or portal.origin
        self._asking = self._page_on(portal.origin)
        # Storage belongs to its origin; from there the portal could not be asked without its leave (CORS), nor at a
        # private address: a page that the gate answers stands on no network, and may ask its own origin alone.
        self._storing = self._asking if home == portal.origin else self._page_on(home)

    def _page_on(self, origin: str) -> HiddenPage:
        return HiddenPage(
            self._browser, self._gate, origin=origin, context=self._jar.context, on_request=self._note_headers
        )

    @property
    def hidden(self) -> bool:
        """False where the browser refused hidden targets and ordinary pages serve instead."""
        return self._asking.hidden and self._storing.hidden

    @property
    def targets(self) -> set[str]:
        """Targets of every page that it ever had."""
        return self._asking.targets | self._storing.targets

    async def look(self) -> Sighting:
        """Read the holder now. What goes wrong is a sighting too: `Unclear`, with the reason."""
        async with self._one_at_a_time:
            asked_at = asyncio.get_running_loop().time()
            self._headers_sent, self._asking.failure = {}, ""
            holder = await self._holder()
            return Sighting(
                jar=self._jar,
                holder=holder,
                session=self._jars.session_of(self._portal, self._headers_sent),
                generation=self._generation,
                taken_at=asked_at,
            )

    async def idle(self) -> None:
        """Wait for the look that is under way."""
        async with self._one_at_a_time:
            pass

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

    async def ask(self, question: Question) -> Answer:
        """As `Wire.ask`: the road inside the browser."""
        was_open = self._asking.is_open
        try:
            return await self._ask_once(question)
        except WireError as error:
            # A page that was lost since the last question is no fault of the portal: ask from a new one.
            if error.why is not Obscurity.BROWSER_GONE or not was_open:
                raise
        return await self._ask_once(question)

    async def _ask_once(self, question: Question) -> Answer:
        try:
            async with asyncio.timeout(question.within + PAGE_ANSWERS_WITHIN):
                return await self._fetch(question)
        except GONE as error:
            self._give_up()
            late = isinstance(error, TimeoutError)
            raise WireError(Obscurity.TIMEOUT if late else Obscurity.BROWSER_GONE) from error
        except ScriptError as error:  # to ask without the token would be to ask about somebody else
            raise WireError(Obscurity.NOT_UNDERSTOOD) from error

    async def _holder(self) -> Holder:
        try:
            answer = await self.ask(who_is_logged_in(self._portal))
        except WireError as error:
            # A hidden page is never asked to choose a certificate; what people chose, it presents as well.
            nobody = self._asking.failure == _NO_CERTIFICATE and self._portal.session.browser_keeps
            return Nobody() if nobody else Unclear(why=error.why)
        return read_holder(self._portal.holder, answer, self.token)

    async def _fetch(self, question: Question) -> Answer:
        within, headers = question.within, dict(question.headers)
        token = await self._token(within)
        if token is not None and self._portal.session.token is not None:
            headers[self._portal.session.token.header] = token
        form = None if question.form is None else dict(question.form)
        redirect = "follow" if question.follow else "manual"
        url = self._portal.origin + question.path
        arguments = (url, question.method, headers, form, redirect, int(within * 1000), LARGEST_ANSWER)
        value = await call(await self._asking.opened(), FETCH, *arguments, within=within + PAGE_ANSWERS_WITHIN)
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

    async def _token(self, within: float) -> str | None:
        """The token's header as the portal's pages would send it now."""
        kept = self._portal.session.token
        if kept is None:
            return None
        if kept.storage not in _READABLE:
            return self._jars.newest(self._jar).token or None
        token, newest = await self._stored(kept, within), self._jars.newest(self._jar).token
        for pause in CATCHES_UP:
            if kept.storage is not Storage.LOCAL or newest in {"", token}:
                break
            await asyncio.sleep(pause)
            token = await self._stored(kept, within)
        return token

    async def _stored(self, kept: Token, within: float) -> str | None:
        page = await self._storing.opened()
        return header_of(kept, await call(page, READ_TOKEN, kept.storage, kept.key, kept.inside, within=within))

    async def stored_token(self, within: float) -> str | None:
        """The token's header by what pages of the origin share; empty if they hold none, None if they share none."""
        kept = self._portal.session.token
        if kept is None or kept.storage not in _READABLE:
            return None
        return await self._token(within) or ""

    def _give_up(self) -> None:
        for page in {self._asking, self._storing}:
            page.give_up()

    def _note_headers(self, event: Message) -> None:
        self._headers_sent = event["request"]["headers"]
