"""The guarded browser in which a profile is tried: the counter's own gate and sentinel, and no counter around them."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import AsyncExitStack
from html import escape
from typing import TYPE_CHECKING, Self

from guard.browser.carried import Carried
from guard.browser.equip import equip
from guard.browser.farewell import holder_by, log_out, say_farewell
from guard.browser.guarded import GuardedBrowser, Listeners, Setup
from guard.browser.handover import forgotten
from guard.browser.wire import Answer, Outside, WireError
from guard.core.identity import Jar, Known
from guard.core.submission import RequestClass
from guard.errors import BrowserError
from guard.tasks import Tasks
from guard.trying.found import matches_of
from guard.trying.trial import Look, Request, StepTaken, Task, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from guard.browser.wire import Wire
    from guard.config import Config
    from guard.core.submission import Submission

ANSWER_WITHIN = 5.0  # seconds
COOKIES_ASKED = 30  # each costs one question; a site with more of them is asked for the first ones


class TryWindow:
    """One window on one portal; it sees what the person does there, and holds what would be held."""

    def __init__(self, config: Config, trial: Trial, tell: Callable[[str], None], *, headless: bool) -> None:
        self._config = config
        self._trial = trial
        self._portal = trial.portal
        self._tell = tell
        self._headless = headless
        self._tasks = Tasks(lambda name, error: tell(f"{name}: {type(error).__name__}"))
        self._stack = AsyncExitStack()
        self._salt = secrets.token_bytes(16)
        self._known = False
        self.task = Task.LOG_IN
        self.waiting: list[Submission] = []
        """Held until the person decides, oldest first."""

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _open(self) -> None:
        self._stack.push_async_callback(self._tasks.stop)
        self._outside = Outside(self._config)
        self._stack.push_async_callback(self._outside.close)
        pages = _Pages(self._trial.strange_hosts)
        self._setup: Setup = await equip(
            self._config, pages, self._outside, self._tasks, self._stack, headless=self._headless
        )
        self._browser = await self._start(1)
        self.jar = Jar(portal=self._portal.name, context=self._browser.jars.default_context)
        self._browser.gate.admit()

    async def _start(self, generation: int) -> GuardedBrowser:
        browser = await GuardedBrowser.start(self._setup, self._listeners(), generation)
        self._stack.push_async_callback(browser.destroy)
        return browser

    def _listeners(self) -> Listeners:
        return Listeners(
            held=self._held,
            withdrawn=self._withdrawn,
            used=lambda _generation, _jar: None,
            alarm=lambda _generation, _portal, text: self._tell(f"  alarm text seen: {text}"),
            ribbon_ready=lambda _generation: None,
            discard=lambda: None,
            window_closed=lambda _generation: None,
            process_ended=lambda _generation, _status: None,
            passed=self._passed,
        )

    @property
    def endpoint(self) -> str:
        """Address at which Playwright joins the window."""
        return self._browser.endpoint

    async def show(self, url: str) -> None:
        """Open the window on a page."""
        await self._browser.session.send("Target.createTarget", {"url": url, "newWindow": True})

    # -- what the person does --------------------------------------------------------------------

    def _passed(self, portal: str, method: str, path: str) -> None:
        if portal == self._portal.name:
            self._note(Request(during=self.task, method=method, path=path, request_class=None, while_known=self._known))

    def _held(self, submission: Submission) -> None:
        self._tasks.start(self._weigh(submission), "held request")

    async def _weigh(self, submission: Submission) -> None:
        """Let go what would go; hold a submission, except where nobody is logged in and it may be the login."""
        ours = submission.jar.portal == self._portal.name
        known = ours and isinstance((await self._browser.look(submission.jar)).holder, Known)
        self._known = known
        request = Request(
            during=self.task,
            method=submission.method,
            path=submission.path,
            request_class=submission.request_class,
            declared=submission.declared,
            while_known=known,
        )
        self._note(request, ours=ours or submission.request_class is RequestClass.FOREIGN)
        if request.would_be_held and (known or self.task is Task.USE):
            self.waiting.append(submission)
            self._tell(f"  … {submission.method} {submission.path} is held: let it go, or stop it")
        else:
            self._browser.release(submission)

    def _note(self, request: Request, *, ours: bool = True) -> None:
        if ours:  # those to another profile's portal are for that profile
            self._trial.requests.append(request)
        said = request.request_class.value if request.request_class else "reads"
        held = ", would be held" if request.would_be_held else ""
        self._tell(f"  {request.method} {request.path}: {said}{held}")

    def _withdrawn(self, submission_id: str) -> None:
        self.waiting = [one for one in self.waiting if one.id != submission_id]

    def decide(self, *, let_go: bool) -> None:
        """Answer the request that waits longest."""
        if self.waiting:
            submission = self.waiting.pop(0)
            (self._browser.release if let_go else self._browser.gate.stop)(submission)

    # -- what the guard does ---------------------------------------------------------------------

    async def look(self) -> Look:
        """Ask the identity question, and keep everything that the answer shows. Raises BrowserError without window."""
        if not self._browser.alive or self._browser.closed_by_staff:
            raise BrowserError("the window was closed", mend="Start again, and leave it open to the end.")
        sentinel, reading = self._browser.sentinel(self.jar), self._portal.holder
        answer: Answer | None = None
        try:
            within = self._portal.deadline
            answer = await sentinel.send("GET", reading.path, follow=reading.follow_redirects, within=within)
        except WireError as error:
            self._tell(f"  no answer: {error.why.value}")
        token = sentinel.token
        first, second = await self._browser.look(self.jar), await self._browser.look(self.jar)
        both = isinstance(first.holder, Known) and isinstance(second.holder, Known)
        self._known = isinstance(second.holder, Known)
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
        if self._portal.session.ends_with_browser or self._portal.session.rotates or self._trial.logged_in.rotated:
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
        while self.waiting:
            self.decide(let_go=False)
        await self._browser.last_look(self.jar, ANSWER_WITHIN)
        if self._portal.session.ends_with_browser:
            await self._end_browser()
            return
        inside = _Noted(self._browser.sentinel(self.jar), self._trial.steps)
        sessions = self._browser.sessions(self.jar)
        if sessions.carried:
            self._trial.proofs = await say_farewell(sessions, inside, self._outside, patience=ANSWER_WITHIN)
        else:  # the profile names no session that is there, so there is none to prove dead
            await log_out(self._portal, inside)
        self._trial.afterwards = await self.look()

    async def _end_browser(self) -> None:
        sessions = self._browser.sessions(self.jar)
        await self._browser.destroy()
        self._browser = await self._start(2)
        await self.show("about:blank")
        self._trial.proofs = await forgotten(sessions, self._browser)


class _Noted:
    """A wire that keeps what the steps of a logout were answered."""

    def __init__(self, wire: Wire, steps: list[StepTaken]) -> None:
        self._wire = wire
        self._steps = steps

    @property
    def token(self) -> str:
        return self._wire.token

    async def cookie(self, name: str) -> str | None:
        return await self._wire.cookie(name)

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
        status: int | None = None
        try:
            answer = await self._wire.send(method, path, form, headers=headers, follow=follow, within=within)
            status = answer.status
        finally:
            self._steps.append(StepTaken(method=method, path=path, status=status))
        return answer


class _Pages:
    """What the gate shows in place of pages that it does not let through."""

    def __init__(self, strange_hosts: list[str]) -> None:
        self._strange_hosts = strange_hosts

    def start(self) -> str:
        return "<!doctype html><title>guard portal try</title>"

    def open_a_visit_first(self) -> str:
        return self.start()

    def unknown_site(self, host: str) -> str:
        self._strange_hosts.append(host)
        return f"<!doctype html><title>guard portal try</title><p>No profile names {escape(host)}."
