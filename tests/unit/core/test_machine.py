"""The counter's day, event by event: what is recorded, sent, stopped, asked and refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from guard.core.commands import Admit, Decline, Handover, Kind, LookAt, Record, Refusal, Release, SetDeadline, Stop
from guard.core.counter import Counter
from guard.core.events import (
    AlarmTextSeen,
    BrowserLost,
    BrowserReady,
    Confirmed,
    DeadlinePassed,
    Ending,
    EndRequested,
    Event,
    HandoverEnded,
    HolderMayHaveChanged,
    LiftRequested,
    OpenRequested,
    SubmissionWithdrawn,
    UnforeseenFault,
)
from guard.core.identity import Jar
from guard.core.machine import IllegalEvent, step
from guard.core.submission import RequestClass
from guard.core.verdict import Reason
from guard.core.view import Phase, SealReason
from tests.unit.core.counters import (
    BY_PORTAL,
    BY_RECEPTION,
    MATCH,
    NAMELESS,
    NOBODY,
    POINT,
    SISTER,
    SOMEBODY,
    TANAKA,
    TERMS,
    VARIANT,
    Till,
    clearance,
    held,
    serving,
    sighted,
)

OPEN = OpenRequested(visit_id="v2", citizen=TANAKA, at=30.0)
END = EndRequested(ending=Ending.DONE, at=20.0)
CLEARED = HandoverEnded(clearance=clearance(), generation=2)
FAULT = UnforeseenFault(where="gate: KeyError")
LIFT = LiftRequested(leader="L1")


def ready() -> Till:
    till = Till()
    till.feed(BrowserReady(generation=1))
    return till


def closing() -> Till:
    till = serving()
    till.feed(END)
    return till


def stopped(till: Till) -> list[Reason | None]:
    return [stop.verdict.reason for stop in till.all(Stop)]


def declined(till: Till, event: Event) -> Refusal:
    before = till.counter
    (command,) = till.feed(event)
    assert till.counter == before
    assert isinstance(command, Decline)
    return command.refusal


# morning, opening, refusals


def test_the_first_browser_makes_the_counter_ready() -> None:
    """And the journal says so."""
    till = ready()
    assert (till.counter.phase, till.counter.generation, till.kinds()) == (Phase.READY, 1, [Kind.COUNTER_STARTED])


def test_a_visit_that_the_last_run_never_closed_seals_the_counter() -> None:
    """Its logout cannot be proved any more: a leader looks first."""
    till = Till()
    till.feed(BrowserReady(generation=1, unfinished_visit="v-old"))
    assert till.kinds() == [Kind.COUNTER_STARTED, Kind.UNFINISHED_VISIT_FOUND, Kind.SEALED]
    assert till.all(Record)[1].visit_id == "v-old"
    assert till.counter.seal is not None
    assert till.counter.seal.reason is SealReason.UNFINISHED_VISIT
    assert declined(till, OPEN) is Refusal.COUNTER_SEALED


def test_a_seal_outlasts_a_restart() -> None:
    """Starting the guard anew is no way around the leader."""
    till = Till()
    till.feed(BrowserReady(generation=1, unlifted_seal=SealReason.NOT_CLEARED))
    assert till.kinds() == [Kind.COUNTER_STARTED, Kind.SEALED]
    assert till.counter.seal is not None
    assert till.counter.seal.reason is SealReason.NOT_CLEARED
    assert declined(till, OPEN) is Refusal.COUNTER_SEALED


def test_opening_a_visit_records_it_before_the_browser_is_admitted() -> None:
    """With the citizen, for the keyed digest."""
    till = serving()
    entry, admit = till.out
    assert isinstance(entry, Record)
    assert (entry.kind, entry.visit_id, entry.citizen) == (Kind.VISIT_OPENED, "v1", TANAKA)
    assert admit == Admit(generation=1, visit_id="v1")


CONFIRM = Confirmed(jar=POINT, identity=None, confirmed_by="S1")
REFUSALS = [
    (Till, OPEN, Refusal.NOT_READY),
    (Till, END, Refusal.NO_VISIT_OPEN),
    (Till, CONFIRM, Refusal.NO_VISIT_OPEN),
    (Till, LIFT, Refusal.NOT_SEALED),
    (ready, END, Refusal.NO_VISIT_OPEN),
    (ready, CONFIRM, Refusal.NO_VISIT_OPEN),
    (ready, LIFT, Refusal.NOT_SEALED),
    (serving, OPEN, Refusal.VISIT_ALREADY_OPEN),
    (serving, LIFT, Refusal.NOT_SEALED),
    (closing, OPEN, Refusal.NOT_READY),
    (closing, END, Refusal.NO_VISIT_OPEN),
    (closing, CONFIRM, Refusal.NO_VISIT_OPEN),
    (closing, LIFT, Refusal.NOT_SEALED),
]


@pytest.mark.parametrize(("counter", "event", "refusal"), REFUSALS)
def test_what_staff_cannot_do_now_is_declined_and_changes_nothing(
    counter: type[Till], event: Event, refusal: Refusal
) -> None:
    """An expected refusal is a value."""
    assert declined(counter(), event) is refusal


@pytest.mark.parametrize("counter", [ready, serving, closing])
def test_a_second_first_browser_is_illegal(counter: type[Till]) -> None:
    """What the table does not list raises; the driver seals."""
    with pytest.raises(IllegalEvent, match="BrowserReady while"):
        counter().feed(BrowserReady(generation=7))


@pytest.mark.parametrize("counter", [Till, ready, serving])
def test_a_handover_that_nobody_began_is_illegal(counter: type[Till]) -> None:
    """A clearance without a handover proves nothing."""
    with pytest.raises(IllegalEvent, match="HandoverEnded while"):
        counter().feed(CLEARED)


@pytest.mark.parametrize(
    "ended",
    [
        HandoverEnded(clearance=clearance(generation=3), generation=4),
        HandoverEnded(clearance=clearance("v9"), generation=2),
        HandoverEnded(clearance=clearance(), generation=1),
    ],
    ids=["of another browser", "of another visit", "into the same browser"],
)
def test_a_clearance_of_something_else_is_illegal(ended: HandoverEnded) -> None:
    """No browser serves two citizens."""
    with pytest.raises(IllegalEvent):
        closing().feed(ended)


# submissions


def test_a_submission_without_a_fresh_sighting_asks_the_portal_and_waits() -> None:
    """With the portal's deadline."""
    till = serving()
    assert till.feed(held()) == (LookAt(jar=POINT, generation=1), SetDeadline(submission_id="r1", seconds=8.0))


def test_a_submission_goes_out_after_its_entry_when_the_holder_is_the_citizen() -> None:
    """The entry comes first, and holds no path: portals write numbers of people into it."""
    till = serving()
    till.feed(held())
    entry, release = till.feed(sighted(MATCH))
    assert isinstance(entry, Record)
    assert isinstance(release, Release)
    assert (entry.kind, entry.visit_id) == (Kind.RELEASED, "v1")
    assert dict(entry.facts) == {
        "submission": "r1",
        "portal": "point",
        "channel": "document",
        "method": "POST",
        "class": "submission",
    }
    assert release.submission.id == "r1"
    assert till.counter.visit is not None
    assert till.counter.visit.released == 1


def test_a_submission_in_the_previous_citizens_session_is_stopped_after_its_entry() -> None:
    """The sister left without logging out."""
    till = serving()
    till.feed(held())
    entry, stop = till.feed(sighted(SISTER))
    assert isinstance(entry, Record)
    assert isinstance(stop, Stop)
    assert (entry.kind, dict(entry.facts)["reason"]) == (Kind.STOPPED, "someone_else")
    assert stop.verdict.reason is Reason.SOMEONE_ELSE


def test_a_fresh_sighting_saves_the_look() -> None:
    """Zero waiting while everything agrees; just as old as the profile allows."""
    till = serving()
    till.feed(sighted(MATCH, at=5.0), held(at=10.0))
    assert len(till.all(Release)) == 1


@pytest.mark.parametrize(
    ("seen_at", "session"), [(4.9, "s1"), (9.0, "s2"), (9.0, None)], ids=["too old", "other session", "no session"]
)
def test_a_sighting_that_is_old_or_of_another_session_is_not_reused(seen_at: float, session: str | None) -> None:
    """The portal is asked again."""
    till = serving()
    till.feed(sighted(MATCH, at=seen_at, session=session), held(at=10.0))
    assert till.all(LookAt)
    assert not till.all(Release)


def test_a_reused_sighting_never_stops() -> None:
    """The sister may have logged out since: a false stop gets clicked away, so ask once more."""
    till = serving()
    till.feed(sighted(SISTER, at=9.0), held(at=10.0))
    assert till.all(LookAt)
    till.feed(sighted(MATCH, at=10.1))
    assert len(till.all(Release)) == 1


def test_a_waiting_submission_is_decided_only_by_a_look_taken_after_it_was_held() -> None:
    """An answer that was on its way asks for another look."""
    till = serving()
    till.feed(held(at=10.0))
    assert till.feed(sighted(MATCH, at=9.9)) == (LookAt(jar=POINT, generation=1),)
    till.feed(sighted(MATCH, at=10.0))
    assert len(till.all(Release)) == 1


def test_one_look_decides_everything_that_waits_in_its_jar() -> None:
    """A page that sends three requests at once waits for one look; another jar waits for its own."""
    till = serving()
    till.feed(held(), held(name="r2"), held(name="r3", jar=NAMELESS), sighted(MATCH, at=11.0))
    assert [release.submission.id for release in till.all(Release)] == ["r1", "r2"]
    assert list(till.counter.waiting) == ["r3"]


def test_a_submission_that_went_out_voids_the_sighting_of_its_jar() -> None:
    """Some pages log in again in the background."""
    till = serving()
    till.feed(sighted(MATCH, at=9.0), held(at=10.0), held(name="r2", at=10.1))
    assert till.all(LookAt)
    assert not till.all(Release)


def test_a_harmless_request_goes_out_at_once_and_voids_nothing() -> None:
    """Keep-alives must not cost a look each."""
    till = serving()
    till.feed(sighted(MATCH, at=9.0), held(RequestClass.HARMLESS, name="r0"))
    assert till.kinds() == [Kind.RELEASED]
    till.feed(held(at=10.0))
    assert len(till.all(Release)) == 1
    assert till.counter.visit is not None
    assert till.counter.visit.released == 1


def test_a_login_asks_live_even_with_a_fresh_sighting() -> None:
    """Whoever logs in over somebody else takes over what that person began."""
    till = serving()
    till.feed(sighted(NOBODY, at=10.0), held(RequestClass.LOGIN, at=10.0))
    assert till.all(LookAt)
    till.feed(sighted(NOBODY, at=10.2))
    assert len(till.all(Release)) == 1
    assert till.counter.visit is not None
    assert till.counter.visit.logins == {POINT}


@pytest.mark.parametrize("request_class", [RequestClass.LOGIN, RequestClass.LOGOUT])
def test_a_login_or_logout_voids_every_portal_of_its_window(request_class: RequestClass) -> None:
    """Single sign-on changes the holder elsewhere; another window keeps its own cookies."""
    till, other = serving(), Jar(portal="point", context="incognito")
    till.feed(sighted(MATCH, at=9.0), sighted(MATCH, at=9.0, jar=other))
    till.feed(held(request_class, name="r0", jar=NAMELESS, at=9.5), sighted(NOBODY, jar=NAMELESS, at=9.6))
    till.feed(held(name="r1", jar=other))
    assert len(till.all(Release)) == 1
    till.feed(held(name="r2"))
    assert not till.all(Release)


def test_of_two_logins_only_one_goes_out_on_one_look() -> None:
    """After the first the holder may be another: the second waits for a new look."""
    till = serving()
    till.feed(held(RequestClass.LOGIN), held(RequestClass.LOGIN, name="r2"), sighted(NOBODY, at=11.0))
    assert [release.submission.id for release in till.all(Release)] == ["r1"]
    assert till.out[-1] == LookAt(jar=POINT, generation=1)
    till.feed(sighted(SISTER, at=12.0))
    assert stopped(till) == [Reason.SOMEONE_ELSE]


def test_a_logout_always_goes_out_also_without_a_visit() -> None:
    """In every phase, and recorded."""
    for till in (Till(), ready(), serving(), closing()):
        till.feed(held(RequestClass.LOGOUT))
        assert till.kinds() == [Kind.RELEASED]
        assert len(till.all(Release)) == 1


@pytest.mark.parametrize(
    ("counter", "reason"), [(Till, Reason.NO_VISIT), (ready, Reason.NO_VISIT), (closing, Reason.VISIT_CLOSING)]
)
def test_without_an_open_visit_a_submission_is_stopped_at_once(counter: type[Till], reason: Reason) -> None:
    """With its entry; it never waits."""
    till = counter()
    till.feed(held())
    assert stopped(till) == [reason]
    assert till.kinds() == [Kind.STOPPED]


def test_a_request_to_a_foreign_origin_is_stopped_at_once() -> None:
    """Whoever is logged in anywhere."""
    till = serving()
    till.feed(held(RequestClass.FOREIGN))
    assert stopped(till) == [Reason.UNKNOWN_ORIGIN]


def test_a_request_of_the_browser_before_is_stopped_and_not_shown_to_the_next_citizen() -> None:
    """Its page is gone from the screen."""
    till = closing()
    till.feed(CLEARED, OPEN, held(generation=1))
    assert stopped(till) == [Reason.OLD_BROWSER]
    assert till.counter.visit is not None
    assert till.counter.visit.stops == ()


def test_a_sighting_of_another_browser_or_portal_is_worthless() -> None:
    """Also when it names the right citizen."""
    till = serving()
    till.feed(held())
    before = till.counter
    assert till.feed(sighted(MATCH, generation=2)) == ()
    assert till.feed(sighted(MATCH, jar=Jar(portal="unknown", context="window"))) == ()
    assert till.counter == before


def test_a_hold_reported_twice_is_illegal() -> None:
    """It would get two answers."""
    till = serving()
    till.feed(held())
    with pytest.raises(IllegalEvent):
        till.feed(held())


def test_a_submission_that_vanished_is_recorded_and_seals_nothing() -> None:
    """The user navigated away: nothing was sent, nothing is answered."""
    till = serving()
    till.feed(held(), SubmissionWithdrawn(submission_id="r1"))
    assert till.kinds() == [Kind.WITHDRAWN]
    assert till.counter.seal is None
    assert till.feed(sighted(MATCH, at=11.0)) == ()


def test_a_submission_that_vanished_after_its_answer_gets_an_entry_beside_it() -> None:
    """Or the journal would say of a request that never left that it was released."""
    till = serving()
    till.feed(held(), sighted(MATCH, at=11.0))
    (entry,) = till.feed(SubmissionWithdrawn(submission_id="r1"))
    assert isinstance(entry, Record)
    assert (entry.kind, entry.facts) == (Kind.WITHDRAWN, (("submission", "r1"), ("after_answer", "yes")))
    assert till.counter.seal is None


def test_running_out_of_time_stops() -> None:
    """Nothing waits for ever; a deadline that comes after the answer is nothing."""
    till = serving()
    till.feed(held(), DeadlinePassed(submission_id="r1"))
    assert stopped(till) == [Reason.TOO_LATE]
    assert till.feed(DeadlinePassed(submission_id="r1")) == ()


def test_a_session_met_in_a_visit_is_a_leftover_in_the_next() -> None:
    """Whether it was sighted, or carried by a request that was stopped."""
    till = serving()
    till.feed(sighted(MATCH, session="s1"), held(RequestClass.SUBMISSION, session="s2"), END)
    till.feed(sighted(MATCH, session="s3"), CLEARED, OPEN)
    for number, session in enumerate(("s1", "s2", "s3")):
        till.feed(held(session=session, generation=2, name=f"r{number}"))
        assert stopped(till) == [Reason.LEFTOVER_SESSION]
    till.feed(held(session="s4", generation=2))
    assert till.all(LookAt)


# looks ahead, confirmations, alarms


def look_wanted(till: Till, at: float, generation: int = 1) -> bool:
    return bool(till.feed(HolderMayHaveChanged(jar=POINT, generation=generation, at=at)))


def test_the_guard_looks_ahead_when_the_sighting_is_half_used_up() -> None:
    """So that the next submission finds a fresh one."""
    till = serving()
    assert look_wanted(till, at=1.0)
    till.feed(sighted(MATCH, at=1.0))
    assert not look_wanted(till, at=3.5)
    assert look_wanted(till, at=3.6)
    assert not look_wanted(till, at=30.0, generation=2)
    till.feed(sighted(MATCH, at=9.9), held(at=10.0))
    assert look_wanted(till, at=10.1)
    assert not look_wanted(closing(), at=30.0)
    assert not look_wanted(ready(), at=30.0)


def test_a_sighting_under_another_session_is_never_fresh() -> None:
    """A page that never navigates logs in and asks under its new session: who was seen before it tells nothing."""
    till = serving()
    till.feed(sighted(MATCH, at=1.0))
    seen = till.counter.sightings[POINT].session
    for session, wanted in ((None, False), (seen, False), ("another", True)):
        event = HolderMayHaveChanged(jar=POINT, generation=1, at=1.1, session=session)
        assert bool(till.feed(event)) is wanted


def test_a_confirmed_variant_goes_out() -> None:
    """The typed check is recorded, with who made it."""
    till = serving()
    till.feed(Confirmed(jar=POINT, identity=VARIANT.identity, confirmed_by="S1", items=BY_PORTAL))
    (entry,) = till.all(Record)
    assert (entry.kind, dict(entry.facts)["by"]) == (Kind.CONFIRMED, "S1")
    till.feed(held(), sighted(VARIANT))
    assert len(till.all(Release)) == 1


def test_a_nameless_portal_goes_out_only_with_a_typed_check_after_the_login() -> None:
    """A later login or logout in the window makes the check void."""
    till = serving()
    confirm = Confirmed(jar=NAMELESS, identity=None, confirmed_by="S1", items=BY_RECEPTION)

    def submits(at: float) -> list[Reason | None]:
        till.feed(held(jar=NAMELESS, at=at), sighted(SOMEBODY, jar=NAMELESS, at=at))
        return stopped(till)

    till.feed(confirm, held(RequestClass.LOGIN, jar=NAMELESS), sighted(NOBODY, jar=NAMELESS, at=11.0))
    assert submits(at=12.0) == [Reason.HOLDER_BY_PROVENANCE_ONLY]
    till.feed(confirm)
    assert submits(at=13.0) == []
    till.feed(held(RequestClass.LOGIN, name="r0", at=14.0), sighted(NOBODY, at=14.0))
    assert submits(at=15.0) == [Reason.HOLDER_BY_PROVENANCE_ONLY]
    till.feed(confirm, held(RequestClass.LOGOUT, jar=NAMELESS, at=16.0), confirm)
    assert submits(at=17.0) == [Reason.HOLDER_BY_PROVENANCE_ONLY]


def test_an_alarm_text_is_recorded_once_a_visit() -> None:
    """「登録済み」 was the first symptom at 郡山市; a page that shows it ten times is one alarm."""
    till, alarm = serving(), AlarmTextSeen(portal="point", text="登録済み", generation=1)
    till.feed(alarm)
    assert till.kinds() == [Kind.ALARM]
    assert till.feed(alarm) == ()
    assert till.feed(AlarmTextSeen(portal="point", text="申請済", generation=2)) == ()
    till.feed(AlarmTextSeen(portal="point", text="申請済", generation=1))
    assert till.kinds() == [Kind.ALARM]
    assert ready().feed(alarm) == ()


# ends, handovers, seals


def test_ending_a_visit_stops_what_waits_and_begins_the_handover() -> None:
    """In this order: stops, entry, handover."""
    till = serving()
    till.feed(held(), held(name="r2"), END)
    assert stopped(till) == [Reason.VISIT_CLOSING] * 2
    assert till.kinds() == [Kind.STOPPED, Kind.STOPPED, Kind.VISIT_ENDING]
    assert till.out[-1] == Handover(generation=1, visit_id="v1", ending=Ending.DONE)
    assert till.counter.phase is Phase.CLOSING


@pytest.mark.parametrize(("by_staff", "ending"), [(True, Ending.WINDOW_CLOSED), (False, Ending.BROWSER_LOST)])
def test_a_closed_window_ends_the_visit(by_staff: bool, ending: Ending) -> None:  # noqa: FBT001 (table)
    """What waited went with the browser: withdrawn, not stopped, for nobody is left to be told."""
    till = serving()
    till.feed(held(), BrowserLost(generation=1, by_staff=by_staff, at=20.0))
    assert till.kinds() == [Kind.WITHDRAWN, Kind.VISIT_ENDING]
    assert till.out[-1] == Handover(generation=1, visit_id="v1", ending=ending)
    assert not till.counter.waiting


def test_a_browser_lost_between_visits_is_swapped_without_one() -> None:
    """A crash on standby."""
    till, lost = ready(), BrowserLost(generation=1, by_staff=False, at=20.0)
    assert till.feed(lost) == (Handover(generation=1, visit_id=None, ending=None),)
    assert till.feed(lost) == ()
    till.feed(HandoverEnded(clearance=clearance(None), generation=2))
    assert (till.counter.phase, till.counter.generation) == (Phase.READY, 2)


@pytest.mark.parametrize("counter", [Till, ready, serving, closing])
def test_the_end_of_another_browser_is_nothing(counter: type[Till]) -> None:
    """The old one goes away after the new one stands by."""
    till = counter()
    before = till.counter
    assert till.feed(BrowserLost(generation=9, by_staff=False, at=20.0)) == ()
    assert till.counter == before


def test_a_clearance_is_recorded_with_every_proof_and_opens_the_next_visit() -> None:
    """The citizen is forgotten; the next browser counts."""
    till = closing()
    till.feed(CLEARED)
    (entry,) = till.all(Record)
    assert (entry.kind, entry.visit_id) == (Kind.CLEARANCE, "v1")
    proofs = (("logged_out:point", "proved: guest sign"), ("process_gone:browser", "proved"))
    assert entry.facts == (("clean", "yes"), *proofs)
    assert replace(till.counter, checklist=None) == Counter(phase=Phase.READY, generation=2, clearance=clearance())
    till.feed(OPEN)
    assert till.all(Admit) == [Admit(generation=2, visit_id="v2")]


def test_what_cannot_be_proved_seals_until_a_leader_lifts() -> None:
    """The leader sees which proof is missing."""
    till = closing()
    till.feed(HandoverEnded(clearance=clearance(clean=False), generation=2))
    assert till.kinds() == [Kind.CLEARANCE, Kind.SEALED]
    assert till.counter.seal is not None
    assert (till.counter.seal.reason, till.counter.seal.detail) == (SealReason.NOT_CLEARED, "logged_out")
    assert declined(till, OPEN) is Refusal.COUNTER_SEALED
    till.feed(LIFT)
    assert till.kinds() == [Kind.LIFTED]
    till.feed(OPEN)
    assert till.counter.phase is Phase.SERVING


def test_an_unforeseen_fault_stops_what_waits_and_seals() -> None:
    """The visit stays open, sealed: nothing goes out, discarding gets out, lifting comes after."""
    till = serving()
    till.feed(held(), FAULT)
    assert stopped(till) == [Reason.UNFORESEEN]
    assert till.kinds() == [Kind.STOPPED, Kind.SEALED]
    till.feed(held(RequestClass.HARMLESS, name="r2"))
    assert stopped(till) == [Reason.SEALED]
    assert declined(till, LIFT) is Refusal.DISCARD_FIRST
    assert declined(till, CONFIRM) is Refusal.COUNTER_SEALED
    till.feed(EndRequested(ending=Ending.DISCARDED, at=20.0))
    assert declined(till, LIFT) is Refusal.DISCARD_FIRST
    till.feed(CLEARED)
    assert declined(till, OPEN) is Refusal.COUNTER_SEALED
    till.feed(LIFT, OPEN)
    assert till.counter.phase is Phase.SERVING


def test_the_first_seal_keeps_its_reason() -> None:
    """What comes after is often its consequence; it is recorded all the same."""
    till = serving()
    till.feed(FAULT, UnforeseenFault(where="later"))
    assert till.kinds() == [Kind.SEALED]
    assert till.counter.seal is not None
    assert till.counter.seal.detail == "gate: KeyError"


def test_what_could_not_be_sent_is_stopped_and_leaves_no_trace_of_its_release() -> None:
    """The journal took no entry: staff must see a stop, and no login may be remembered that never went out."""
    till = serving()
    till.feed(sighted(NOBODY), login := held(RequestClass.LOGIN, name="r2"))
    till.feed(sighted(NOBODY, at=11.0))
    assert till.counter.visit is not None
    assert POINT in till.counter.visit.logins
    till.feed(UnforeseenFault(where="journal", unsent=(login.submission,)))
    assert stopped(till) == [Reason.UNFORESEEN]
    assert till.kinds() == [Kind.STOPPED, Kind.SEALED]
    assert till.counter.visit.logins == frozenset()
    assert till.counter.visit.stops[-1].submission_id == "r2"


def test_a_submission_that_could_not_be_sent_is_not_counted_as_sent() -> None:
    till = serving()
    till.feed(sighted(MATCH), submission := held())
    assert till.counter.visit is not None
    assert till.counter.visit.released == 1
    till.feed(UnforeseenFault(where="journal", unsent=(submission.submission,)))
    assert till.counter.visit.released == 0


def test_a_fault_before_the_first_browser_holds_until_lifted() -> None:
    """Even if the browser comes up afterwards."""
    till = Till()
    till.feed(FAULT)
    assert declined(till, LIFT) is Refusal.NOT_READY
    till.feed(BrowserReady(generation=1))
    assert declined(till, OPEN) is Refusal.COUNTER_SEALED


def test_a_handover_goes_on_through_a_fault() -> None:
    """The citizen's session must end whatever broke."""
    till = closing()
    till.feed(FAULT, CLEARED)
    assert (till.counter.phase, till.counter.visit) == (Phase.READY, None)
    assert till.counter.seal is not None


@pytest.mark.parametrize("fresh", [True, False], ids=["with a fresh sighting", "with a look"])
def test_a_held_submission_costs_far_less_than_a_tenth_of_a_millisecond(fresh: bool) -> None:  # noqa: FBT001 (table)
    """The citizen waits for the portal, not for the guard."""
    till = serving()
    till.feed(sighted(MATCH, at=9.0 if fresh else 0.0))
    event, best = held(at=10.0), float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(200):
            step(till.counter, event, TERMS)
        best = min(best, (time.perf_counter() - started) / 200)
    assert best < 0.000_2  # twice the promise, because test machines are shared
