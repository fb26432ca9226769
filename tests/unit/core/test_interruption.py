"""An interrupted visit: its reason on record, a leader before the next one, and a line when the citizen returns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guard.core.commands import Admit, Decline, Kind, Record, Refusal
from guard.core.events import Ending, EndRequested, HandoverEnded, LiftRequested, OpenRequested, UnforeseenFault
from guard.core.interruption import Earlier, Interruption
from guard.core.view import SealReason
from guard.core.viewing import view
from tests.unit.core.counters import TANAKA, TERMS, Till, clearance, serving

NEXT = OpenRequested(visit_id="v2", citizen=TANAKA, at=30.0)
LIFT = LiftRequested(leader="L1")


def interrupted(why: Interruption | None = Interruption.PORTAL_DOWN) -> Till:
    till = serving()
    till.feed(EndRequested(ending=Ending.INTERRUPTED, interruption=why, at=20.0))
    return till


@pytest.mark.parametrize("why", Interruption)
def test_the_next_visit_waits_for_a_leader_after_a_clean_handover(why: Interruption) -> None:
    """The clearance stays clean, because nothing of the citizen is left; the page names the reason."""
    till = interrupted(why)
    (ending,) = till.all(Record)
    assert dict(ending.facts) == {"ending": "interrupted", "interruption": why.value}
    till.feed(HandoverEnded(clearance=clearance(), generation=2))
    assert till.kinds() == [Kind.CLEARANCE, Kind.SEALED]
    seen = view(till.counter, TERMS)
    assert (seen.seal, seen.seal_detail) == (SealReason.INTERRUPTED, why.value)
    assert seen.clearance is not None
    assert seen.clearance.clean
    till.feed(NEXT)
    assert till.all(Decline) == [Decline(refusal=Refusal.COUNTER_SEALED)]
    till.feed(LIFT, NEXT)
    assert till.all(Admit) == [Admit(generation=2, visit_id="v2")]


def test_what_is_not_proved_is_looked_at_first() -> None:
    """One seal for the one look of the leader, and the graver reason."""
    till = interrupted()
    till.feed(HandoverEnded(clearance=clearance(clean=False), generation=2))
    assert till.kinds() == [Kind.CLEARANCE, Kind.SEALED]
    assert till.counter.seal is not None
    assert till.counter.seal.reason is SealReason.NOT_CLEARED


def test_an_earlier_seal_keeps_its_reason() -> None:
    till = serving()
    till.feed(UnforeseenFault(where="gate: KeyError"))
    till.feed(EndRequested(ending=Ending.INTERRUPTED, interruption=Interruption.OTHER, at=20.0))
    till.feed(HandoverEnded(clearance=clearance(), generation=2))
    assert till.kinds() == [Kind.CLEARANCE]
    assert till.counter.seal is not None
    assert till.counter.seal.reason is SealReason.UNFORESEEN


def test_a_program_that_breaks_off_a_visit_calls_no_leader() -> None:
    """An exception in a `visit` block: nobody stood at the counter and chose a reason."""
    till = interrupted(None)
    till.feed(HandoverEnded(clearance=clearance(), generation=2), NEXT)
    assert till.all(Admit) == [Admit(generation=2, visit_id="v2")]


def test_the_citizen_who_returns_is_shown_with_what_was_interrupted() -> None:
    """As long as the visit is open, and no longer."""
    earlier = Earlier(at=datetime(2026, 4, 1, 0, 30, tzinfo=UTC), why=Interruption.CITIZEN_LEFT)
    till = interrupted()
    till.feed(HandoverEnded(clearance=clearance(), generation=2), LIFT)
    till.feed(OpenRequested(visit_id="v2", citizen=TANAKA, earlier=earlier, at=30.0))
    assert view(till.counter, TERMS).earlier == earlier
    till.feed(EndRequested(ending=Ending.DONE, at=40.0))
    till.feed(HandoverEnded(clearance=clearance("v2", generation=2), generation=3))
    assert view(till.counter, TERMS).earlier is None
