"""Where what people typed about a holder is compared, and becomes an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.core.binding import candidate, citizen_at, citizen_of
from guard.core.commands import Refusal
from guard.core.confirmation import Outcome, Questions, answered, outcome
from guard.core.events import AnswersDiffered, Bound, Confirmed
from guard.core.identity import Known
from guard.core.staff import Denied
from guard.core.viewing import portal_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from guard.core.confirmation import Answers, Question
    from guard.core.household import Shared
    from guard.core.identity import Citizen, Identity, Jar
    from guard.core.interruption import Earlier
    from guard.core.terms import Terms
    from guard.supervisor import Supervisor


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """Who gave their word, and whether a PIN proves the number."""

    number: str
    by_leader: bool = False
    by_pin: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A holder about whom the console asks now."""

    visit_id: str
    jar: Jar
    shown: Identity | None
    citizen: Citizen | None
    questions: Questions


@dataclass(frozen=True, kw_only=True, slots=True)
class _Approved:
    """The same, with the word of a person."""

    asked: _Asked
    by: Approval


class Persons:
    """The part of a desk that asks who somebody is. `approve` takes a leader's number and PIN."""

    def __init__(
        self,
        supervisor: Supervisor,
        terms: Mapping[str, Terms],
        approve: Callable[[str, str], Awaitable[Approval | Denied]],
        shared_with: Callable[[Citizen], frozenset[Shared]],
        earlier_of: Callable[[Citizen], Awaitable[Earlier | None]],
    ) -> None:
        self._supervisor = supervisor
        self._terms = terms
        self._approve = approve
        self._shared_with = shared_with
        self._earlier_of = earlier_of

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str, pin: str
    ) -> Refusal | Denied | None:
        """Confirm whom the console shows at a portal, if every answer is right."""
        approved = await self._approved(lambda: self._at(portal), staff, leader, pin)
        if not isinstance(approved, _Approved):
            return approved
        asked, by = approved.asked, approved.by
        return self._settle(
            approved,
            answers,
            lambda items: Confirmed(
                jar=asked.jar,
                identity=asked.shown,
                confirmed_by=by.number,
                items=items,
                by_leader=by.by_leader,
                by_pin=by.by_pin,
            ),
        )

    async def bind(self, answers: Answers, staff: str, leader: str, pin: str) -> Refusal | Denied | None:
        """Make whom the console shows the citizen of the visit, if every answer is right."""
        before = self._candidate()
        shown = None if isinstance(before, Refusal) else before.shown
        citizen = None if shown is None else citizen_of(shown, answers.reading)
        earlier = None if citizen is None else await self._earlier_of(citizen)
        approved = await self._approved(self._candidate, staff, leader, pin)
        if not isinstance(approved, _Approved):
            return approved
        asked, by = approved.asked, approved.by
        if citizen is None or shown is None or asked != before:
            return Refusal.NOTHING_TO_CONFIRM
        shared = self._shared_with(citizen)
        return self._settle(
            approved,
            answers,
            lambda items: Bound(
                jar=asked.jar,
                identity=shown,
                reading=answers.reading,
                shared=shared,
                earlier=earlier,
                confirmed_by=by.number,
                items=items,
                by_leader=by.by_leader,
                by_pin=by.by_pin,
            ),
        )

    async def _approved(
        self, look: Callable[[], _Asked | Refusal], staff: str, leader: str, pin: str
    ) -> _Approved | Refusal | Denied:
        """Take the leader's PIN before any answer: who does not know it shall not learn which answers are right.

        Meanwhile another may have logged in, of whom nobody said anything.
        """
        asked = look()
        if isinstance(asked, Refusal):
            return asked
        by = await self._approval(staff, leader, pin)
        if isinstance(by, Denied):
            return by
        return _Approved(asked=asked, by=by) if look() == asked else Refusal.NOTHING_TO_CONFIRM

    def _settle(
        self, approved: _Approved, answers: Answers, agreed: Callable[[tuple[Question, ...]], Confirmed | Bound]
    ) -> Refusal | None:
        """Only a wrong answer counts as one."""
        asked = approved.asked
        items = answered(asked.questions, answers)
        match outcome(asked.questions, answers, asked.citizen, asked.shown, leader=approved.by.by_leader):
            case Outcome.AGREES:
                return self._supervisor.feed(agreed(items))
            case Outcome.DIFFERS:
                return self._supervisor.feed(AnswersDiffered(jar=asked.jar, identity=asked.shown, items=items))
            case Outcome.INCOMPLETE:
                return Refusal.ITEM_MISSING
            case Outcome.LEADER_NEEDED:
                return Refusal.LEADER_NEEDED

    async def _approval(self, staff: str, leader: str, pin: str) -> Approval | Denied:
        """The leader's word where one gives it, else that of who serves."""
        if leader:
            return await self._approve(leader, pin)
        serving = self._supervisor.counter.staff
        return Approval(number=staff if serving is None else serving.number)

    def _at(self, portal: str) -> _Asked | Refusal:
        """Whom the console asks about at a portal."""
        counter = self._supervisor.counter
        if counter.visit is None:
            return Refusal.NO_VISIT_OPEN
        if portal not in self._terms:
            return Refusal.NOTHING_TO_CONFIRM
        line, seen = portal_line(counter, counter.visit, portal, self._terms[portal])
        if seen is None or line.questions is None or not isinstance(seen.holder, Known):
            return Refusal.NOTHING_TO_CONFIRM
        return _Asked(
            visit_id=counter.visit.id,
            jar=seen.jar,
            shown=seen.holder.identity,
            citizen=citizen_at(counter.visit, portal),
            questions=line.questions,
        )

    def _candidate(self) -> _Asked | Refusal:
        """Whom the console offers as the citizen of an unbound visit."""
        counter = self._supervisor.counter
        if counter.visit is None:
            return Refusal.NO_VISIT_OPEN
        found = candidate(counter, self._terms)
        if found is None or isinstance(found, Refusal):
            return found or Refusal.NOTHING_TO_CONFIRM
        return _Asked(
            visit_id=counter.visit.id, jar=found.jar, shown=found.identity, citizen=None, questions=found.questions
        )
