"""The completion checklist: what the guard proves, what the reader sees, what people say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guard.core.card import UNSEEN, CardTerms, Gone
from guard.core.checklist import Confirmer, How, Item
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.commands import Admit, Decline, Kind, Record, Refusal
from guard.core.events import (
    BrowserLost,
    BrowserReady,
    CardGone,
    CardSeen,
    ChecklistConfirmed,
    Ending,
    EndRequested,
    Event,
    HandoverEnded,
    OpenRequested,
)
from tests.unit.core.counters import TANAKA, Till, clearance, serving

CLEARED = Clearance(
    visit_id="v1",
    generation=1,
    proofs=tuple(Proof(area=area, finding=Finding.PROVED, portal="point") for area in Area),
)
EVERYTHING = frozenset(Item)
REMOVED = CardGone(why=Gone.REMOVED, at=60.0)


def ended(found: Clearance = CLEARED) -> Till:
    """A visit of TANAKA that is over."""
    till = serving()
    till.feed(EndRequested(ending=Ending.DONE, at=40.0), HandoverEnded(clearance=found, generation=2))
    return till


def ended_with_card(*happened: Event, before_end: tuple[Event, ...] = ()) -> Till:
    till = Till()
    till.feed(BrowserReady(generation=1), OpenRequested(visit_id="v1", citizen=TANAKA, card=CardTerms(), at=0.0))
    till.feed(CardSeen(at=1.0), *before_end, EndRequested(ending=Ending.DONE, at=40.0))
    till.feed(HandoverEnded(clearance=CLEARED, generation=2), *happened)
    return till


def word(by: Confirmer = Confirmer.CITIZEN, ticked: frozenset[Item] = EVERYTHING) -> ChecklistConfirmed:
    return ChecklistConfirmed(visit_id="v1", by=by, ticked=ticked)


def how(till: Till, item: Item) -> How:
    assert till.counter.checklist is not None
    return till.counter.checklist.how(item)


def test_logout_and_window_are_known_without_anybody_ticking_them() -> None:
    """The list appears with the clearance, and its last two items are the guard's own findings."""
    till = ended()
    assert [how(till, item) for item in Item] == [How.OPEN, How.PROVED, How.PROVED, How.OPEN]


@pytest.mark.parametrize(
    ("area", "item"),
    [(Area.LOGGED_OUT, Item.LOGGED_OUT), (Area.PROCESS_GONE, Item.WINDOW_CLOSED)],
)
@pytest.mark.parametrize("finding", [Finding.NOT_PROVED, Finding.DECLARED])
def test_what_is_not_proved_stays_open_whoever_ticks_it(area: Area, item: Item, finding: Finding) -> None:
    """Citizen and staff may both have ticked it in a forged form; nothing makes it proved."""
    proofs = tuple(replace(proof, finding=finding) if proof.area is area else proof for proof in CLEARED.proofs)
    till = ended(replace(CLEARED, proofs=proofs))
    till.feed(word(), word(Confirmer.STAFF))
    assert how(till, item) is How.OPEN


def test_a_visit_that_opened_no_portal_has_nothing_to_log_out_of() -> None:
    gone = tuple(proof for proof in CLEARED.proofs if proof.area in {Area.PROCESS_GONE, Area.PROFILE_GONE})
    assert how(ended(replace(CLEARED, proofs=gone)), Item.LOGGED_OUT) is How.PROVED


def test_without_any_proof_nothing_is_claimed() -> None:
    till = ended(replace(CLEARED, proofs=()))
    assert {how(till, Item.LOGGED_OUT), how(till, Item.WINDOW_CLOSED)} == {How.OPEN}


def test_each_word_is_journalled_with_all_that_is_known() -> None:
    """The newest entry of a visit tells the whole list; it bears the visit that is over, and no name."""
    till = ended()
    till.feed(word())
    (entry,) = till.all(Record)
    assert (entry.kind, entry.visit_id, entry.citizen) == (Kind.CHECKLIST, "v1", None)
    assert dict(entry.facts) == {
        "card_returned": "said",
        "logged_out": "proved",
        "window_closed": "proved",
        "papers_taken": "said",
        "citizen": "yes",
        "staff": "no",
    }
    till.feed(word(Confirmer.STAFF))
    assert dict(till.all(Record)[0].facts)["staff"] == "yes"
    assert till.counter.checklist is not None
    assert till.counter.checklist.complete
    assert till.feed(word()) == (), "said once"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (word(ticked=frozenset({Item.PAPERS_TAKEN})), Refusal.CHECKLIST_OPEN),
        (word(ticked=frozenset({Item.CARD_RETURNED, Item.LOGGED_OUT})), Refusal.CHECKLIST_OPEN),
        (replace(word(), visit_id="v0"), Refusal.CHECKLIST_OVER),
    ],
)
def test_half_a_list_or_an_old_one_is_declined(said: ChecklistConfirmed, refusal: Refusal) -> None:
    till = ended()
    assert till.feed(said) == (Decline(refusal=refusal),)


def test_there_is_nothing_to_confirm_while_somebody_is_served() -> None:
    assert serving().feed(word()) == (Decline(refusal=Refusal.CHECKLIST_OVER),)


def test_the_next_visit_waits_for_nobody_and_the_journal_says_so() -> None:
    """The entry stands before the opening, under the visit that is over."""
    till = ended()
    till.feed(OpenRequested(visit_id="v2", citizen=TANAKA, at=50.0))
    assert till.kinds() == [Kind.CHECKLIST, Kind.VISIT_OPENED]
    left_open = till.all(Record)[0]
    assert (left_open.visit_id, dict(left_open.facts)["citizen"]) == ("v1", "no")
    assert len(till.all(Admit)) == 1
    assert till.counter.checklist is None


def test_a_confirmed_list_needs_no_second_entry() -> None:
    till = ended()
    till.feed(word(), word(Confirmer.STAFF), OpenRequested(visit_id="v2", citizen=TANAKA, at=50.0))
    assert till.kinds() == [Kind.VISIT_OPENED]


def test_a_browser_that_is_replaced_meanwhile_does_not_lose_the_list() -> None:
    till = ended()
    till.feed(BrowserLost(generation=2, by_staff=False, at=45.0))
    assert dict(till.feed(word())[0].facts)["citizen"] == "yes"  # type: ignore[union-attr]  # the one entry
    till.feed(HandoverEnded(clearance=clearance(None, generation=2), generation=3))
    assert till.counter.checklist is not None


def test_nobody_can_say_that_a_card_was_returned_while_the_reader_sees_it() -> None:
    till = ended_with_card()
    assert till.feed(word()) == (Decline(refusal=Refusal.CARD_STILL_THERE),)
    till.feed(REMOVED)
    assert how(till, Item.CARD_RETURNED) is How.READER
    till.feed(word(ticked=frozenset({Item.PAPERS_TAKEN})))
    assert till.kinds() == [Kind.CHECKLIST]


def test_a_card_taken_before_the_end_was_seen_to_go() -> None:
    assert how(ended_with_card(before_end=(REMOVED,)), Item.CARD_RETURNED) is How.READER


@pytest.mark.parametrize("why", [why for why in Gone if why is not Gone.REMOVED])
def test_a_reader_that_lost_sight_proves_nothing(why: Gone) -> None:
    """Unplugged, dead, hung or exchanged: people are asked, as without a reader."""
    for till in (ended_with_card(CardGone(why=why, at=60.0)), ended_with_card(before_end=(CardGone(why=why, at=9.0),))):
        assert how(till, Item.CARD_RETURNED) is How.OPEN
        assert till.counter.checklist is not None
        assert Item.CARD_RETURNED in till.counter.checklist.asked


@pytest.mark.parametrize("why", sorted(UNSEEN))
def test_a_card_that_lies_there_still_when_the_reader_answers_again_was_not_returned(why: Gone) -> None:
    """Nobody could tell for a while; now the reader can, and what it sees outweighs what people say."""
    stumbles = CardGone(why=why, at=9.0)
    for till in (ended_with_card(stumbles), ended_with_card(before_end=(stumbles,))):
        till.feed(CardSeen(at=61.0))
        assert till.feed(word()) == (Decline(refusal=Refusal.CARD_STILL_THERE),)
        till.feed(REMOVED)
        assert how(till, Item.CARD_RETURNED) is How.READER


def test_a_visit_without_a_card_hears_nothing_from_the_reader() -> None:
    """Somebody else's card that lies there, or goes, is not this citizen's."""
    till = ended()
    till.feed(CardSeen(at=50.0), REMOVED)
    assert how(till, Item.CARD_RETURNED) is How.OPEN
