"""The guarded browser in which a profile is tried: the counter's own gate and sentinel, and no counter around them."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AsyncExitStack
from html import escape
from typing import TYPE_CHECKING, Self

from guard.browser.equip import equip
from guard.browser.guarded import GuardedBrowser, Listeners, Setup
from guard.browser.handover import forgotten
from guard.browser.wire import Outside
from guard.core.identity import Known
from guard.core.submission import RequestClass
from guard.tasks import Tasks
from guard.trying.asking import ANSWER_WITHIN, Questions
from guard.trying.trial import Request, Task, Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.config import Config
    from guard.core.submission import Submission


ARRIVES_WITHIN = 3.0  # seconds for a page of the portal to be there


class TryWindow:
    """One window on one portal; it sees what the person does there, and holds what would be held."""

    def __init__(self, config: Config, trial: Trial, tell: Callable[[str], None], *, headless: bool) -> None:
        self._config = config
        self._trial = trial
        self._portal = trial.portal
        self._tell = tell
        self._headless = headless
        self._tasks = Tasks(lambda name, error: trial.faults.append(f"{name} ({type(error).__name__})"))
        self._stack = AsyncExitStack()
        self._known = False
        self.task = Task.LOG_IN
        self._arrived = asyncio.Event()
        self._under_way: set[str] = set()
        self._all_answered = asyncio.Event()
        self._all_answered.set()
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
        self.questions = Questions(self._browser, self._outside, self._trial, self._tell)
        self._browser.gate.admit()

    async def _start(self, generation: int) -> GuardedBrowser:
        browser = await GuardedBrowser.start(self._setup, self._listeners(), generation)
        self._stack.push_async_callback(browser.destroy)
        return browser

    def _listeners(self) -> Listeners:
        return Listeners(
            held=self._held,
            withdrawn=self._withdrawn,
            answered=lambda submission: self._settled(submission.id),
            used=lambda _generation, _jar, _session: None,
            alarm=lambda _generation, _portal, text: self._tell(f"  alarm text seen: {text}"),
            ribbon_ready=lambda _generation: self._arrived.set(),
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
        """Open the window on a page, and wait for it: a question meanwhile may exchange its anti-forgery cookie."""
        self._arrived.clear()
        await self._browser.session.send("Target.createTarget", {"url": url, "newWindow": True})
        with contextlib.suppress(TimeoutError):  # a page of another site tells nothing
            async with asyncio.timeout(ARRIVES_WITHIN):
                await self._arrived.wait()

    # -- what the person does --------------------------------------------------------------------

    def _passed(self, portal: str, method: str, path: str) -> None:
        if portal == self._portal.name:
            self._note(Request(during=self.task, method=method, path=path, request_class=None, while_known=self._known))

    def _held(self, submission: Submission) -> None:
        self._tasks.start(self._weigh(submission), "held request")

    async def _weigh(self, submission: Submission) -> None:
        """Let go what would go; hold a submission, except where nobody is logged in and it may be the login."""
        ours = submission.jar.portal == self._portal.name
        known = ours and isinstance((await self._browser.logins.look(submission.jar)).holder, Known)
        self._known = known
        request = Request(
            during=self.task,
            method=submission.method,
            path=submission.path,
            request_class=submission.request_class,
            declared=submission.declared,
            while_known=known,
            found=frozenset() if submission.payload is None else submission.payload.found,
            sought=frozenset() if submission.payload is None else submission.payload.sought,
            has_query=submission.has_query,
        )
        self._note(request, ours=ours or submission.request_class is RequestClass.FOREIGN)
        if request.would_be_held and (known or self.task is Task.USE):
            self.waiting.append(submission)
            self._tell(f"  … {submission.method} {submission.path} is held: let it go, or stop it")
        else:
            self._release(submission)

    def _note(self, request: Request, *, ours: bool = True) -> None:
        if ours:  # those to another profile's portal are for that profile
            self._trial.requests.append(request)
        said = request.request_class.value if request.request_class else "reads"
        held = ", would be held" if request.would_be_held else ""
        self._tell(f"  {request.method} {request.path}: {said}{held}")
        for rule in filter(request.meets, self._portal.fields) if ours and request.submits else ():
            read = "read" if rule.name in request.found else "not read"
            self._tell(f"    field {rule.name} ({rule.kind.value}): {read}")

    def _withdrawn(self, submission_id: str) -> None:
        self.waiting = [one for one in self.waiting if one.id != submission_id]
        self._settled(submission_id)

    def _settled(self, submission_id: str) -> None:
        self._under_way.discard(submission_id)
        if not self._under_way:
            self._all_answered.set()

    def _release(self, submission: Submission) -> None:
        if submission.may_change_holder:  # the gate tells of the answers to these alone
            self._under_way.add(submission.id)
            self._all_answered.clear()
        self._browser.logins.release(submission)

    def decide(self, *, let_go: bool) -> None:
        """Answer the request that waits longest."""
        if self.waiting:
            submission = self.waiting.pop(0)
            (self._release if let_go else self._browser.gate.stop)(submission)

    # -- the end ---------------------------------------------------------------------------------

    async def log_out(self) -> None:
        """Log out as the counter does; where the browser itself keeps the login, end it and look from the next one."""
        while self.waiting:
            self.decide(let_go=False)
        with contextlib.suppress(TimeoutError):  # what was let go must not arrive after its session has ended
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._all_answered.wait()
        await self._browser.logins.last_look(self.questions.jar, ANSWER_WITHIN)
        if not self._portal.session.browser_keeps:
            await self.questions.log_out()
            return
        sessions = self._browser.logins.sessions(self.questions.jar)
        await self._browser.destroy()
        self._browser = await self._start(2)
        await self.show("about:blank")
        self._trial.proofs = await forgotten(sessions, self._browser)


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
