"""A visit opened without data: who can become its citizen, what goes out before, and what is compared after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from guard.core.binding import candidate, citizen_of
from guard.core.commands import Decline, Kind, LookAt, Record, Refusal, Release, Stop
from guard.core.confirmation import TRIES, Personal, Question, Source
from guard.core.events import AnswersDiffered, Bound, BrowserReady, Confirmed, OpenRequested, UnforeseenFault
from guard.core.household import Shared
from guard.core.identity import Citizen, Holder, Identity, Jar, Known
from guard.core.interruption import Earlier, Interruption
from guard.core.submission import RequestClass
from guard.core.verdict import Reason
from guard.core.view import BindingView, HolderState
from guard.core.viewing import view
from tests.unit.core.counters import (
    BY_PORTAL,
    BY_RECEPTION,
    DOWN,
    MASKED,
    NAMELESS,
    NOBODY,
    POINT,
    SISTER,
    SOMEBODY,
    TERMS,
    Till,
    held,
    sighted,
)

BORN = date(1980, 4, 1)
HOLDER = Identity(name="髙田 未央", birth_date=BORN, subject_id="P-0001")
SHOWN = Known(identity=HOLDER)
BIND = Bound(jar=POINT, identity=HOLDER, reading="タカダ ミオ", confirmed_by="S1", items=BY_PORTAL)
PASSAGE = Jar(portal="point", context="incognito")


def unbound() -> Till:
    """A visit that was opened without data, in browser 1."""
    till = Till()
    till.feed(BrowserReady(generation=1), OpenRequested(visit_id="v1", citizen=None, at=0.0))
    return till


def logged_in(holder: Holder = SHOWN, *, session: str = "s1") -> Till:
    """After its first login, and a look at who that was."""
    till = unbound()
    till.feed(held(RequestClass.LOGIN, at=1.0), sighted(NOBODY, at=1.0), sighted(holder, at=2.0, session=session))
    return till


def bound() -> Till:
    till = logged_in()
    till.feed(BIND)
    return till


def reasons(till: Till) -> list[Reason | None]:
    return [stop.verdict.reason for stop in till.all(Stop)]


def refusal(till: Till) -> Refusal | None:
    return next((one.refusal for one in till.all(Decline)), None)


def test_a_visit_without_data_opens_and_the_journal_says_so() -> None:
    till = unbound()
    entry = till.all(Record)[0]
    assert (entry.kind, entry.citizen, dict(entry.facts)["citizen"]) == (Kind.VISIT_OPENED, None, "not_known_yet")
    shown = view(till.counter, TERMS)
    assert (shown.visit_id, shown.citizen_name, shown.binding) == ("v1", None, None)


def test_before_the_binding_a_submission_stops_at_once_with_a_reason_of_its_own() -> None:
    """No portal is asked: nobody could be compared with the answer."""
    till = logged_in()
    till.feed(held(at=3.0))
    assert (reasons(till), till.all(LookAt)) == ([Reason.NOT_BOUND_YET], [])
    till.feed(held(jar=NAMELESS, at=3.0))
    assert reasons(till) == [Reason.NOT_BOUND_YET]


@pytest.mark.parametrize("request_class", [RequestClass.LOGOUT, RequestClass.HARMLESS])
def test_logout_and_search_go_out_before_the_binding(request_class: RequestClass) -> None:
    till = logged_in()
    till.feed(held(request_class, at=3.0))
    assert till.all(Release)


def test_a_login_goes_out_over_nobody_and_over_whom_this_visit_logged_in() -> None:
    """One login may take several requests; somebody whom nobody saw come is a leftover."""
    till = logged_in()
    till.feed(held(RequestClass.LOGIN, name="r2", at=3.0), sighted(SHOWN, at=3.0))
    assert till.all(Release)
    found = unbound()
    found.feed(held(RequestClass.LOGIN, at=1.0), sighted(SHOWN, at=1.0))
    assert reasons(found) == [Reason.NOT_BOUND_YET]
    blind = unbound()
    blind.feed(held(RequestClass.LOGIN, at=1.0), sighted(DOWN, at=1.0))
    assert reasons(blind) == [Reason.HOLDER_UNREADABLE]


def test_whoever_logs_in_is_shown_and_asked_for_birth_year_and_reading() -> None:
    """The name stands on the screen; what proves the person does not."""
    shown = view(logged_in().counter, TERMS)
    assert shown.portals[0].state is HolderState.UNBOUND
    assert isinstance(shown.binding, BindingView)
    assert (shown.binding.portal, shown.binding.holder_name) == ("point", "髙田 未央")
    asked = [(one.item, one.source) for one in shown.binding.questions.asked]
    assert asked == [(Personal.BIRTH_YEAR, Source.PORTAL), (Personal.READING, Source.NOBODY)]
    assert not shown.binding.questions.by_leader


@pytest.mark.parametrize(
    ("identity", "by_leader"),
    [
        (Identity(name="髙田 未央"), True),
        (Identity(name="髙田 未央", kana="タカダ ミオ"), False),
        (Identity(name="タカダ ミオ", kana="タカダ ミオ"), True),
        (Identity(kana="タカダ ミオ"), True),
        (Identity(kana="タカダ ミオ", birth_date=BORN), False),
    ],
)
def test_without_anything_that_the_portal_can_confirm_a_leader_looks(
    identity: Identity,
    by_leader: bool,  # noqa: FBT001  # a table
) -> None:
    """A reading that is the name on the screen confirms nothing."""
    shown = view(logged_in(Known(identity=identity)).counter, TERMS).binding
    assert isinstance(shown, BindingView)
    assert shown.questions.by_leader is by_leader


def test_a_bound_visit_is_as_one_that_reception_typed() -> None:
    """The journal has the person for the keyed digest; everybody else is somebody else, on every portal."""
    till = bound()
    (entry,) = till.all(Record)
    assert (entry.kind, entry.citizen) == (
        Kind.VISIT_BOUND,
        Citizen(name="髙田 未央", birth_date=BORN, kana="タカダ ミオ"),
    )
    assert dict(entry.facts) == {
        "portal": "point",
        "items": "birth_date:portal",
        "by": "S1",
        "by_leader": "no",
        "pin": "not_asked",
    }
    assert view(till.counter, TERMS).citizen_name == "髙田 未央"
    till.feed(held(at=3.0))
    assert till.all(Release)
    till.feed(held(name="r2", at=4.0), sighted(SISTER, at=4.0))
    assert reasons(till) == [Reason.SOMEONE_ELSE]
    till.feed(held(jar=NAMELESS, name="r3", at=5.0), sighted(SISTER, jar=NAMELESS, at=5.0))
    assert reasons(till) == [Reason.SOMEONE_ELSE]
    till.feed(held(RequestClass.LOGIN, name="r4", at=6.0), sighted(SISTER, at=6.0))
    assert reasons(till) == [Reason.SOMEONE_ELSE]


def test_a_namesake_with_another_number_at_the_same_portal_is_somebody_else() -> None:
    """Another portal counts its people in its own way."""
    namesake = Known(identity=replace(HOLDER, subject_id="P-0002"))
    till = bound()
    till.feed(held(name="r2", at=4.0, jar=PASSAGE), sighted(namesake, at=4.0, jar=PASSAGE))
    assert reasons(till) == [Reason.SOMEONE_ELSE]
    assert till.counter.visit is not None
    elsewhere = replace(till.counter.visit, bond=replace(till.counter.visit.bond, portal="mypage"))  # type: ignore[type-var]  # bound
    till.counter = replace(till.counter, visit=elsewhere)
    till.feed(held(name="r3", at=4.5, jar=PASSAGE))
    assert till.all(Release)


def test_a_family_of_the_last_hour_is_known_from_the_binding_on() -> None:
    """The household alert comes with the citizen: a name without a birth date is then no match."""
    till = logged_in()
    till.feed(replace(BIND, shared=frozenset({Shared.SURNAME})))
    assert view(till.counter, TERMS).household
    till.feed(held(at=3.0, jar=PASSAGE), sighted(Known(identity=Identity(name="髙田 未央")), at=3.0, jar=PASSAGE))
    assert reasons(till) == [Reason.VARIANT_UNCONFIRMED]


def test_an_interrupted_visit_of_the_citizen_is_shown_once_it_is_known_whose_visit_this_is() -> None:
    """Nobody could look it up before."""
    earlier = Earlier(at=datetime(2026, 4, 1, tzinfo=UTC), why=Interruption.CITIZEN_LEFT)
    till = logged_in()
    assert view(till.counter, TERMS).earlier is None
    till.feed(replace(BIND, earlier=earlier))
    assert view(till.counter, TERMS).earlier == earlier


@pytest.mark.parametrize("items", [(), BY_RECEPTION, (Question(item=Personal.READING, source=Source.NOBODY),)])
def test_without_an_answer_that_the_portal_confirms_only_a_leader_binds(items: tuple[Question, ...]) -> None:
    till = logged_in()
    till.feed(replace(BIND, items=items))
    assert (refusal(till), till.all(Record)) == (Refusal.LEADER_NEEDED, [])
    till.feed(replace(BIND, items=items, by_leader=True, by_pin=True))
    assert dict(till.all(Record)[0].facts)["pin"] == "right"


def test_after_five_wrong_answers_only_a_leader_binds() -> None:
    till = logged_in()
    for _ in range(TRIES):
        till.feed(AnswersDiffered(jar=POINT, identity=HOLDER, items=BY_PORTAL))
    found = view(till.counter, TERMS).binding
    assert isinstance(found, BindingView)
    assert found.questions.by_leader
    till.feed(BIND)
    assert refusal(till) is Refusal.LEADER_NEEDED
    till.feed(replace(BIND, by_leader=True))
    assert till.kinds() == [Kind.VISIT_BOUND]


def test_a_session_of_an_earlier_visit_binds_nobody() -> None:
    """Whoever it names was served before."""
    till = logged_in()
    till.counter = replace(till.counter, earlier_sessions=frozenset({"old"}))
    till.feed(sighted(SHOWN, at=3.0, session="old"), BIND)
    assert (refusal(till), view(till.counter, TERMS).binding) == (Refusal.LEFTOVER_LOGIN, Refusal.LEFTOVER_LOGIN)


def test_two_windows_with_different_people_bind_neither() -> None:
    till = logged_in()
    till.feed(sighted(SISTER, at=3.0, jar=PASSAGE, session="s2"), replace(BIND, by_leader=True))
    assert (refusal(till), view(till.counter, TERMS).binding) == (Refusal.TWO_PEOPLE, Refusal.TWO_PEOPLE)
    till.feed(sighted(SHOWN, at=4.0, jar=PASSAGE, session="s2"), BIND)
    assert till.kinds() == [Kind.VISIT_BOUND]


@pytest.mark.parametrize("holder", [NOBODY, DOWN, SOMEBODY, MASKED, Known(identity=Identity(subject_id="P-0001"))])
def test_whoever_is_not_named_in_full_binds_nothing(holder: Holder) -> None:
    """Nobody could be compared with them afterwards."""
    till = logged_in(holder)
    assert candidate(till.counter, TERMS) is None
    shown = holder.identity if isinstance(holder, Known) and holder.identity else HOLDER
    till.feed(replace(BIND, identity=shown, by_leader=True))
    assert refusal(till) is Refusal.NOTHING_TO_CONFIRM


def test_a_portal_without_readable_names_binds_nothing_either() -> None:
    """Its profile says that what it shows proves no identity."""
    till = unbound()
    till.feed(sighted(SHOWN, jar=NAMELESS), replace(BIND, jar=NAMELESS, by_leader=True))
    assert refusal(till) is Refusal.NOTHING_TO_CONFIRM


def test_whom_the_console_showed_before_another_login_is_not_bound() -> None:
    """What was typed is about the one who was there then."""
    till = logged_in()
    till.feed(held(RequestClass.LOGIN, name="r2", at=3.0), sighted(SHOWN, at=3.0), BIND)
    assert refusal(till) is Refusal.NOTHING_TO_CONFIRM
    till.feed(sighted(SISTER, at=4.0), BIND)
    assert refusal(till) is Refusal.NOTHING_TO_CONFIRM


def test_nobody_is_bound_twice_under_a_seal_or_in_a_typed_visit() -> None:
    till = bound()
    till.feed(BIND)
    assert refusal(till) is Refusal.ALREADY_BOUND
    sealed = logged_in()
    sealed.feed(UnforeseenFault(where="test"), BIND)
    assert refusal(sealed) is Refusal.COUNTER_SEALED
    closed = Till()
    closed.feed(BrowserReady(generation=1), BIND)
    assert refusal(closed) is Refusal.NO_VISIT_OPEN


def test_nothing_is_confirmed_in_a_visit_without_a_citizen() -> None:
    till = logged_in()
    till.feed(Confirmed(jar=POINT, identity=HOLDER, confirmed_by="S1", items=BY_PORTAL))
    assert refusal(till) is Refusal.NOT_BOUND_YET
    till.feed(sighted(SOMEBODY, jar=NAMELESS))
    assert view(till.counter, TERMS).portals[1].questions is None


def test_the_citizen_of_a_binding_has_the_portals_words_and_the_typed_reading() -> None:
    """The portal's own reading goes before a typed one, and the number stays with its portal."""
    assert citizen_of(HOLDER, "みお") == Citizen(name="髙田 未央", birth_date=BORN, kana="みお")
    spoken = replace(HOLDER, kana="タカダ ミオ")
    assert citizen_of(spoken, "みお") == Citizen(name="髙田 未央", birth_date=BORN, kana="タカダ ミオ")
    assert citizen_of(Identity(kana="タカダ ミオ"), None) == Citizen(name="タカダ ミオ", kana="タカダ ミオ")
    assert citizen_of(Identity(name=" ●● ", birth_date=BORN), None) is None
