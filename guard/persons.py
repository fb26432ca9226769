"""Where what people typed about a holder is compared, and becomes an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.core.binding import Candidate, candidate, citizen_at, citizen_of
from guard.core.commands import Refusal
from guard.core.confirmation import Outcome, answered, outcome
from guard.core.events import AnswersDiffered, Bound, Confirmed
from guard.core.identity import Known
from guard.core.staff import Denied
from guard.core.view import portal_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from guard.core.confirmation import Answers
    from guard.core.household import Shared
    from guard.core.identity import Citizen, Identity, Sighting
    from guard.core.terms import Terms
    from guard.supervisor import Supervisor


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """Who gave their word, and whether a PIN proves the number."""

    number: str
    by_leader: bool = False
    by_pin: bool = False


class Persons:
    """The part of a desk that asks who somebody is. `approve` takes a leader's number and PIN."""

    def __init__(
        self,
        supervisor: Supervisor,
        terms: Mapping[str, Terms],
        approve: Callable[[str, str], Awaitable[Approval | Denied]],
        shared_with: Callable[[Citizen], frozenset[Shared]],
    ) -> None:
        self._supervisor = supervisor
        self._terms = terms
        self._approve = approve
        self._shared_with = shared_with

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str, pin: str
    ) -> Refusal | Denied | None:
        """Confirm whom the console shows at a portal, if every answer is right."""
        return await self._asked(staff, leader, pin, lambda by: self._confirm(portal, answers, by))

    async def bind(self, answers: Answers, staff: str, leader: str, pin: str) -> Refusal | Denied | None:
        """Make whom the console shows the citizen of the visit, if every answer is right."""
        return await self._asked(staff, leader, pin, lambda by: self._bind(answers, by))

    async def _asked(
        self, staff: str, leader: str, pin: str, go_on: Callable[[Approval], Refusal | None]
    ) -> Refusal | Denied | None:
        """The leader's PIN comes first: who does not know it shall not learn which answers are right."""
        visit_id = self._visit_id()
        approval = await self._approval(staff, leader, pin)
        if isinstance(approval, Denied):
            return approval
        if visit_id is None or self._visit_id() != visit_id:  # ended while the PIN was looked at
            return Refusal.NO_VISIT_OPEN
        return go_on(approval)

    def _confirm(self, portal: str, answers: Answers, approval: Approval) -> Refusal | None:
        counter = self._supervisor.counter
        if counter.visit is None or portal not in self._terms:
            return Refusal.NOTHING_TO_CONFIRM
        line, seen = portal_line(counter, counter.visit, portal, self._terms[portal])
        if seen is None or line.questions is None:
            return Refusal.NOTHING_TO_CONFIRM
        shown, items = _shown(seen), answered(line.questions, answers)
        citizen = citizen_at(counter.visit, portal)
        result = outcome(line.questions, answers, citizen, shown, leader=approval.by_leader)
        if result is not Outcome.AGREES:
            return self._not_agreed(result, AnswersDiffered(jar=seen.jar, identity=shown, items=items))
        confirmed = Confirmed(
            jar=seen.jar,
            identity=shown,
            confirmed_by=approval.number,
            items=items,
            by_leader=approval.by_leader,
            by_pin=approval.by_pin,
        )
        return self._supervisor.feed(confirmed)

    def _bind(self, answers: Answers, approval: Approval) -> Refusal | None:
        found = candidate(self._supervisor.counter, self._terms)
        if not isinstance(found, Candidate):
            return found or Refusal.NOTHING_TO_CONFIRM
        items = answered(found.questions, answers)
        result = outcome(found.questions, answers, None, found.identity, leader=approval.by_leader)
        if result is not Outcome.AGREES:
            return self._not_agreed(result, AnswersDiffered(jar=found.jar, identity=found.identity, items=items))
        citizen = citizen_of(found.identity, answers.reading)
        bound = Bound(
            jar=found.jar,
            identity=found.identity,
            reading=answers.reading,
            shared=frozenset() if citizen is None else self._shared_with(citizen),
            confirmed_by=approval.number,
            items=items,
            by_leader=approval.by_leader,
            by_pin=approval.by_pin,
        )
        return self._supervisor.feed(bound)

    def _not_agreed(self, result: Outcome, wrong: AnswersDiffered) -> Refusal | None:
        """Only a wrong answer counts as one."""
        if result is Outcome.DIFFERS:
            return self._supervisor.feed(wrong)
        return Refusal.ITEM_MISSING if result is Outcome.INCOMPLETE else Refusal.LEADER_NEEDED

    async def _approval(self, staff: str, leader: str, pin: str) -> Approval | Denied:
        """The leader's word where one gives it, else that of who serves."""
        if leader:
            return await self._approve(leader, pin)
        serving = self._supervisor.counter.staff
        return Approval(number=staff if serving is None else serving.number)

    def _visit_id(self) -> str | None:
        visit = self._supervisor.counter.visit
        return None if visit is None else visit.id


def _shown(sighting: Sighting) -> Identity | None:
    return sighting.holder.identity if isinstance(sighting.holder, Known) else None
