"""What staff may ask of a counter: the console's desk, and the library's."""

from __future__ import annotations

import asyncio
import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING

import structlog

from guard.core.commands import Refusal
from guard.core.events import (
    CardAnswered,
    ChecklistConfirmed,
    DayBegan,
    Ending,
    EndRequested,
    LiftRequested,
    OpenRequested,
    PinRefused,
    ReadBack,
    StaffChanged,
    StillServing,
    StopMarked,
    ValueApproved,
    VisitWithoutGuard,
)
from guard.core.household import Shared
from guard.core.staff import ATTEMPTS, Asked, Denial, Denied
from guard.errors import GuardError, StaffError
from guard.new_day import DayWatch
from guard.persons import Approval, Persons

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from guard.core.card import CardAnswer, CardTerms
    from guard.core.checklist import Confirmer, Item
    from guard.core.confirmation import Answers
    from guard.core.identity import Citizen
    from guard.core.idle import IdleTerms
    from guard.core.interruption import Earlier, Interruption
    from guard.core.offline import Cause, Kept
    from guard.core.terms import Terms
    from guard.core.view import CounterView
    from guard.record.lookup import Lookup
    from guard.record.staff import StaffRegister
    from guard.supervisor import Supervisor

log = structlog.get_logger()


class CounterDesk:
    """Turns what staff ask into events, and answers with the refusal, if there is one."""

    def __init__(
        self,
        supervisor: Supervisor,
        terms: Mapping[str, Terms],
        shared_with: Callable[[Citizen], frozenset[Shared]],
        register: StaffRegister,
        card: CardTerms | None = None,
        idle: IdleTerms | None = None,
        lookup: Lookup | None = None,
        *,
        bound: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Without a `lookup` nothing is known of earlier visits."""
        self._supervisor = supervisor
        self.days = DayWatch(lambda: supervisor.feed(DayBegan()), today)
        self._shared_with = shared_with
        self._card = card
        self._idle = idle
        self._bound = bound
        self._lookup = lookup
        self._register = register
        self._persons = Persons(supervisor, terms, self._approval, shared_with, self._earlier)

    def view(self) -> CounterView:
        """The counter now."""
        return self._supervisor.view()

    def subscribe(self) -> AsyncGenerator[CounterView, None]:
        """Yield the present view at once, and a view after each change. A slow reader may miss some, never the last."""
        return self._supervisor.views()

    def binds_at_login(self) -> bool:
        """Whether visits open without data, and their first login says whose they are."""
        return self._bound

    async def open_visit(
        self, citizen: Citizen | None, acting_for: Citizen | None = None, ticket: str | None = None
    ) -> Refusal | None:
        """Open a visit for this citizen, who may act for somebody else; without one where logins say who it is."""
        if citizen is None and not self._bound:
            return Refusal.CITIZEN_MISSING
        if self._wants_staff():
            return Refusal.STAFF_FIRST
        visit_id = secrets.token_hex(6)
        shared = frozenset[Shared]() if citizen is None else self._shared_with(citizen)
        earlier = None if citizen is None else await self._earlier(citizen)
        if self._wants_staff():  # midnight may have passed meanwhile
            return Refusal.STAFF_FIRST
        asked = OpenRequested(
            visit_id=visit_id,
            citizen=citizen,
            acting_for=acting_for,
            shared=shared,
            card=self._card,
            idle=self._idle,
            ticket=ticket,
            earlier=earlier,
            at=_now(),
            time=datetime.now().astimezone(),
        )
        return self._supervisor.feed(asked)

    async def _earlier(self, citizen: Citizen) -> Earlier | None:
        """The citizen's visit that was interrupted before, where anything is known of it."""
        return None if self._lookup is None else await asyncio.to_thread(self._lookup.earlier, citizen)

    async def card(self, answer: CardAnswer) -> Refusal | None:
        """Take staff's word on the card of the open visit."""
        return self._supervisor.feed(CardAnswered(answer=answer, at=_now()))

    async def enter_visit(self, began: str, ending: Ending, cause: Cause, kept: frozenset[Kept]) -> Refusal | None:
        """Enter a visit of a time when the guard was down."""
        if self._wants_staff():
            return Refusal.STAFF_FIRST
        visit_id = secrets.token_hex(6)
        return self._supervisor.feed(
            VisitWithoutGuard(visit_id=visit_id, began=began, ending=ending, cause=cause, kept=kept)
        )

    async def still_serving(self) -> Refusal | None:
        """Take staff's word that the open visit goes on."""
        return self._supervisor.feed(StillServing(at=_now()))

    def input_seen(self, *, typed: bool | None) -> None:
        """Somebody is at a window of the console; `typed`: a form of it holds text. None from a page beside it."""
        self._supervisor.input_seen(typed_in_console=typed)

    async def checklist(self, visit_id: str, by: Confirmer, ticked: frozenset[Item]) -> Refusal | None:
        """Take the word of citizen or staff on the checklist of the visit that has just ended."""
        return self._supervisor.feed(ChecklistConfirmed(visit_id=visit_id, by=by, ticked=ticked))

    async def end(self, ending: Ending, interruption: Interruption | None = None) -> Refusal | None:
        """End the open visit, and start the handover."""
        return self._supervisor.feed(EndRequested(ending=ending, interruption=interruption, at=_now()))

    def asks_pins(self) -> bool:
        """Whether staff are registered; also if that cannot be read, because then nobody is let off the PIN."""
        try:
            return not self._register.is_empty()
        except StaffError:
            return True

    def _wants_staff(self) -> bool:
        """Whether somebody has to say first that they serve today."""
        self.days.look()
        return self._supervisor.counter.staff is None and self.asks_pins()

    async def take_over(self, number: str, pin: str) -> Refusal | Denied | None:
        """Have this member of the staff serve from now on."""
        try:
            found = await asyncio.to_thread(self._register.member, number, pin)
        except StaffError as error:
            return _failed(error)
        if isinstance(found, Denied):
            return self._refused(found, Asked.SERVING)
        self.days.look()  # or who is chosen at midnight would be yesterday's a second later
        return self._supervisor.feed(StaffChanged(member=found))

    def mark_stop(self, stop: int, visit_id: str | None, false_stop: bool) -> Refusal | None:  # noqa: FBT001  # staff's word, as `DayBook.mark` hands it on
        """Take staff's word on whether an earlier stop was false."""
        return self._supervisor.feed(StopMarked(stop=stop, visit_id=visit_id, false_stop=false_stop))

    async def lift(self, leader: str, pin: str = "") -> Refusal | Denied | None:
        """Open a sealed counter again, on the word of this leader."""
        approval = await self._approval(leader, pin)
        if isinstance(approval, Denied):
            return approval
        return self._supervisor.feed(LiftRequested(leader=approval.number, by_pin=approval.by_pin))

    async def read_back(self, submission_id: str, typed: str) -> Refusal | None:
        """Take what the citizen typed again from their own paper; what differs stops the submission."""
        return self._supervisor.feed(ReadBack(submission_id=submission_id, typed=typed, at=_now()))

    async def approve_value(self, submission_id: str, leader: str, pin: str = "") -> Refusal | Denied | None:
        """Allow, in this visit, what was sent for another person before, on the word of this leader."""
        visit = self._supervisor.counter.visit
        approval = await self._approval(leader, pin)
        if isinstance(approval, Denied):
            return approval
        if visit is None or self._visit_id() != visit.id:  # ended while the PIN was looked at
            return Refusal.NO_VISIT_OPEN
        number, by_pin = approval.number, approval.by_pin
        return self._supervisor.feed(ValueApproved(submission_id=submission_id, leader=number, by_pin=by_pin))

    def _visit_id(self) -> str | None:
        visit = self._supervisor.counter.visit
        return None if visit is None else visit.id

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str = "", pin: str = ""
    ) -> Refusal | Denied | None:
        """Confirm the holder of a portal, if what the citizen answers is right, or on the word of this leader."""
        return await self._persons.confirm(portal, answers, staff, leader, pin)

    async def bind(self, answers: Answers, staff: str, leader: str = "", pin: str = "") -> Refusal | Denied | None:
        """Make whoever is logged in the citizen of the open visit, if what they answer is right."""
        return await self._persons.bind(answers, staff, leader, pin)

    async def _approval(self, number: str, pin: str) -> Approval | Denied:
        """The word of a leader: with the PIN, or by the number alone where nobody is registered."""
        try:
            if await asyncio.to_thread(self._register.is_empty):
                return Approval(number=number, by_leader=True)
            found = await asyncio.to_thread(self._register.leader, number, pin)
        except StaffError as error:
            return _failed(error)
        if isinstance(found, Denied):
            return self._refused(found, Asked.APPROVAL)
        serving = self._supervisor.counter.staff
        if serving is not None and serving.number == found.number:
            return self._refused(Denied(why=Denial.SAME_PERSON, number=found.number), Asked.APPROVAL)
        return Approval(number=found.number, by_leader=True, by_pin=True)

    def _refused(self, denied: Denied, asked: Asked) -> Denied:
        """Journal it; whoever tried is told no more for that."""
        if denied.why in ATTEMPTS:
            self._supervisor.feed(PinRefused(number=denied.number, why=denied.why, asked=asked))
        return denied

    async def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        """Wait for a view; the caller sets the deadline."""
        async for now in self.subscribe():
            if wanted(now):
                return now
        raise GuardError("the counter has stopped", mend="Start it again.")


def _failed(error: StaffError) -> Denied:
    log.warning("register of staff failed", what=error.what, mend=error.mend)
    return Denied(why=Denial.REGISTER_FAILED)


def _now() -> float:
    return asyncio.get_running_loop().time()
