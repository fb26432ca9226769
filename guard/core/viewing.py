"""Makes the view of a counter from its state: every portal is judged as the checks would judge it now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from guard.core.binding import Candidate, candidate, citizen_at
from guard.core.card import state as card_state
from guard.core.confirmation import confirmed, questions_of
from guard.core.household import compare
from guard.core.identity import Known, Nobody, Obscurity, Unclear
from guard.core.names import Agreement
from guard.core.terms import Assurance
from guard.core.view import BindingView, CounterView, HolderState, PortalView, ValueView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from guard.core.commands import Refusal
    from guard.core.confirmation import Questions
    from guard.core.counter import Counter, Visit
    from guard.core.identity import Citizen, Holder, Identity, Jar, Sighting
    from guard.core.payload import Value
    from guard.core.terms import Terms

_WORST_FIRST = (
    HolderState.SOMEONE_ELSE,
    HolderState.UNREADABLE,
    HolderState.VARIANT,
    HolderState.NOT_BY_NAME,
    HolderState.UNBOUND,
    HolderState.AGREE,
    HolderState.NOBODY,
)


def view(counter: Counter, terms: Mapping[str, Terms]) -> CounterView:
    """What people see of a counter: every portal of `terms`, judged as the checks would judge it now."""
    visit, seal = counter.visit, counter.seal
    return CounterView(
        phase=counter.phase,
        generation=counter.generation,
        training=counter.training,
        staff=counter.staff,
        visit_id=None if visit is None else visit.id,
        opened_at=None if visit is None else visit.time,
        citizen_name=None if visit is None or visit.citizen is None else visit.citizen.name,
        binding=_binding(counter, terms),
        acting_for_name=None if visit is None or visit.acting_for is None else visit.acting_for.name,
        household=visit is not None and bool(visit.shared),
        earlier=None if visit is None else visit.earlier,
        portals=() if visit is None else tuple(_lines(counter, visit, terms)),
        released=0 if visit is None else visit.released,
        sent=() if visit is None else visit.sent,
        stops=() if visit is None else visit.stops,
        alarms=() if visit is None else visit.alarms,
        idle_asked=visit is not None and visit.idle is not None and visit.idle.asked_at is not None,
        read_back=_read_back(counter),
        disputes=()
        if visit is None
        else tuple(_shown(one.submission_id, one.portal, one.value) for one in visit.disputes),
        card=card_state(None if visit is None else visit.card, counter.reader),
        card_may_be_waived=visit is not None and visit.card is not None and not visit.card.seen,
        seal=None if seal is None else seal.reason,
        seal_detail="" if seal is None else seal.detail,
        clearance=counter.clearance,
        without_guard=counter.without_guard,
        checklist=counter.checklist,
    )


def _read_back(counter: Counter) -> ValueView | None:
    """The oldest question; the next one follows its answer."""
    for submission_id, turn in counter.turns.items():
        if turn.value is not None:
            return _shown(submission_id, counter.waiting[submission_id].jar.portal, turn.value, turn.number)
    return None


def _shown(submission_id: str, portal: str, value: Value, turn: int = 0) -> ValueView:
    return ValueView(
        submission_id=submission_id,
        turn=turn,
        portal=portal,
        kind=value.kind,
        name=value.name,
        groups=value.groups,
    )


def _binding(counter: Counter, terms: Mapping[str, Terms]) -> BindingView | Refusal | None:
    found = candidate(counter, terms)
    if not isinstance(found, Candidate):
        return found
    name = found.identity.name or found.identity.kana
    return BindingView(portal=found.jar.portal, holder_name=name, questions=found.questions)


def _lines(counter: Counter, visit: Visit, terms: Mapping[str, Terms]) -> Iterator[PortalView]:
    """A line for each portal; where several show the same variant of a name, the first one alone asks."""
    asked: set[Holder] = set()
    for portal in terms:
        line, seen = portal_line(counter, visit, portal, terms[portal])
        if seen is not None and line.state is HolderState.VARIANT:
            line = replace(line, questions=None) if seen.holder in asked else line
            asked.add(seen.holder)
        yield line


def portal_line(counter: Counter, visit: Visit, portal: str, terms: Terms) -> tuple[PortalView, Sighting | None]:
    """One line for a portal, with the sighting it tells; of several jars (a second window) the most alarming.

    What was seen before a login or another request that may change the holder is not shown any more.
    """
    sighted = ((jar, one) for jar, one in counter.sightings.items() if jar.portal == portal)
    seen: Iterable[Sighting] = (one for jar, one in sighted if jar not in counter.voided)
    lines = [(_line(visit, portal, terms, one), one) for one in seen]
    unseen = PortalView(portal=portal, state=HolderState.NOT_SEEN)
    return min(lines, key=lambda line: _WORST_FIRST.index(line[0].state), default=(unseen, None))


def _line(visit: Visit, portal: str, terms: Terms, sighting: Sighting) -> PortalView:
    match sighting.holder:
        case Nobody():
            return PortalView(portal=portal, state=HolderState.NOBODY)
        case Known(identity=shown):
            state = _state(visit, terms, sighting, shown)
            why = Obscurity.NOT_UNDERSTOOD if state is HolderState.UNREADABLE else None
            name = None if shown is None else shown.name or shown.kana
            asked = _asked(visit, terms, sighting, shown, state)
            return PortalView(portal=portal, state=state, holder_name=name, why=why, questions=asked)
        case Unclear(why=obscurity):
            return PortalView(portal=portal, state=HolderState.UNREADABLE, why=obscurity)
        case _:
            assert_never(sighting.holder)


def _asked(
    visit: Visit, terms: Terms, sighting: Sighting, shown: Identity | None, state: HolderState
) -> Questions | None:
    open_question = state in {HolderState.VARIANT, HolderState.NOT_BY_NAME}
    if not open_question or (sighting.jar, shown) in visit.confirmations:
        return None
    citizen = citizen_at(visit, sighting.jar.portal)
    return None if citizen is None else questions_of(visit, citizen, terms, shown)


def _state(visit: Visit, terms: Terms, sighting: Sighting, shown: Identity | None) -> HolderState:
    nameless = terms.assurance is Assurance.PROVENANCE
    if shown is None:
        return HolderState.NOT_BY_NAME if nameless else HolderState.UNREADABLE
    citizen = citizen_at(visit, sighting.jar.portal)
    return HolderState.UNBOUND if citizen is None else _agreement(visit, citizen, terms, sighting.jar, shown)


def _agreement(visit: Visit, citizen: Citizen, terms: Terms, jar: Jar, shown: Identity) -> HolderState:
    match compare(citizen, shown, visit.shared):
        case Agreement.MISMATCH:
            return HolderState.SOMEONE_ELSE
        case _ if terms.assurance is Assurance.PROVENANCE:
            return HolderState.NOT_BY_NAME
        case Agreement.MATCH:
            return HolderState.AGREE
        case Agreement.VARIANT:
            return HolderState.AGREE if confirmed(visit, jar, shown) else HolderState.VARIANT
        case Agreement.UNREADABLE:
            return HolderState.UNREADABLE
