"""What the guard asks while a profile is tried: the counter's own questions, with everything that is in the answers."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from guard.browser.carried import Carried
from guard.browser.farewell import holder_by, log_out, say_farewell
from guard.browser.wire import WireError, who_is_logged_in
from guard.core.identity import Jar, Known
from guard.errors import BrowserError
from guard.trying.found import matches_of
from guard.trying.trial import Look, StepTaken, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from guard.browser.guarded import GuardedBrowser
    from guard.browser.wire import Answer, Outside, Question, Wire

ANSWER_WITHIN = 5.0  # seconds
COOKIES_ASKED = 30  # each costs one question; a site with more of them is asked for the first ones


class Questions:
    """Asks one portal in one browser, and, with what that carries, from outside."""

    def __init__(self, browser: GuardedBrowser, outside: Outside, trial: Trial, tell: Callable[[str], None]) -> None:
        self._browser = browser
        self._outside = outside
        self._trial = trial
        self._portal = trial.portal
        self._tell = tell
        self._salt = secrets.token_bytes(16)
        self.jar = Jar(portal=self._portal.name, context=browser.jars.default_context)

    async def look(self) -> Look:
        """Ask the identity question, and keep everything that the answer shows. Raises BrowserError without window."""
        if not self._browser.alive or self._browser.closed_by_staff:
            raise BrowserError("the window was closed", mend="Start again, and leave it open to the end.")
        sentinel, reading = self._browser.logins.sentinel(self.jar), self._portal.holder
        answer: Answer | None = None
        try:
            answer = await sentinel.ask(who_is_logged_in(self._portal))
        except WireError as error:
            self._tell(f"  no answer: {error.why.value}")
        token = sentinel.token
        first, second = await self._browser.logins.look(self.jar), await self._browser.logins.look(self.jar)
        both = isinstance(first.holder, Known) and isinstance(second.holder, Known)
        return Look(
            holder=second.holder,
            answer=answer,
            matches=matches_of(reading, answer, token) if answer is not None else (),
            session=second.session,
            cookies=await self._digests(),
            rotated=both and first.session != second.session,
        )

    async def _digests(self) -> dict[str, str]:
        cookies = await self._browser.jars.cookies(self._portal, self.jar)
        return {name: hashlib.blake2b(value.encode(), key=self._salt).hexdigest() for name, value in cookies.items()}

    async def weigh_session(self) -> None:
        """Ask from outside with nothing but what the profile names; where that is not enough, find what is."""
        if self._portal.session.browser_keeps or self._portal.session.rotates or self._trial.logged_in.rotated:
            return
        cookies = await self._browser.jars.cookies(self._portal, self.jar)
        named = {name: value for name, value in cookies.items() if name in self._portal.session.cookies}
        if not await self._known_with(cookies):
            return  # whoever asks from outside is refused, so that nothing can be told this way
        self._trial.enough = await self._known_with(named)
        if not self._trial.enough:
            dropped = {name: {k: v for k, v in cookies.items() if k != name} for name in list(cookies)[:COOKIES_ASKED]}
            self._trial.needed = tuple([n for n, rest in dropped.items() if not await self._known_with(rest)])

    async def _known_with(self, cookies: Mapping[str, str]) -> bool:
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        token = self._browser.jars.newest(self.jar).token
        wire = self._outside.wire(self._portal, Carried(cookie=header, token=token))
        return isinstance(await holder_by(self._portal, wire, ANSWER_WITHIN), Known)

    async def log_out(self) -> None:
        """Log out as the counter does at the end of a visit, with the same proofs."""
        steps = self._portal.logout.steps
        requests = len(steps) + sum(1 for step in steps if step.anti_forgery and step.anti_forgery.page)
        inside = _Noted(self._browser.logins.sentinel(self.jar), self._trial.steps, requests)
        sessions = self._browser.logins.sessions(self.jar)
        if sessions.carried:
            self._trial.proofs = await say_farewell(sessions, inside, self._outside, patience=ANSWER_WITHIN)
        else:  # the profile names no session that is there, so there is none to prove dead
            await log_out(self._portal, inside)
        self._trial.afterwards = await self.look()


class _Noted:
    """A wire that keeps what the steps of a logout were answered: the first requests, before the look back."""

    def __init__(self, wire: Wire, steps: list[StepTaken], requests: int) -> None:
        self._wire = wire
        self._requests = requests
        self._steps = steps

    @property
    def token(self) -> str:
        return self._wire.token

    async def cookie(self, name: str) -> str | None:
        return await self._wire.cookie(name)

    async def ask(self, question: Question) -> Answer:
        status: int | None = None
        try:
            answer = await self._wire.ask(question)
            status = answer.status
        finally:
            if len(self._steps) < self._requests:
                self._steps.append(StepTaken(method=question.method, path=question.path, status=status))
        return answer
