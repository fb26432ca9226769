"""The one driver: events in, the visit machine asked, its commands carried out in order.

Deciding takes no `await`: between a held request and its answer stands only the sentinel's question.
Whatever fails on the way stops the submission and seals the counter.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, assert_never

import structlog

from guard.browser.ribbon_state import ribbon_state, stop_notice
from guard.core.commands import (
    Admit,
    Command,
    Decline,
    Handover,
    LookAt,
    Record,
    Refusal,
    Release,
    SetDeadline,
    Stop,
)
from guard.core.counter import Counter
from guard.core.events import (
    AlarmTextSeen,
    BrowserLost,
    BrowserReady,
    Confirmed,
    DeadlinePassed,
    Ending,
    EndRequested,
    Event,
    HandoverEnded,
    HolderMayHaveChanged,
    HolderSighted,
    LiftRequested,
    OpenRequested,
    SubmissionHeld,
    SubmissionWithdrawn,
    UnforeseenFault,
)
from guard.core.identity import Citizen, Jar, Known
from guard.core.machine import step
from guard.core.submission import Channel, RequestClass
from guard.core.view import view
from guard.errors import GuardError

if TYPE_CHECKING:
    from guard.browser.guarded import GuardedBrowser
    from guard.browser.handover import Handed
    from guard.config import Config
    from guard.core.submission import Submission
    from guard.core.verdict import Verdict
    from guard.core.view import CounterView
    from guard.record.journal import Journal
    from guard.tasks import Tasks
    from guard.texts import Texts

log = structlog.get_logger()

HandOver = Callable[["GuardedBrowser", str | None], Awaitable["Handed"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One submission with its verdict, as tests and reports read it."""

    submission: Submission
    verdict: Verdict


class Supervisor:
    """Drives one counter. It is the console's desk, and it hears what its browsers report."""

    def __init__(self, config: Config, journal: Journal, texts: Texts, tasks: Tasks, hand_over: HandOver) -> None:
        self._terms = {portal.name: portal.terms for portal in config.portals}
        self._journal = journal
        self._texts = texts
        self._tasks = tasks
        self._hand_over = hand_over
        self._events: deque[Event] = deque()
        self._feeding = False
        self._looking: set[Jar] = set()
        self._look_again: set[Jar] = set()
        self._readers: set[asyncio.Event] = set()
        self.counter = Counter()
        self.browser: GuardedBrowser | None = None
        """The browser that staff see."""
        self.answered: list[Answered] = []
        """Submissions of the visit that is, or was last, open; newest last."""
        self._view = view(self.counter, self._terms)

    # -- events in -------------------------------------------------------------------------------

    def feed(self, event: Event) -> Refusal | None:
        """Take one event in and carry out what follows from it; returns why staff were declined, if they were."""
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
        log.error("unforeseen fault", where=where, error=type(error).__name__, exc_info=error)
        self.feed(UnforeseenFault(where=f"{where}: {type(error).__name__}"))

    def _take(self, event: Event) -> Refusal | None:
        try:
            self.counter, commands = step(self.counter, event, self._terms)
            return self._perform_all(commands)
        except Exception as error:  # the last resort: whatever it is, seal
            if isinstance(event, UnforeseenFault):
                log.critical("the fault could not be handled", error=type(error).__name__, exc_info=error)
            else:
                self.fault(type(event).__name__, error)
            return None

    # -- commands out ----------------------------------------------------------------------------

    def _perform_all(self, commands: tuple[Command, ...]) -> Refusal | None:
        """Carry out in order. Without its journal entry nothing is released; stops go through all the same."""
        failure: Exception | None = None
        refusal = None
        for command in commands:
            try:
                if failure is not None and isinstance(command, Release):
                    self._stop(command.submission)
                elif failure is None or not isinstance(command, Record):
                    refusal = self._perform(command) or refusal
            except Exception as error:  # noqa: BLE001  # the rest must still be stopped; raised below
                failure = failure or error
        if failure is not None:
            raise failure
        return refusal

    def _perform(self, command: Command) -> Refusal | None:
        match command:
            case Record():
                self._journal.append(command, datetime.now(UTC).astimezone())
            case Admit():
                self._admit(command)
            case LookAt():
                self._look(command.jar, command.generation)
            case SetDeadline():
                passed = DeadlinePassed(submission_id=command.submission_id)
                asyncio.get_running_loop().call_later(command.seconds, self.feed, passed)
            case Release():
                self.answered.append(Answered(submission=command.submission, verdict=command.verdict))
                self._gate_of(command.submission).gate.release(command.submission)
            case Stop():
                self.answered.append(Answered(submission=command.submission, verdict=command.verdict))
                self._stop(command.submission)
            case Handover():
                self._tasks.start(self._end_of_visit(command), "handover")
            case Decline():
                return command.refusal
            case _:
                assert_never(command)
        return None

    def _admit(self, command: Admit) -> None:
        browser = self._present(command.generation)
        self.answered.clear()
        browser.gate.admit()

    def _stop(self, submission: Submission) -> None:
        browser = self._gate_of(submission)
        browser.gate.stop(submission)
        staff_meant_it = submission.request_class in {RequestClass.LOGIN, RequestClass.SUBMISSION}
        if staff_meant_it or submission.channel is Channel.DOCUMENT:
            now = view(self.counter, self._terms)
            notice = next((stop for stop in reversed(now.stops) if stop.submission_id == submission.id), None)
            if notice is not None:
                browser.show_stop(stop_notice(now, notice, self._texts).to_json())

    def _gate_of(self, submission: Submission) -> GuardedBrowser:
        return self._present(submission.generation)

    def _present(self, generation: int) -> GuardedBrowser:
        if self.browser is None or self.browser.generation != generation:
            msg = f"browser {generation} is not the one in use"
            raise LookupError(msg)
        return self.browser

    def _look(self, jar: Jar, generation: int) -> None:
        """Ask the sentinel; whoever wants a look while one is under way shares the next one."""
        if jar in self._looking:
            self._look_again.add(jar)
            return
        self._looking.add(jar)
        self._tasks.start(self._look_now(self._present(generation), jar), "sentinel")

    async def _look_now(self, browser: GuardedBrowser, jar: Jar) -> None:
        try:
            sighting = await browser.look(jar)
        finally:
            self._looking.discard(jar)
        again = jar in self._look_again
        self._look_again.discard(jar)
        self.feed(HolderSighted(sighting=sighting))
        if again and self.browser is browser and browser.alive:
            self._look(jar, browser.generation)

    async def _end_of_visit(self, command: Handover) -> None:
        handed = await self._hand_over(self._present(command.generation), command.visit_id)
        self.browser = handed.browser
        self._looking.clear()
        self._look_again.clear()
        self.feed(HandoverEnded(clearance=handed.clearance, generation=handed.browser.generation))
        if not handed.browser.alive:  # it ended before anybody listened
            self.lost(handed.browser.generation, by_staff=False)

    # -- what people see -------------------------------------------------------------------------

    def _publish(self) -> None:
        now = view(self.counter, self._terms)
        if now == self._view:
            return
        self._view = now
        for reader in self._readers:
            reader.set()
        self.draw_ribbons()
        if self.browser is not None:
            self.browser.redraw_start_page()

    def draw_ribbons(self) -> None:
        """Show the present state on every portal page."""
        if self.browser is not None:
            self.browser.draw_ribbons(lambda portal: ribbon_state(self._view, portal, self._texts).to_json())

    # -- the desk of the console -----------------------------------------------------------------

    def view(self) -> CounterView:
        """The counter now."""
        return self._view

    async def subscribe(self) -> AsyncGenerator[CounterView, None]:
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

    async def open_visit(self, citizen: Citizen) -> Refusal | None:
        """Open a visit for this citizen."""
        return self.feed(OpenRequested(visit_id=secrets.token_hex(6), citizen=citizen, at=self._now()))

    async def end(self, ending: Ending) -> Refusal | None:
        """End the open visit, and start the handover."""
        return self.feed(EndRequested(ending=ending, at=self._now()))

    async def lift(self, leader: str) -> Refusal | None:
        """Open a sealed counter again, on the word of this leader."""
        return self.feed(LiftRequested(leader=leader))

    async def confirm(self, portal: str, typed_birth_date: date, staff: str) -> Refusal | None:
        """Confirm the holder of a portal, if the typed date is the birth date that the portal gives."""
        refusal: Refusal | None = Refusal.NO_VISIT_OPEN
        for jar, sighting in self.counter.sightings.items():
            identity = sighting.holder.identity if isinstance(sighting.holder, Known) else None
            if jar.portal == portal:
                if identity is None or identity.birth_date != typed_birth_date:
                    return Refusal.CONFIRMATION_DIFFERS
                refusal = self.feed(Confirmed(jar=jar, identity=identity, confirmed_by=staff))
        return refusal

    async def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        """Wait for a view; the caller sets the deadline."""
        async for now in self.subscribe():
            if wanted(now):
                return now
        raise GuardError("the counter has stopped", mend="Start it again.")

    # -- what browsers report --------------------------------------------------------------------

    def held(self, submission: Submission) -> None:
        self.feed(SubmissionHeld(submission=submission))

    def withdrawn(self, submission_id: str) -> None:
        self.feed(SubmissionWithdrawn(submission_id=submission_id))

    def used(self, generation: int, jar: Jar) -> None:
        self.feed(HolderMayHaveChanged(jar=jar, generation=generation, at=self._now()))

    def alarm(self, generation: int, portal: str, text: str) -> None:
        self.feed(AlarmTextSeen(portal=portal, text=text, generation=generation))

    def discard(self) -> None:
        self.feed(EndRequested(ending=Ending.DISCARDED, at=self._now()))

    def lost(self, generation: int, *, by_staff: bool) -> None:
        self.feed(BrowserLost(generation=generation, by_staff=by_staff, at=self._now()))

    def ready(self, browser: GuardedBrowser) -> None:
        """The first browser is shown."""
        self.browser = browser
        journal = self._journal
        self.feed(
            BrowserReady(
                generation=browser.generation,
                unfinished_visit=journal.unfinished_visit(),
                unlifted_seal=journal.unlifted_seal(),
            )
        )

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
