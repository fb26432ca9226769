"""What the machine does when a visit without data gets its citizen; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import record
from guard.core.binding import Bond, candidate, citizen_of
from guard.core.commands import Command, Decline, Kind, Refusal
from guard.core.confirmation import by_portal, exhausted, items_fact
from guard.core.confirmation_steps import approved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter
    from guard.core.events import Bound
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def bound(counter: Counter, event: Bound, terms: Mapping[str, Terms]) -> Step:
    """Make the holder the visit's citizen, if the portal confirms an answer of theirs, or a leader looked."""
    visit = counter.visit
    if visit is None or counter.seal is not None:
        return counter, (Decline(refusal=Refusal.COUNTER_SEALED),)
    if visit.citizen is not None:
        return counter, (Decline(refusal=Refusal.ALREADY_BOUND),)
    found = candidate(counter, terms)
    citizen = citizen_of(event.identity, event.reading)
    if isinstance(found, Refusal):
        return counter, (Decline(refusal=found),)
    if found is None or citizen is None or (found.jar, found.identity) != (event.jar, event.identity):
        return counter, (Decline(refusal=Refusal.NOTHING_TO_CONFIRM),)
    if not event.by_leader and (exhausted(visit, event.identity) or not by_portal(event.items)):
        return counter, (Decline(refusal=Refusal.LEADER_NEEDED),)
    bond = Bond(portal=event.jar.portal, subject_id=event.identity.subject_id)
    counter = replace(
        counter, visit=replace(visit, citizen=citizen, bond=bond, shared=event.shared, earlier=event.earlier)
    )
    shared = (("shared", " ".join(sorted(event.shared))),) if event.shared else ()
    facts = (("portal", event.jar.portal), items_fact(event.items), *approved(event), *shared)
    return counter, (record(counter, Kind.VISIT_BOUND, *facts, citizen=citizen),)
