"""Who serves, from one day to the next."""

from __future__ import annotations

import pytest

from guard.core.commands import Kind, Record
from guard.core.events import (
    BrowserLost,
    BrowserReady,
    DayBegan,
    Ending,
    EndRequested,
    HandoverEnded,
    OpenRequested,
    StaffChanged,
)
from guard.core.staff import Member, Role
from guard.core.view import Phase, SealReason
from tests.unit.core.counters import TANAKA, Till, clearance

ONO = Member(number="S-12", name="小野 健", role=Role.STAFF)
MORI = Member(number="S-13", name="森 海", role=Role.STAFF)
OPEN = OpenRequested(visit_id="v1", citizen=TANAKA, at=0.0)
END = EndRequested(ending=Ending.DONE, at=20.0)
BEGAN, BY_ONO, BY_MORI = DayBegan(), StaffChanged(member=ONO), StaffChanged(member=MORI)


def begun(*happened: object) -> Till:
    till = Till()
    till.feed(BrowserReady(generation=1), *happened)  # type: ignore[arg-type]  # events, each of them
    return till


def serves(till: Till) -> Member | None:
    return till.counter.staff


def changes(till: Till) -> list[tuple[str | None, dict[str, str]]]:
    """With the visit under which each stands."""
    entries = [entry for entry in till.all(Record) if entry.kind is Kind.STAFF_CHANGED]
    return [(entry.visit_id, dict(entry.facts)) for entry in entries]


def test_between_two_visits_yesterdays_person_serves_no_more() -> None:
    """A guard left on overnight would journal today under them."""
    till = begun(BY_ONO, BEGAN)
    assert serves(till) is None
    assert changes(till) == [(None, {"from": "S-12", "to": ""})]
    assert till.feed(BEGAN) == ()
    till.feed(BY_ONO)
    assert serves(till) == ONO
    assert changes(till) == [(None, {"from": "", "to": "S-12"})]
    till.feed(OPEN, END, HandoverEnded(clearance=clearance(), generation=2))
    assert serves(till) == ONO


@pytest.mark.parametrize("clean", [True, False])
def test_an_open_visit_keeps_its_staff_until_the_handover_is_over(clean: bool) -> None:  # noqa: FBT001 (drawn)
    """Midnight passes while a citizen is served: nobody is asked for a PIN in the middle of it."""
    till = begun(BY_ONO, OPEN)
    assert till.feed(BEGAN) == ()
    assert serves(till) == ONO
    till.feed(END)
    assert serves(till) == ONO
    till.feed(HandoverEnded(clearance=clearance(clean=clean), generation=2))
    assert serves(till) is None
    assert changes(till) == [(None, {"from": "S-12", "to": ""})]
    assert (till.counter.seal is None) is clean
    if not clean:
        assert till.counter.seal is not None
        assert till.counter.seal.reason is SealReason.NOT_CLEARED
        assert till.kinds()[-1] is Kind.SEALED


@pytest.mark.parametrize(("chosen", "number"), [(BY_ONO, "S-12"), (BY_MORI, "S-13")])
def test_who_is_chosen_after_midnight_in_an_open_visit_stays(chosen: StaffChanged, number: str) -> None:
    """The PIN is of today, the same person's too; and the journal says so."""
    till = begun(BY_ONO, OPEN, BEGAN, chosen)
    assert changes(till) == [("v1", {"from": "S-12", "to": number})]
    till.feed(END, HandoverEnded(clearance=clearance(), generation=2))
    assert serves(till) == chosen.member
    assert changes(till) == []


def test_while_a_browser_is_replaced_between_two_visits_the_day_begins_at_once() -> None:
    till = begun(BY_ONO, BrowserLost(generation=1, by_staff=True, at=5.0), BEGAN)
    assert till.counter.phase is Phase.CLOSING
    assert serves(till) is None


def test_where_nobody_serves_a_new_day_changes_nothing() -> None:
    """Nobody is registered, or nobody was chosen; before the first browser, between visits and within one."""
    for till in (Till(), begun(), begun(OPEN), begun(OPEN, END)):
        before = till.counter
        assert till.feed(BEGAN) == ()
        assert till.counter == before
    till = begun(OPEN, BEGAN, END, HandoverEnded(clearance=clearance(), generation=2))
    assert changes(till) == []
