"""What staff may ask of a counter: the console's desk, and the library's."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from guard.core.commands import Refusal
from guard.core.events import (
    CardAnswered,
    ChecklistConfirmed,
    Confirmed,
    Ending,
    EndRequested,
    LiftRequested,
    OpenRequested,
    ReadBack,
    StaffChanged,
    StillServing,
    StopMarked,
    ValueApproved,
    VisitWithoutGuard,
)
from guard.core.identity import Citizen, Known
from guard.core.staff import Denial, Denied
from guard.core.terms import Assurance
from guard.errors import GuardError, StaffError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from datetime import date

    from guard.core.card import CardAnswer, CardTerms
    from guard.core.checklist import Confirmer, Item
    from guard.core.household import Shared
    from guard.core.identity import Identity, Jar, Sighting
    from guard.core.idle import IdleTerms
    from guard.core.interruption import Interruption
    from guard.core.offline import Cause, Kept
    from guard.core.terms import Terms
    from guard.core.view import CounterView
    from guard.record.lookup import Lookup
    from guard.record.staff import StaffRegister
    from guard.supervisor import Supervisor

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Approval:
    """Who gave their word, and whether a PIN proves the number."""

    number: str
    by_pin: bool = False


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
    ) -> None:
        """Without a `lookup` nothing is known of earlier visits."""
        self._supervisor = supervisor
        self._terms = terms
        self._shared_with = shared_with
        self._card = card
        self._idle = idle
        self._lookup = lookup
        self._register = register

    def view(self) -> CounterView:
        """The counter now."""
        return self._supervisor.view()

    def subscribe(self) -> AsyncGenerator[CounterView, None]:
        """Yield the present view at once, and a view after each change. A slow reader may miss some, never the last."""
        return self._supervisor.views()

    async def open_visit(
        self, citizen: Citizen, acting_for: Citizen | None = None, ticket: str | None = None
    ) -> Refusal | None:
        """Open a visit for this citizen, who may act for somebody else."""
        if self._supervisor.counter.staff is None and self.asks_pins():
            return Refusal.STAFF_FIRST
        visit_id = secrets.token_hex(6)
        shared = self._shared_with(citizen)
        earlier = None if self._lookup is None else await asyncio.to_thread(self._lookup.earlier, citizen)
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
        )
        return self._supervisor.feed(asked)

    async def card(self, answer: CardAnswer) -> Refusal | None:
        """Take staff's word on the card of the open visit."""
        return self._supervisor.feed(CardAnswered(answer=answer, at=_now()))

    async def enter_visit(self, began: str, ending: Ending, cause: Cause, kept: frozenset[Kept]) -> Refusal | None:
        """Enter a visit of a time when the guard was down."""
        if self._supervisor.counter.staff is None and self.asks_pins():
            return Refusal.STAFF_FIRST
        visit_id = secrets.token_hex(6)
        return self._supervisor.feed(
            VisitWithoutGuard(visit_id=visit_id, began=began, ending=ending, cause=cause, kept=kept)
        )

    async def still_serving(self) -> Refusal | None:
        """Take staff's word that the open visit goes on."""
        return self._supervisor.feed(StillServing(at=_now()))

    def input_seen(self, *, typed: bool) -> None:
        """Somebody is at the console; `typed`: a form of it holds text."""
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

    async def take_over(self, number: str, pin: str) -> Refusal | Denied | None:
        """Have this member of the staff serve from now on."""
        try:
            found = await asyncio.to_thread(self._register.member, number, pin)
        except StaffError as error:
            return _failed(error)
        return found if isinstance(found, Denied) else self._supervisor.feed(StaffChanged(member=found))

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

    async def confirm(self, portal: str, typed_birth_date: date, staff: str, pin: str = "") -> Refusal | Denied | None:
        """Confirm the holder of a portal, if the typed date is the one that the portal gives.

        Where the portal shows no birth date, the date is the citizen's own, typed again: the weaker assurance that
        a profile without names declares, and with a name a leader's word, for which `staff` and `pin` are the leader's.
        """
        counter = self._supervisor.counter
        if counter.visit is None:
            return Refusal.NO_VISIT_OPEN
        for jar, sighting in counter.sightings.items():
            expected = self._expected_date(sighting, counter.visit.citizen) if jar.portal == portal else None
            if expected is not None and expected == typed_birth_date:
                return await self._confirmed(jar, sighting, staff, pin)
        return Refusal.CONFIRMATION_DIFFERS

    async def _confirmed(self, jar: Jar, sighting: Sighting, staff: str, pin: str) -> Refusal | Denied | None:
        visit = self._supervisor.counter.visit
        serving = self._supervisor.counter.staff
        approval: _Approval | Denied = _Approval(number=staff if serving is None else serving.number)
        if self._wants_leader(sighting):
            approval = await self._approval(staff, pin)
        if isinstance(approval, Denied):
            return approval
        now = self._supervisor.counter.visit
        if visit is None or now is None or now.id != visit.id:  # ended while the PIN was looked at
            return Refusal.NO_VISIT_OPEN
        by, by_pin = approval.number, approval.by_pin
        return self._supervisor.feed(Confirmed(jar=jar, identity=_shown(sighting), confirmed_by=by, by_pin=by_pin))

    async def _approval(self, number: str, pin: str) -> _Approval | Denied:
        """The word of a leader: with the PIN, or by the number alone where nobody is registered."""
        try:
            if await asyncio.to_thread(self._register.is_empty):
                return _Approval(number=number)
            found = await asyncio.to_thread(self._register.leader, number, pin)
        except StaffError as error:
            return _failed(error)
        if isinstance(found, Denied):
            return found
        serving = self._supervisor.counter.staff
        if serving is not None and serving.number == found.number:
            return Denied(why=Denial.SAME_PERSON)
        return _Approval(number=found.number, by_pin=True)

    async def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        """Wait for a view; the caller sets the deadline."""
        async for now in self.subscribe():
            if wanted(now):
                return now
        raise GuardError("the counter has stopped", mend="Start it again.")

    def _wants_leader(self, sighting: Sighting) -> bool:
        identity = _shown(sighting)
        by_name = self._terms[sighting.jar.portal].assurance is Assurance.IDENTITY
        return identity is not None and identity.birth_date is None and by_name

    def _expected_date(self, sighting: Sighting, citizen: Citizen) -> date | None:
        identity = _shown(sighting)
        if identity is not None:
            return identity.birth_date or citizen.birth_date
        nameless = self._terms[sighting.jar.portal].assurance is Assurance.PROVENANCE
        return citizen.birth_date if nameless else None


def _shown(sighting: Sighting) -> Identity | None:
    return sighting.holder.identity if isinstance(sighting.holder, Known) else None


def _failed(error: StaffError) -> Denied:
    log.warning("register of staff failed", what=error.what, mend=error.mend)
    return Denied(why=Denial.REGISTER_FAILED)


def _now() -> float:
    return asyncio.get_running_loop().time()
