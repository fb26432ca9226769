"""A submission that waits for the citizen: held, read back, looked at again, and answered exactly once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guard.core.commands import Decline, Kind, LookAt, Record, Refusal, Release, SetDeadline, Stop
from guard.core.events import (
    BrowserLost,
    CardSeen,
    DeadlinePassed,
    Ending,
    EndRequested,
    HandoverEnded,
    ReadBack,
    SubmissionHeld,
    SubmissionWithdrawn,
    UnforeseenFault,
    ValueApproved,
)
from guard.core.payload import FieldKind, Payload, Value, read_value
from guard.core.verdict import Reason
from guard.core.viewing import view
from tests.unit.core.counters import MATCH, POINT, SISTER, TERMS, Till, clearance, held, serving, sighted, submission

LOOK = LookAt(jar=POINT, generation=1)


def value(typed: str, kind: FieldKind = FieldKind.PAYMENT_ID) -> Value:
    found = read_value(kind, typed)
    assert found is not None
    return found


ID, NUMBER = value("SP10010001"), value("1001001", FieldKind.ACCOUNT_NUMBER)


def sends(
    *values: Value, name: str = "r1", at: float = 10.0, of_another: frozenset[Value] = frozenset()
) -> SubmissionHeld:
    carried = Payload(values=values, of_another=of_another)
    return SubmissionHeld(submission=replace(submission(name=name, at=at), payload=carried))


def typed(end: str, *, name: str = "r1", at: float = 30.0) -> ReadBack:
    return ReadBack(submission_id=name, typed=end, at=at)


def asked(*values: Value) -> Till:
    """A visit in which a submission of the right person waits for the first of these values."""
    till = serving()
    till.feed(sends(*(values or (ID,))), sighted(MATCH, at=11.0))
    return till


def reasons(till: Till) -> list[Reason | None]:
    return [stop.verdict.reason for stop in till.all(Stop)]


def test_a_right_submission_waits_a_minute_for_the_citizen_and_the_portal_is_asked_nothing_meanwhile() -> None:
    till = asked()
    assert till.out == (SetDeadline(submission_id="r1", seconds=60.0, turn=1),)
    shown = view(till.counter, TERMS).read_back
    assert shown is not None
    assert (shown.groups, shown.portal, shown.turn) == (("SP10", "0100", "01"), "point", 1)
    assert "SP10" not in repr(view(till.counter, TERMS))
    assert till.feed(sighted(MATCH, at=12.0)) == ()


def test_what_was_read_back_goes_out_after_another_look_and_is_not_asked_again() -> None:
    """Up to a minute has passed: who was seen before it proves nothing of now."""
    till = asked()
    till.feed(typed("0001"))
    assert till.kinds() == [Kind.READ_BACK]
    assert till.out[1:] == (LOOK, SetDeadline(submission_id="r1", seconds=TERMS["point"].deadline, turn=2))
    assert view(till.counter, TERMS).read_back is None
    till.feed(sighted(MATCH, at=29.9))
    assert till.out == (LOOK,), "asked before the citizen had answered"
    till.feed(sighted(MATCH, at=30.1))
    assert till.kinds() == [Kind.RELEASED]
    assert len(till.all(Release)) == 1
    entry = till.all(Record)[0]
    assert (entry.values, entry.citizen) == ((ID,), till.counter.visit and till.counter.visit.citizen)
    till.feed(sends(ID, name="r2", at=31.0), sighted(MATCH, at=32.0))
    assert len(till.all(Release)) == 1


def test_somebody_else_who_logged_in_meanwhile_is_stopped() -> None:
    till = asked()
    till.feed(typed("0001"), sighted(SISTER, at=31.0))
    assert reasons(till) == [Reason.SOMEONE_ELSE]


def test_a_slip_is_stopped_and_may_be_tried_again() -> None:
    """The journal says that it differed, not what was typed."""
    till = asked()
    till.feed(typed("0010"))
    assert (till.kinds(), reasons(till)) == ([Kind.READ_BACK, Kind.STOPPED], [Reason.READ_BACK_DIFFERS])
    assert ("agrees", "no") in till.all(Record)[0].facts
    assert "0010" not in repr((till.out, typed("0010")))
    till.feed(sends(ID, name="r2", at=40.0), sighted(MATCH, at=41.0), typed("0001", name="r2", at=50.0))
    till.feed(sighted(MATCH, at=51.0))
    assert len(till.all(Release)) == 1


def test_the_minute_ends_in_a_stop_and_no_earlier_deadline_does() -> None:
    """The first wait, for the portal, had a deadline of its own, which comes while the citizen looks for a paper."""
    till = asked()
    till.feed(DeadlinePassed(submission_id="r1"))
    assert till.out == ()
    till.feed(DeadlinePassed(submission_id="r1", turn=1))
    assert reasons(till) == [Reason.NOT_READ_BACK]
    assert (till.counter.waiting, till.counter.turns) == ({}, {})
    again = asked()
    again.feed(typed("0001"), DeadlinePassed(submission_id="r1", turn=1))
    assert again.out == ()
    again.feed(DeadlinePassed(submission_id="r1", turn=2))
    assert reasons(again) == [Reason.TOO_LATE]


def test_several_values_are_read_back_one_after_the_other() -> None:
    till = asked(ID, NUMBER)
    till.feed(typed("0001"))
    assert till.out[1:] == (SetDeadline(submission_id="r1", seconds=60.0, turn=2),)
    shown = view(till.counter, TERMS).read_back
    assert shown is not None
    assert shown.groups == ("1001", "001")
    till.feed(typed("1001", at=40.0), sighted(MATCH, at=41.0))
    assert len(till.all(Release)) == 1


def test_two_forms_with_one_value_are_read_back_once() -> None:
    """A double click, and the citizen types four characters."""
    till = asked()
    till.feed(sends(ID, name="r2", at=12.0))
    assert till.all(SetDeadline) == [SetDeadline(submission_id="r2", seconds=60.0, turn=1)], "the look of a second ago"
    till.feed(typed("0001"))
    assert len(till.all(LookAt)) == 2
    till.feed(sighted(MATCH, at=31.0))
    assert len(till.all(Release)) == 2


def test_nothing_waits_for_the_citizen_once_the_visit_ends_or_a_fault_seals() -> None:
    for event, why in (
        (EndRequested(ending=Ending.DONE, at=20.0), [Reason.VISIT_CLOSING]),
        (UnforeseenFault(where="test"), [Reason.UNFORESEEN]),
        (BrowserLost(generation=1, by_staff=True, at=20.0), []),
        (SubmissionWithdrawn(submission_id="r1"), []),
    ):
        till = asked()
        till.feed(event)
        assert reasons(till) == why
        assert (dict(till.counter.waiting), dict(till.counter.turns)) == ({}, {})
        assert view(till.counter, TERMS).read_back is None


@pytest.mark.parametrize(("event", "refusal"), [
    (typed("0001", name="r9"), Refusal.NOTHING_TO_READ_BACK),
    (ValueApproved(submission_id="r1", leader="L1"), Refusal.NOTHING_TO_APPROVE),
])  # fmt: skip
def test_an_answer_that_nobody_asked_for_changes_nothing(event: ReadBack | ValueApproved, refusal: Refusal) -> None:
    for till in (serving(), asked()):
        before = till.counter
        assert till.feed(event) == (Decline(refusal=refusal),)
        assert till.counter == before
    closed = serving()
    closed.feed(EndRequested(ending=Ending.DONE, at=20.0))
    assert closed.feed(event) == (Decline(refusal=Refusal.NO_VISIT_OPEN),)


def test_a_waiting_look_is_not_answered_by_typing() -> None:
    """Only what the citizen was shown can be read back."""
    till = serving()
    till.feed(sends(ID))
    assert till.feed(typed("0001")) == (Decline(refusal=Refusal.NOTHING_TO_READ_BACK),)


def test_a_leader_allows_a_shared_account_in_this_visit_and_the_citizen_still_reads_it_back() -> None:
    till = serving()
    till.feed(sends(NUMBER, of_another=frozenset({NUMBER})), sighted(MATCH, at=11.0))
    assert reasons(till) == [Reason.VALUE_OF_ANOTHER]
    (dispute,) = view(till.counter, TERMS).disputes
    assert (dispute.submission_id, dispute.groups) == ("r1", ("1001", "001"))
    till.feed(ValueApproved(submission_id="r1", leader="L1", by_pin=True))
    assert till.kinds() == [Kind.VALUE_APPROVED]
    assert dict(till.all(Record)[0].facts) == {"submission": "r1", "portal": "point", "leader": "L1", "pin": "right"}
    assert view(till.counter, TERMS).disputes == ()
    till.feed(sends(NUMBER, name="r2", at=20.0, of_another=frozenset({NUMBER})), sighted(MATCH, at=21.0))
    till.feed(typed("1001", name="r2"), sighted(MATCH, at=31.0))
    assert len(till.all(Release)) == 1
    till.feed(EndRequested(ending=Ending.DONE, at=40.0), HandoverEnded(clearance=clearance(), generation=2))
    assert till.counter.visit is None, "and with the visit the permission ends"


def test_a_value_that_is_stopped_twice_is_asked_about_once() -> None:
    till = serving()
    for name, at in (("r1", 10.0), ("r2", 20.0)):
        till.feed(sends(ID, name=name, at=at, of_another=frozenset({ID})), sighted(MATCH, at=at + 1))
    (dispute,) = view(till.counter, TERMS).disputes
    assert dispute.submission_id == "r2"


def test_a_corrected_number_settles_what_was_disputed() -> None:
    """Nobody is asked to allow what has been put right."""
    till = serving()
    till.feed(sends(ID, of_another=frozenset({ID})), sighted(MATCH, at=11.0))
    till.feed(sends(value("SP10020002"), name="r2", at=20.0), sighted(MATCH, at=21.0))
    assert len(view(till.counter, TERMS).disputes) == 1
    till.feed(typed("0002", name="r2"), sighted(MATCH, at=31.0))
    assert view(till.counter, TERMS).disputes == ()


def test_a_sealed_counter_allows_nothing() -> None:
    till = serving()
    till.feed(sends(ID, of_another=frozenset({ID})), sighted(MATCH, at=11.0), UnforeseenFault(where="test"))
    assert till.feed(ValueApproved(submission_id="r1", leader="L1")) == (Decline(refusal=Refusal.COUNTER_SEALED),)


def test_other_submissions_are_decided_while_one_waits_for_the_citizen() -> None:
    till = asked()
    till.feed(CardSeen(at=12.0), held(at=20.0, name="r2"))
    assert till.all(LookAt) == [LOOK]
    till.feed(sighted(MATCH, at=21.0))
    assert [one.submission.id for one in till.all(Release)] == ["r2"]
    assert list(till.counter.waiting) == ["r1"]
