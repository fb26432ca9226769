"""The logins of one browser: who is seen logged in, under which sessions, and what will prove their end."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from guard.browser.cdp import GONE
from guard.browser.farewell import Sessions, holder_by
from guard.browser.gate import origin_of
from guard.browser.scripts import READ_TOKEN, ScriptError, call, header_of
from guard.browser.sentinel import Sentinel
from guard.core.identity import Jar, Known, Nobody, Sighting
from guard.core.submission import RequestClass
from guard.grammar import Storage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from guard.browser.cdp import Session
    from guard.browser.gate import Gate
    from guard.browser.jars import Jars
    from guard.browser.pages import Page
    from guard.browser.wire import Outside
    from guard.config import Config
    from guard.core.submission import Submission
    from guard.portal import Portal
    from guard.tasks import Tasks

TOKEN_WITHIN = 1.0  # seconds; a page that waits for a held navigation answers nothing
REPLAY_WITHIN = 2.0  # seconds; whoever logs out waits for it
LOOK_WITHIN = 2.0  # seconds; whoever logs in waits for it
ANSWER_WITHIN = 2.0  # seconds; whoever looks waits for it, and a login that the page gave up is never answered


class Logins:
    """Looks through one sentinel for each jar, and replays sessions from outside before they are ended."""

    def __init__(
        self,
        session: Session,
        gate: Gate,
        jars: Jars,
        *,
        open_pages: Callable[[], Sequence[Page]],
        config: Config,
        outside: Outside,
        tasks: Tasks,
        generation: int,
    ) -> None:
        self._open_pages = open_pages
        self._session = session
        self._gate = gate
        self._jars = jars
        self._config = config
        self._outside = outside
        self._tasks = tasks
        self._generation = generation
        self._sentinels: dict[Jar, Sentinel] = {}
        self._known: set[str] = set()
        self._honoured: set[str] = set()
        self._under_way: dict[str, tuple[Jar, asyncio.Event]] = {}

    def sentinel(self, jar: Jar) -> Sentinel:
        """The one sentinel of a jar, made at first need."""
        if jar not in self._sentinels:
            portal = self._config.portal(jar.portal)
            self._sentinels[jar] = Sentinel(self._session, self._gate, self._jars, portal, jar, self._generation)
        return self._sentinels[jar]

    def is_sentinel(self, target: str) -> bool:
        """Whether a target belongs to the guard."""
        return any(target in sentinel.targets for sentinel in self._sentinels.values())

    @property
    def shows_sentinels(self) -> bool:
        """Whether hidden pages were refused, so that sentinels stand as tabs among those of staff."""
        return any(not sentinel.hidden for sentinel in self._sentinels.values())

    async def look(self, jar: Jar) -> Sighting:
        """Have the sentinel of this jar read the holder; not while somebody logs in."""
        await self._logins_over(jar)
        sighting = await self.sentinel(jar).look()
        if self._config.portal(jar.portal).session.may_log_in_by_itself:  # and may have started a session
            self._tasks.start(self.keep_session(jar), "keep session")
        match sighting.holder:
            case Known() if sighting.session is not None:
                self._somebody_seen(jar, sighting.session)
            case Nobody() if sighting.session in self._known:
                self._honoured.add(sighting.session)  # the browser itself saw it work, and now be refused
            case _:
                pass
        return sighting

    async def last_look(self, jar: Jar, within: float) -> None:
        """Before the farewell: whom the portal has logged in, and under which session, as the browser has it now."""
        await self.keep_session(jar)
        with contextlib.suppress(TimeoutError):  # a portal that hangs must not keep its own logout waiting
            async with asyncio.timeout(within):
                await self.look(jar)
        await self.keep_session(jar)

    async def keep_session(self, jar: Jar) -> None:
        """Take the jar's newest session into memory: a window that is closed takes the browser's own jar with it."""
        with contextlib.suppress(*GONE, ScriptError):  # the browser may end at any time; then what was carried must do
            portal = self._config.portal(jar.portal)
            await self._jars.read(portal, jar, await self._stored_token(portal, jar))

    async def logged_in(self, submission: Submission) -> None:
        """A login was answered: take the session that it brought, before the page has the answer.

        Cookies alone, which the browser has stored by now: a page that waits cannot be asked for a token.
        """
        try:
            with contextlib.suppress(*GONE):
                await self._jars.read(self._config.portal(submission.jar.portal), submission.jar)
        finally:
            self._end_login(submission.id)

    def release(self, submission: Submission) -> None:
        """Send a held request. One that may end a session goes out after a replay of it, for the proof at the end."""
        match submission.request_class:
            case RequestClass.LOGIN:
                self._jars.answer_may_bring_a_session(submission.jar)
                self._under_way[submission.id] = (submission.jar, asyncio.Event())
                self._tasks.start(self._log_in(submission), "login")
            case RequestClass.LOGOUT if self._provable(submission.jar, submission.session):
                self._tasks.start(self._replay_and_release(submission), "replay before logout")
            case _:
                self._gate.release(submission)

    def sessions(self, jar: Jar) -> Sessions:
        """What this browser carried in one jar."""
        return Sessions(
            portal=self._config.portal(jar.portal),
            carried=dict(self._jars.visited.get(jar, {})),
            known=frozenset(self._known),
            honoured=frozenset(self._honoured),
            complete=self._jars.is_read(jar) and not self._logins_at(jar),
        )

    def all_sessions(self) -> list[Sessions]:
        """What this browser carried at each portal that it spoke to."""
        return [self.sessions(jar) for jar in self._jars.visited]

    def _somebody_seen(self, jar: Jar, session: str) -> None:
        is_new = session not in self._known
        self._known.add(session)
        # A token expires or is renewed with no request that would tell beforehand, as a logout does.
        if is_new and self._config.portal(jar.portal).session.token and self._provable(jar, session):
            self._tasks.start(self._replay(jar, session), "replay of a token")

    async def _stored_token(self, portal: Portal, jar: Jar) -> str | None:
        """The token's header as the portal's pages keep it; None if that cannot be read."""
        kept = portal.session.token
        if kept is None or kept.storage is not Storage.SESSION:
            return await self.sentinel(jar).stored_token(TOKEN_WITHIN)
        for page in self._open_pages():
            if page.world is not None and self._shows(page, portal, jar):
                arguments = (kept.storage, kept.key, kept.inside)
                value = await call(page.session, READ_TOKEN, *arguments, within=TOKEN_WITHIN, world=page.world)
                return header_of(kept, value) or ""
        return None

    def _shows(self, page: Page, portal: Portal, jar: Jar) -> bool:
        in_jar = self._jars.context_of(page.target) == jar.context
        return in_jar and self._config.portal_of(origin_of(page.url)) is portal

    def _provable(self, jar: Jar, session: str | None) -> bool:
        kept = self._config.portal(jar.portal).session
        # Where it rotates, a replay would take the session away; where the browser keeps it, there is none.
        replayable = not kept.rotates and not kept.browser_keeps
        return replayable and session in self._known - self._honoured

    async def _log_in(self, submission: Submission) -> None:
        """Not beside a look: portals answer a session that is over by taking its cookie away, the new one's."""
        try:
            with contextlib.suppress(TimeoutError):  # a portal that hangs must not keep people from logging in
                async with asyncio.timeout(LOOK_WITHIN):
                    await self.sentinel(submission.jar).idle()
            if self._provable(submission.jar, submission.session):
                await self._replay_and_release(submission)
            else:
                self._gate.release(submission)
        finally:
            asyncio.get_running_loop().call_later(ANSWER_WITHIN, self._end_login, submission.id)

    def _end_login(self, submission_id: str) -> None:
        _, over = self._under_way.pop(submission_id, (None, asyncio.Event()))
        over.set()

    async def _logins_over(self, jar: Jar) -> None:
        """Until the last login of this jar is answered: what is asked beside it is worth nothing, and may undo it."""
        while waited_for := self._logins_at(jar):
            await waited_for[0].wait()

    def _logins_at(self, jar: Jar) -> list[asyncio.Event]:
        return [over for where, over in self._under_way.values() if where == jar]

    async def _replay_and_release(self, submission: Submission) -> None:
        try:
            await self._replay(submission.jar, submission.session or "")
        finally:
            self._gate.release(submission)

    async def _replay(self, jar: Jar, session: str) -> None:
        """Note whether a replay from outside is honoured now: only then its refusal at the end proves anything."""
        portal = self._config.portal(jar.portal)
        wire = self._outside.wire(portal, self._jars.visited[jar][session])
        if isinstance(await holder_by(portal, wire, REPLAY_WITHIN), Known):
            self._honoured.add(session)
