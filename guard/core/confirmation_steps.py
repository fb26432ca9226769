"""What the machine does about a typed confirmation; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import proved, record
from guard.core.commands import Command, Decline, Kind, Refusal
from guard.core.confirmation import by_portal, exhausted, items_fact
from guard.core.terms import Assurance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter, Visit
    from guard.core.events import AnswersDiffered, Bound, Confirmed
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def confirmed(counter: Counter, event: Confirmed, terms: Mapping[str, Terms]) -> Step:
    """Take a person's word for a holder, if it rests on something that the portal says, or is a leader's."""
    visit, its_terms = counter.visit, terms.get(event.jar.portal)
    if visit is None or counter.seal is not None:
        return counter, (Decline(refusal=Refusal.COUNTER_SEALED),)
    if visit.citizen is None:
        return counter, (Decline(refusal=Refusal.NOT_BOUND_YET),)
    if its_terms is None:
        return counter, (Decline(refusal=Refusal.NOTHING_TO_CONFIRM),)
    if not _is_enough(visit, event, its_terms):
        return counter, (Decline(refusal=Refusal.LEADER_NEEDED),)
    visit = replace(visit, confirmations=visit.confirmations | {(event.jar, event.identity)})
    if event.identity is not None and by_portal(event.items) and its_terms.assurance is Assurance.IDENTITY:
        visit = replace(visit, confirmed_people=visit.confirmed_people | {event.identity})
    entry = record(counter, Kind.CONFIRMED, *_about(event), *approved(event))
    return replace(counter, visit=visit), (entry,)


def differed(counter: Counter, event: AnswersDiffered, _terms: Mapping[str, Terms]) -> Step:
    """Count a wrong answer; staff are told that it was one, and when it was one too many."""
    visit = counter.visit
    if visit is None or counter.seal is not None:
        return counter, (Decline(refusal=Refusal.COUNTER_SEALED),)
    times = visit.wrong_answers.get(event.identity, 0) + 1
    visit = replace(visit, wrong_answers={**visit.wrong_answers, event.identity: times})
    refusal = Refusal.LEADER_NEEDED if exhausted(visit, event.identity) else Refusal.CONFIRMATION_DIFFERS
    entry = record(counter, Kind.CONFIRMATION_FAILED, *_about(event), ("times", str(times)))
    return replace(counter, visit=visit), (entry, Decline(refusal=refusal))


def approved(event: Confirmed | Bound) -> tuple[tuple[str, str], ...]:
    """Whose word it is, for the journal."""
    by_leader = "yes" if event.by_leader else "no"
    return ("by", event.confirmed_by), ("by_leader", by_leader), proved(by_pin=event.by_pin)


def _is_enough(visit: Visit, event: Confirmed, terms: Terms) -> bool:
    if event.by_leader:
        return True
    if exhausted(visit, event.identity):
        return False
    return by_portal(event.items) or (terms.assurance is Assurance.PROVENANCE and bool(event.items))


def _about(event: Confirmed | AnswersDiffered) -> tuple[tuple[str, str], ...]:
    named = "no" if event.identity is None else "yes"
    return ("portal", event.jar.portal), ("named", named), items_fact(event.items)
