"""The card on the reader: what its coming and going does to a visit."""

from __future__ import annotations

import pytest

from guard.core.card import UNSEEN, CardAnswer, CardState, CardTerms, Gone, Reader
from guard.core.commands import Decline, Handover, Kind, LookAt, Record, Refusal, Release, SetCardGrace, Stop
from guard.core.events import (
    BrowserReady,
    CardAnswered,
    CardGone,
    CardGracePassed,
    CardSeen,
    Ending,
    EndRequested,
    Event,
    HandoverEnded,
    OpenRequested,
)
from guard.core.submission import RequestClass
from guard.core.verdict import Reason
from guard.core.view import Phase
from guard.core.viewing import view
from tests.unit.core.counters import MATCH, TANAKA, TERMS, Till, clearance, held, sighted

SEEN = CardSeen(at=1.0)
REMOVED = CardGone(why=Gone.REMOVED, at=20.0)
SAME = CardAnswered(answer=CardAnswer.SAME_CITIZEN, at=30.0)
WITHOUT = CardAnswered(answer=CardAnswer.WITHOUT_CARD, at=30.0)


def visit(*happened: Event, handover_after: float | None = None) -> Till:
    """A visit that requires the card, after these events."""
    till = Till()
    terms = CardTerms(handover_after=handover_after)
    till.feed(BrowserReady(generation=1), OpenRequested(visit_id="v1", citizen=TANAKA, card=terms, at=0.0), *happened)
    return till


def reasons(till: Till) -> list[Reason | None]:
    return [stop.verdict.reason for stop in till.all(Stop)]


def shown(till: Till) -> CardState | None:
    return view(till.counter, TERMS).card


@pytest.mark.parametrize("request_class", [RequestClass.SUBMISSION, RequestClass.LOGIN])
def test_without_the_card_nothing_is_sent_and_no_portal_is_asked(request_class: RequestClass) -> None:
    """Before it was laid down, and at once."""
    till = visit(held(request_class))
    assert (reasons(till), till.all(LookAt), shown(till)) == ([Reason.CARD_MISSING], [], CardState.AWAITED)


def test_with_the_card_there_a_right_submission_goes_out() -> None:
    till = visit(SEEN, held(), sighted(MATCH, at=11.0))
    assert (len(till.all(Release)), shown(till)) == (1, CardState.THERE)


def test_a_card_laid_down_before_the_visit_opens_counts() -> None:
    """Staff may type the name while the citizen is already at the reader."""
    till = Till()
    till.feed(BrowserReady(generation=1), SEEN)
    till.feed(OpenRequested(visit_id="v1", citizen=TANAKA, card=CardTerms(), at=2.0))
    assert shown(till) is CardState.THERE


@pytest.mark.parametrize("why", list(Gone))
def test_what_waits_is_stopped_the_moment_the_card_goes(why: Gone) -> None:
    """Swapped, unplugged, dead or hung: all count as removed, and the journal says which."""
    till = visit(SEEN, held(), CardGone(why=why, at=20.0))
    assert reasons(till) == [Reason.CARD_REMOVED]
    assert till.kinds() == [Kind.CARD_GONE, Kind.STOPPED]
    assert till.all(Record)[0].facts == (("why", why.value),)
    assert (dict(till.counter.waiting), shown(till), till.counter.phase) == ({}, CardState.REMOVED, Phase.SERVING)


def test_a_card_that_comes_back_is_anybodys_until_staff_say_whose() -> None:
    """A reader tells that a card lies there, not whose; after the word the portal is asked again."""
    till = visit(SEEN, sighted(MATCH, at=18.0), REMOVED, CardSeen(at=21.0))
    assert shown(till) is CardState.BACK
    till.feed(held(at=22.0))
    assert reasons(till) == [Reason.CARD_REMOVED]
    till.feed(SAME)
    assert (till.kinds(), shown(till)) == ([Kind.CARD_ACCEPTED], CardState.THERE)
    till.feed(held(at=31.0, name="r2"))
    assert till.all(LookAt), "a sighting from before the removal is worth nothing"
    till.feed(sighted(MATCH, at=32.0))
    assert len(till.all(Release)) == 1


def test_a_logout_and_the_end_of_the_visit_need_no_card() -> None:
    till = visit(SEEN, REMOVED, held(RequestClass.LOGOUT))
    assert len(till.all(Release)) == 1
    till.feed(EndRequested(ending=Ending.DISCARDED, at=40.0))
    assert len(till.all(Handover)) == 1


@pytest.mark.parametrize(
    ("before", "answer", "refusal"),
    [
        ([SEEN, REMOVED], SAME, Refusal.CARD_MISSING),
        ([SEEN], WITHOUT, Refusal.CARD_WAS_SEEN),
        ([SEEN, REMOVED], WITHOUT, Refusal.CARD_WAS_SEEN),
        ([WITHOUT], SAME, Refusal.NO_CARD_ASKED),
    ],
)
def test_staff_cannot_vouch_for_what_is_not_so(before: list[Event], answer: Event, refusal: Refusal) -> None:
    """No card: nothing to vouch for. A visit that began with a card is not made one by barcode."""
    till = visit(*before)
    counter = till.counter
    assert till.feed(answer) == (Decline(refusal=refusal),)
    assert till.counter == counter


def test_a_login_by_barcode_needs_no_card() -> None:
    """Staff say so before a card was seen, and the journal keeps it."""
    till = visit(WITHOUT)
    assert (till.kinds(), shown(till)) == ([Kind.CARD_WAIVED], None)
    till.feed(held(), sighted(MATCH, at=11.0))
    assert len(till.all(Release)) == 1


def test_the_visit_ends_when_the_grace_is_over() -> None:
    till = visit(SEEN, held(), REMOVED, handover_after=7.0)
    assert till.all(SetCardGrace) == [SetCardGrace(visit_id="v1", removal=1, seconds=7.0)]
    till.feed(CardGracePassed(visit_id="v1", removal=1, at=27.0))
    assert till.all(Record)[0].facts == (("ending", "card_gone"),)
    assert (len(till.all(Handover)), till.counter.phase) == (1, Phase.CLOSING)


def test_another_card_does_not_stop_the_grace_and_the_same_citizens_does() -> None:
    """Whoever comes next lays down a card of their own: only staff's word counts."""
    over = CardGracePassed(visit_id="v1", removal=1, at=27.0)
    swapped = visit(SEEN, REMOVED, CardSeen(at=21.0), REMOVED, CardSeen(at=22.0), over, handover_after=7.0)
    assert swapped.counter.phase is Phase.CLOSING
    same = visit(SEEN, REMOVED, CardSeen(at=21.0), SAME, over, handover_after=7.0)
    assert same.counter.phase is Phase.SERVING
    again = same.feed(CardGone(why=Gone.REMOVED, at=40.0))
    assert SetCardGrace(visit_id="v1", removal=2, seconds=7.0) in again


@pytest.mark.parametrize(("before", "lies"), [([SEEN], "card"), ([SEEN, REMOVED], "empty")])
def test_the_clearance_says_whether_the_card_was_returned(before: list[Event], lies: str) -> None:
    till = visit(*before, EndRequested(ending=Ending.DONE, at=40.0))
    till.feed(HandoverEnded(clearance=clearance(), generation=2))
    assert ("card_reader", lies) in till.all(Record)[0].facts


def test_a_card_left_behind_serves_nobody_else() -> None:
    """It is shown until it is gone; the next citizen's own card counts after that."""
    till = visit(SEEN, EndRequested(ending=Ending.DONE, at=40.0))
    till.feed(HandoverEnded(clearance=clearance(), generation=2))
    assert (till.counter.reader, shown(till)) == (Reader.LEFT, CardState.LEFT)
    till.feed(OpenRequested(visit_id="v2", citizen=TANAKA, card=CardTerms(), at=50.0), held(at=51.0, generation=2))
    assert reasons(till) == [Reason.CARD_MISSING]
    till.feed(CardGone(why=Gone.REMOVED, at=52.0))
    assert (till.out, shown(till)) == ((), CardState.AWAITED)
    till.feed(CardSeen(at=53.0))
    assert shown(till) is CardState.THERE


@pytest.mark.parametrize("why", sorted(UNSEEN))
@pytest.mark.parametrize("before_the_end", [True, False])
def test_a_card_that_nobody_saw_leave_serves_nobody_else(why: Gone, before_the_end: bool) -> None:  # noqa: FBT001 (drawn)
    """The card service stumbles, and answers again: the card is the earlier citizen's, until it is taken and laid."""
    stumbles, ends = CardGone(why=why, at=39.0), EndRequested(ending=Ending.DONE, at=40.0)
    till = visit(SEEN, *((stumbles, ends) if before_the_end else (ends, stumbles)))
    till.feed(HandoverEnded(clearance=clearance(), generation=2), CardSeen(at=45.0))
    till.feed(OpenRequested(visit_id="v2", citizen=TANAKA, card=CardTerms(), at=50.0), held(at=51.0, generation=2))
    assert (reasons(till), shown(till)) == ([Reason.CARD_MISSING], CardState.LEFT)
    assert view(till.counter, TERMS).card_may_be_waived, "the way out while the reader stays dead"
    till.feed(stumbles, CardSeen(at=52.0))
    assert shown(till) is CardState.LEFT
    till.feed(REMOVED, CardSeen(at=53.0))
    assert shown(till) is CardState.THERE
    assert not view(till.counter, TERMS).card_may_be_waived


@pytest.mark.parametrize("why", sorted(UNSEEN))
def test_a_reader_that_answers_again_and_is_empty_awaits_the_next_card(why: Gone) -> None:
    """There is a way out of every stumble: an empty reader, or staff's word for a login by barcode."""
    till = visit(SEEN, CardGone(why=why, at=20.0), EndRequested(ending=Ending.DONE, at=40.0))
    till.feed(HandoverEnded(clearance=clearance(), generation=2))
    assert ("card_reader", "unknown") in till.all(Record)[0].facts
    till.feed(OpenRequested(visit_id="v2", citizen=TANAKA, card=CardTerms(), at=50.0))
    waived = Till(till.counter)
    waived.feed(WITHOUT)
    assert waived.kinds() == [Kind.CARD_WAIVED]
    till.feed(REMOVED)
    assert shown(till) is CardState.AWAITED
    till.feed(CardSeen(at=53.0))
    assert shown(till) is CardState.THERE


@pytest.mark.parametrize("why", sorted(UNSEEN))
def test_the_citizens_own_card_is_asked_about_after_a_stumble(why: Gone) -> None:
    """In the visit itself nothing changes: it lies there again, and staff say whose it is."""
    till = visit(SEEN, CardGone(why=why, at=20.0))
    assert shown(till) is CardState.REMOVED
    till.feed(CardSeen(at=21.0))
    assert shown(till) is CardState.BACK
    till.feed(SAME)
    assert shown(till) is CardState.THERE


def test_a_visit_without_a_reader_hears_of_no_card() -> None:
    till = Till()
    till.feed(BrowserReady(generation=1), OpenRequested(visit_id="v1", citizen=TANAKA, at=0.0), SEEN, held(), REMOVED)
    assert (till.out, len(till.counter.waiting), shown(till)) == ((), 1, None)


@pytest.mark.parametrize("event", [SEEN, REMOVED, CardGracePassed(visit_id="v1", removal=1, at=1.0)])
def test_what_the_reader_says_is_legal_in_every_phase(event: Event) -> None:
    """A reader reports whenever it likes; that is no fault of the counter's."""
    for till in (Till(), visit(), visit(EndRequested(ending=Ending.DONE, at=5.0))):
        before = till.counter.phase
        assert {type(one) for one in till.feed(event)} <= {Record}
        assert till.counter.phase is before
