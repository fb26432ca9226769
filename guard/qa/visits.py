"""The citizens of one test, served one after another at a guarded counter."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError

from guard.core.events import Ending
from guard.core.view import Phase
from guard.errors import GuardError
from guard.qa.timeline import Sent, VisitTold
from guard.qa.videos import keep_videos
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from guard.blocking import BlockingCounter
    from guard.core.clearance import Clearance
    from guard.core.identity import Citizen
    from guard.core.verdict import Verdict
    from guard.core.view import CounterView, StopView
    from guard.supervisor import Answered

LEADER = "pytest"
PICTURE_WITHIN = 5000  # milliseconds


def unproved(clearance: Clearance) -> str:
    """Every proof that is missing, in one line; empty if there is none."""
    return "; ".join(
        f"{one.area.value} {one.portal or one.place or 'browser'}: {one.detail}" for one in clearance.missing
    )


class StoppedError(AssertionError):
    """The guard stopped a submission, and the test did not expect it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One submission that the guard stopped."""

    shown: StopView
    verdict: Verdict
    method: str
    path: str
    place: str
    """Line that the test had reached."""

    def __str__(self) -> str:
        """As a failure says it: what was stopped, where in the test, and each check's answer."""
        advice = Texts(Language.EN).reason(self.shown.reason)
        checks = ", ".join(f"{each.check.value} {each.reason or 'passed'}" for each in self.verdict.checks)
        return (
            f"the guard stopped {self.method} {self.path} at {self.shown.portal}: {self.shown.reason.value}"
            f" ({advice.failed})\n  at {self.place}\n  checks: {checks}"
        )


class Visits:
    """Opens the visits of one test, joins Playwright to each browser, and keeps what the guard said."""

    def __init__(
        self,
        counter: BlockingCounter,
        connect: Callable[[str], Browser],
        place: Callable[[], str],
        new_context: Callable[[], BrowserContext] | None = None,
    ) -> None:
        """`connect` joins Playwright to an endpoint; `new_context` makes the context of each citizen but the first."""
        self._counter = counter
        self._connect = connect
        self._place = place
        self._new_context = new_context or self.new_context
        self._stops: dict[str, Stop] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._expected: set[str] = set()
        self._browser: Browser | None = None
        self._pages: list[Page] = []
        self._opened_at = 0.0
        self.citizen: Citizen | None = None
        """Who is served, or was served last."""
        self.told: list[VisitTold] = []
        """Each visit of this test, for the report."""
        self.clearances: list[Clearance] = []
        """Of each visit of this test that ended, oldest first."""

    @property
    def browser(self) -> Browser:
        """Playwright's browser of the open visit. Raises GuardError if none is open."""
        if self._browser is None:
            raise GuardError("no visit is open", mend="Open one with next_citizen(...).")
        return self._browser

    def joined(self, browser: Browser | None) -> bool:
        """Whether this is Playwright's browser of the open visit, and none that the test has launched beside it."""
        return browser is not None and browser is self._browser

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of every submission of this test, newest last."""
        self._gather(self._counter.view)
        return tuple(self._verdicts.values())

    @property
    def clearance(self) -> Clearance | None:
        """Of the visit that ended last; None while the first one is open."""
        return self.clearances[-1] if self.clearances else None

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Every submission of this test that was stopped, newest last."""
        self._gather(self._counter.view)
        return tuple(self._stops.values())

    @property
    def unexpected(self) -> tuple[Stop, ...]:
        """The stops that the test did not announce."""
        return tuple(stop for stop in self.stops if stop.shown.submission_id not in self._expected)

    def open(self, citizen: Citizen, acting_for: Citizen | None = None) -> Browser:
        """Open a visit; returns Playwright's browser. Raises GuardError if the counter declines."""
        endpoint = self._counter.open_visit(citizen, acting_for)
        self._opened_at, self.citizen = time.monotonic(), citizen
        self.told.append(VisitTold())
        self._browser = self._connect(endpoint)
        return self._browser

    def next_citizen(self, citizen: Citizen, acting_for: Citizen | None = None) -> Page:
        """End the open visit, serve this citizen, and give a page of the new browser: every older one is gone."""
        self.end()
        self.open(citizen, acting_for)
        return self._new_context().new_page()

    def new_context(self, **options: Any) -> BrowserContext:  # noqa: ANN401  # Playwright's own options
        """A context of the browser of the visit that is open now."""
        context = type(self.browser).new_context(self.browser, **options)
        context.on("page", lambda page: self._pages.append(page))  # noqa: PLW0108  # Playwright wants a function
        return context

    def interrupt(self) -> Clearance | None:
        """End the open visit half-way (中断); returns its clearance."""
        return self.end(Ending.INTERRUPTED)

    def end(self, ending: Ending = Ending.DONE) -> Clearance | None:
        """End the open visit, if there is one; returns the clearance of the visit that ended last."""
        if self._counter.view.phase in {Phase.SERVING, Phase.CLOSING}:
            self.settle()
            self._close_contexts()
            self._ended(ending, self._counter.end(ending))
        if self._browser is not None:
            self._browser.close()
            self._browser = None
        if self._counter.view.seal is not None:
            self._counter.lift(LEADER)
        return self.clearance

    def _ended(self, ending: Ending, clearance: Clearance | None) -> None:
        told = self.told[-1]
        told.ending, told.lasted = ending.value, time.monotonic() - self._opened_at
        if clearance is not None:
            self.clearances.append(clearance)
            told.missing = unproved(clearance)

    def settle(self) -> None:
        """Wait until nothing is held any more."""
        self._counter.until(lambda _: not self._counter.counter.supervisor.counter.waiting)
        self._gather(self._counter.view)

    def _close_contexts(self) -> None:
        """Those of the test, while they can still give their traces and videos; the first is the counter's window."""
        if self._browser is not None and self._browser.is_connected():
            for context in self._browser.contexts[1:]:
                context.close()
            keep_videos(self._pages)
        self._pages.clear()

    def take_pictures(self, folder: Path, name: str) -> None:
        """A picture of each page that is open, as `name-1.png` and so on; a page that is going away gives none."""
        contexts = self._browser.contexts[1:] if self._browser is not None and self._browser.is_connected() else []
        for number, page in enumerate([page for context in contexts for page in context.pages], start=1):
            with contextlib.suppress(PlaywrightError):
                page.screenshot(path=folder / f"{name}-{number}.png", timeout=PICTURE_WITHIN)

    def expect(self, stop: Stop) -> None:
        """Take a stop for one that the test wanted."""
        self._expected.add(stop.shown.submission_id)
        for sent in (sent for visit in self.told for sent in visit.sent if sent.id == stop.shown.submission_id):
            sent.expected = True

    def wait_for_stop(self, wanted: Callable[[Stop], bool]) -> Stop:
        """The first unexpected stop that is wanted. Raises TimeoutError after ten seconds."""
        self._counter.until(lambda _: any(map(wanted, self.unexpected)))
        return next(stop for stop in self.unexpected if wanted(stop))

    def seen(self, view: CounterView) -> None:
        """Note what was stopped, and where the test was; called by the counter's thread with each view."""
        if self.told:  # before, it tells of another test's visit
            self._gather(view)

    def _gather(self, view: CounterView) -> None:
        answered = {one.submission.id: one for one in self._counter.answered}
        for key, one in answered.items():
            if key not in self._verdicts:
                self._verdicts[key] = one.verdict
                self.told[-1].sent.append(self._sent(one))
        for shown in view.stops:
            if shown.submission_id not in self._stops and shown.submission_id in answered:
                stop = self._stop(shown, answered[shown.submission_id])
                self._stops.setdefault(shown.submission_id, stop)

    def _sent(self, answered: Answered) -> Sent:
        submission, verdict = answered.submission, answered.verdict
        return Sent(
            id=submission.id,
            after=max(0.0, submission.held_at - self._opened_at),
            what=f"{submission.method} {submission.path}",
            portal=submission.jar.portal,
            reason=verdict.reason,
            checks={each.check.value: each.reason.value if each.reason else "passed" for each in verdict.checks},
            place=self._place(),
        )

    def _stop(self, shown: StopView, answered: Answered) -> Stop:
        submission = answered.submission
        return Stop(
            shown=shown,
            verdict=answered.verdict,
            method=submission.method,
            path=submission.path,
            place=self._place(),
        )
