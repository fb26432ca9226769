"""A visit of a time without the guard, entered afterwards."""

from __future__ import annotations

from guard.core.commands import Kind, Record
from guard.core.events import BrowserReady, Ending, StaffChanged, VisitWithoutGuard
from guard.core.offline import Cause, Kept
from guard.core.staff import Member, Role
from guard.core.view import Phase
from guard.core.viewing import view
from tests.unit.core.counters import TERMS, Till

VISIT = VisitWithoutGuard(
    visit_id="w1",
    began="2026-03-31T14:30+09:00",
    ending=Ending.DONE,
    cause=Cause.POWER,
    kept=frozenset({Kept.LOGGED_OUT, Kept.CARD_RETURNED}),
)


def test_the_entry_says_what_people_say_and_who_entered_it() -> None:
    """Under a visit of its own, with no citizen; it changes nothing but the count that staff see."""
    till = Till()
    ono = Member(number="S-12", name="小野 健", role=Role.STAFF)
    till.feed(BrowserReady(generation=1), StaffChanged(member=ono), VISIT)
    (entry,) = till.all(Record)
    assert (entry.kind, entry.visit_id, entry.citizen) == (Kind.VISIT_WITHOUT_GUARD, "w1", None)
    assert dict(entry.facts) == {
        "began": "2026-03-31T14:30+09:00",
        "ending": "done",
        "cause": "power",
        "name_compared": "no",
        "logged_out": "yes",
        "window_closed": "no",
        "card_returned": "yes",
        "leader_looked": "no",
        "staff": "S-12",
    }
    assert (view(till.counter, TERMS).without_guard, till.counter.phase) == (1, Phase.READY)
