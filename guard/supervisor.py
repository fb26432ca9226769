"""The one driver: events in, the visit machine asked, its commands carried out in order.

Deciding takes no `await`: between a held request and its answer stands only the sentinel's question.
Whatever fails on the way stops the submission and seals the counter.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

import structlog

from guard.browser.ribbon_state import ribbon_state, stop_notice
from guard.core.commands import (
    Admit,
    Command,
    Decline,
    Handover,
    Kind,
    LookAt,
    Record,
    Refusal,
    Release,
    SetCardGrace,
    SetDeadline,
    SetIdleTimer,
    Stop,
)
from guard.core.counter import Counter
from guard.core.events import (
    AnswersDiffered,
    Bound,
    BrowserLost,
    BrowserReady,
    CardAnswered,
    CardGracePassed,
    ChecklistConfirmed,
    Confirmed,
    DeadlinePassed,
    Event,
    HandoverEnded,
    HolderSighted,
    IdleTimerRang,
    InputSeen,
    LiftRequested,
    OpenRequested,
    StaffChanged,
    StopMarked,
    UnforeseenFault,
    ValueApproved,
    VisitWithoutGuard,
)
from guard.core.machine import step
from guard.core.submission import Channel, RequestClass
from guard.core.viewing import view
from guard.errors import GuardError
from guard.log import trace_of
from guard.looks import Looks
from guard.record.writer import Writer

if TYPE_CHECKING:
    from guard.browser.guarded import GuardedBrowser
    from guard.browser.handover import Handed
    from guard.config import Config
    from guard.core.clearance import Clearance
    from guard.core.identity import Sighting
    from guard.core.submission import Submission
    from guard.core.verdict import Verdict
    from guard.core.view import CounterView
    from guard.record.feed import LedgerFeed
    from guard.record.journal import Journal
    from guard.tasks import Tasks
    from guard.texts import Texts

log = structlog.get_logger()

_ASKED_FOR = (
    OpenRequested,
    Confirmed,
    AnswersDiffered,
    Bound,
    LiftRequested,
    StaffChanged,
    CardAnswered,
    StopMarked,
    ChecklistConfirmed,
    VisitWithoutGuard,
    ValueApproved,
)
_STAFFS_WORDS = (Kind.CARD_ACCEPTED, Kind.CARD_WAIVED, Kind.STOP_MARKED, Kind.VALUE_APPROVED)
_OPENINGS = (Kind.VISIT_OPENED, Kind.VISIT_BOUND, Kind.LIFTED)
_AFTERWARDS = (Kind.CHECKLIST, Kind.VISIT_WITHOUT_GUARD)
_NOTHING_WITHOUT = frozenset({Kind.RELEASED, Kind.CONFIRMED, *_STAFFS_WORDS, *_OPENINGS, *_AFTERWARDS})

HandOver = Callable[["GuardedBrowser", str | None], Awaitable["Handed"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One submission with its verdict, as tests and reports read it."""

    submission: Submission
    verdict: Verdict


class _NotCarriedOutError(Exception):
    """A command failed; `unsent` are the releases that had to be left out after it."""

    def __init__(self, cause: Exception, unsent: tuple[Submission, ...]) -> None:
        super().__init__()
        self.cause = cause
        self.unsent = unsent


class Supervisor:
    """Drives one counter: hears what its browsers report and staff ask, and shows what follows."""

    def __init__(
        self,
        config: Config,
        journal: Journal,
        texts: Texts,
        tasks: Tasks,
        hand_over: HandOver,
        ledger: LedgerFeed | None = None,
    ) -> None:
        self._terms = {portal.name: portal.terms for portal in config.portals}
        self._training = config.training
        self._journal = journal
        self._writer = Writer(journal) if ledger is None else Writer(journal, ledger.heard)
        self._ledger = ledger
        self._texts = texts
        self._tasks = tasks
        self._hand_over = hand_over
        self._events: deque[Event] = deque()
        self._feeding = False
        self._readers: set[asyncio.Event] = set()
        self.looks = Looks(tasks, self._sighted)
        self.counter = Counter()
        self._coming: GuardedBrowser | None = None
        self.browser: GuardedBrowser | None = None
        """The browser that staff see."""
        self.clearance: Clearance | None = None
        """Of the visit that ended last; a browser that is only replaced gets one too, which is not kept here."""
        self.answered: list[Answered] = []
        """Submissions of the visit that is, or was last, open; newest last."""
        self._typed_in_console = False
        self.before_event: Callable[[], None] = lambda: None
        """Called before an event is taken in; it may feed another one first."""
        self._view = self._seen_now()

    # -- events in -------------------------------------------------------------------------------

    def feed(self, event: Event) -> Refusal | None:
        """Take one event in and carry out what follows from it; returns why staff were declined, if they were."""
        self.before_event()
        self._events.append(event)
        if self._feeding:
            return None
        self._feeding = True
        refusal = None
        try:
            while self._events:
                refusal = self._take(self._events.popleft()) or refusal
        finally:
            self._feeding = False
        self._publish()
        return refusal

    def fault(self, where: str, error: BaseException) -> None:
        """Something unforeseen happened: stop what is held, and seal."""
        log.error("unforeseen fault", where=where, trace=trace_of(error))
        cause, unsent = (error.cause, error.unsent) if isinstance(error, _NotCarriedOutError) else (error, ())
        said = str(cause) if isinstance(cause, GuardError) else type(cause).__name__  # other texts may tell of people
        self.feed(UnforeseenFault(where=f"{where}: {said}", unsent=unsent))

    def _take(self, event: Event) -> Refusal | None:
        before = self.counter
        try:
            self.counter, commands = step(self.counter, event, self._terms)
            return self._perform_all(commands)
        except Exception as error:  # noqa: BLE001  # the last resort: whatever it is, seal
            if isinstance(event, UnforeseenFault):
                log.critical("the fault could not be handled", trace=trace_of(error))
                return None
            asked = isinstance(event, _ASKED_FOR)
            if asked:  # what people ask for happens with its journal entry, or not at all
                self.counter = before
            self.fault(type(event).__name__, error)
            return Refusal.COUNTER_SEALED if asked else None

    # -- commands out ----------------------------------------------------------------------------

    def _perform_all(self, commands: tuple[Command, ...]) -> Refusal | None:
        """Carry out in order. Without its journal entry nothing is released or opened; all else goes on."""
        failure: Exception | None = None
        unsent: list[Submission] = []
        refusal = None
        for command in commands:
            try:
                match command:
                    case Release(submission=submission) if failure is not None:
                        unsent.append(submission)
                    case Admit() if failure is not None:
                        pass
                    case Record() if failure is not None:
                        self._keep(command)
                    case _:
                        refusal = self._perform(command) or refusal
            except Exception as error:  # noqa: BLE001  # the rest must still be stopped; raised below
                failure = failure or error
                if isinstance(command, Record):
                    self._keep(command)
        if failure is not None:
            raise _NotCarriedOutError(failure, tuple(unsent)) from failure
        return refusal

    def _keep(self, entry: Record) -> None:
        """Keep an entry that could not be written, unless what it tells of did not happen without it."""
        if entry.kind not in _NOTHING_WITHOUT:
            self._writer.keep(_timed(entry))

    def _perform(self, command: Command) -> Refusal | None:
        match command:
            case Record():
                self._writer.write(_timed(command))
            case Admit():
                self._admit(command)
            case LookAt():
                self.looks.begin(self._present(command.generation), command.jar)
            case SetDeadline() | SetCardGrace() | SetIdleTimer():
                self._set_timer(command)
            case Release():
                self._note(command.submission, command.verdict)
                self._present(command.submission.generation).logins.release(command.submission)
            case Stop():
                self._note(command.submission, command.verdict)
                self._stop(command.submission)
            case Handover():
                self._tasks.start(self._end_of_visit(command), "handover")
            case Decline():
                return command.refusal
            case _:
                assert_never(command)
        return None

    def _note(self, submission: Submission, verdict: Verdict) -> None:
        """Keep the answer, which outlasts the visit, without the values, which must not."""
        self.answered.append(Answered(submission=replace(submission, payload=None), verdict=verdict))

    def _set_timer(self, command: SetDeadline | SetCardGrace | SetIdleTimer) -> None:
        asyncio.get_running_loop().call_later(command.seconds, self._rang, command)

    def _rang(self, timer: SetDeadline | SetCardGrace | SetIdleTimer) -> None:
        match timer:
            case SetDeadline(submission_id=late, turn=turn):
                self.feed(DeadlinePassed(submission_id=late, turn=turn))
            case SetCardGrace(visit_id=visit_id, removal=removal):
                self.feed(CardGracePassed(visit_id=visit_id, removal=removal, at=self._now()))
            case SetIdleTimer(visit_id=visit_id):
                text_open = self._typed_in_console or (self.browser is not None and self.browser.text_open)
                self.feed(IdleTimerRang(visit_id=visit_id, text_open=text_open, at=self._now()))
            case _:
                assert_never(timer)

    def _admit(self, command: Admit) -> None:
        browser = self._present(command.generation)
        self.answered.clear()
        browser.admit()

    def _stop(self, submission: Submission) -> None:
        browser = self._present(submission.generation)
        browser.gate.stop(submission)
        staff_meant_it = submission.request_class in {RequestClass.LOGIN, RequestClass.SUBMISSION}
        if staff_meant_it or submission.channel is Channel.DOCUMENT:
            now = view(self.counter, self._terms)
            notice = next((stop for stop in reversed(now.stops) if stop.submission_id == submission.id), None)
            if notice is not None:
                browser.show_stop(stop_notice(now, notice, self._texts).to_json())

    def _sighted(self, sighting: Sighting) -> None:
        self.feed(HolderSighted(sighting=sighting))

    def _present(self, generation: int) -> GuardedBrowser:
        for browser in (self.browser, self._coming):
            if browser is not None and browser.generation == generation:
                return browser
        msg = f"browser {generation} is not the one in use"
        raise LookupError(msg)

    async def _end_of_visit(self, command: Handover) -> None:
        handed = await self._hand_over(self._present(command.generation), command.visit_id)
        self.browser = handed.browser
        if command.visit_id is not None:
            self.clearance = handed.clearance
        self.feed(HandoverEnded(clearance=handed.clearance, generation=handed.browser.generation))
        if handed.browser.closed_by_staff or not handed.browser.alive:  # before anybody listened
            by_staff = handed.browser.closed_by_staff
            self.feed(BrowserLost(generation=handed.browser.generation, by_staff=by_staff, at=self._now()))

    # -- what people see -------------------------------------------------------------------------

    def _seen_now(self) -> CounterView:
        failed = self._ledger is not None and self._ledger.failed
        return replace(view(self.counter, self._terms), ledger_failed=failed)

    def _publish(self) -> None:
        now = self._seen_now()
        if now == self._view:
            return
        self._view = now
        for reader in self._readers:
            reader.set()
        self.draw_ribbons()

    def draw_ribbons(self) -> None:
        """Show the present state on every portal page, and on the start page."""
        if self.browser is None:
            return
        try:
            self.browser.draw_ribbons(lambda portal: ribbon_state(self._view, portal, self._texts).to_json())
            self.browser.redraw_start_page()
        except Exception as error:  # noqa: BLE001  # who reports an event must not end with what is drawn of it
            self.fault("ribbon", error)

    def ledger_turned(self) -> None:
        """The ledger fell behind, or is up to date again."""
        self._publish()

    def view(self) -> CounterView:
        """The counter now."""
        return self._view

    async def views(self) -> AsyncGenerator[CounterView, None]:
        """Yield the present view at once, and a view after each change. A slow reader may miss some, never the last."""
        changed = asyncio.Event()
        self._readers.add(changed)
        try:
            while True:
                changed.clear()
                yield self._view
                await changed.wait()
        finally:
            self._readers.discard(changed)

    # -- browsers and people ---------------------------------------------------------------------

    def input_seen(self, *, typed_in_console: bool | None = None) -> None:
        """Somebody is at one of our windows; the console tells whether a form of its own holds text."""
        self._typed_in_console = self._typed_in_console if typed_in_console is None else typed_in_console
        self.feed(InputSeen(at=self._now()))

    def coming(self, browser: GuardedBrowser) -> None:
        """A browser is about to show its window; what it holds must be answered from now on."""
        self._coming = browser

    def ready(self, browser: GuardedBrowser) -> None:
        """The first browser is shown."""
        self.browser = browser
        journal = self._journal
        self.feed(
            BrowserReady(
                generation=browser.generation,
                training=self._training,
                unfinished_visit=journal.unfinished_visit(),
                unlifted_seal=journal.unlifted_seal(),
                unlifted_detail=journal.unlifted_detail(),
            )
        )

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _timed(entry: Record) -> Record:
    """An entry with how long the guard held the submission that it answers."""
    if entry.held_at is None:
        return entry
    held = round((asyncio.get_running_loop().time() - entry.held_at) * 1000)
    return replace(entry, facts=(*entry.facts, ("held_ms", str(held))), held_at=None)
