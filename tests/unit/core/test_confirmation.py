"""Which items a citizen is asked for, what each is compared with, and when a leader has to look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.core.commands import Decline, Kind, Record, Refusal, Release, Stop
from guard.core.confirmation import (
    TRIES,
    Answers,
    Outcome,
    Personal,
    Question,
    Questions,
    Source,
    about_login,
    about_variant,
    answered,
    outcome,
    read_number_end,
)
from guard.core.events import AnswersDiffered, BrowserReady, Confirmed, OpenRequested
from guard.core.identity import Citizen, Identity, Jar, Known
from guard.core.machine import step
from guard.core.verdict import Reason
from guard.core.view import HolderState, PortalView
from guard.core.viewing import view
from tests.unit.core.counters import (
    BY_PORTAL,
    BY_RECEPTION,
    NAMELESS,
    POINT,
    SOMEBODY,
    TERMS,
    VARIANT,
    Till,
    held,
    serving,
    sighted,
)

BORN, OTHER_DAY = date(1980, 4, 1), date(1980, 4, 2)
CITIZEN = Citizen(name="渡辺 一郎", birth_date=BORN, kana="ワタナベ イチロウ", subject_id="1234-5678")
SHOWN = Identity(name="渡邉 一郎", birth_date=BORN, kana="ワタナベ イチロウ", subject_id="12345678")
NO_MORE = {"subject_id": None, "kana": None}
P, R, N = Source
BORN_R, BORN_N = (Personal.BIRTH_DATE, R), (Personal.BIRTH_DATE, N)
RIGHT = Answers(birth_date=BORN, reading="わたなべ いちろう", number_end="5678")


def kinds(questions: Questions) -> list[tuple[Personal, Source]]:
    return [(question.item, question.source) for question in questions.asked]


@pytest.mark.parametrize(
    ("citizen", "shown", "asked"),
    [
        ({}, {}, [(Personal.BIRTH_DATE, P), (Personal.NUMBER_END, P)]),
        ({"subject_id": None}, {}, [(Personal.BIRTH_DATE, P), (Personal.READING, P)]),
        ({"subject_id": None}, {"kana": None}, [(Personal.BIRTH_DATE, P), (Personal.READING, R)]),
        ({"subject_id": None, "kana": None}, {"kana": None}, [(Personal.BIRTH_DATE, P), (Personal.READING, N)]),
        (NO_MORE | {"birth_date": None}, {"birth_date": None, "subject_id": None}, [(Personal.READING, P), BORN_N]),
        (NO_MORE, {"name": "ワタナベ イチロウ", "subject_id": None}, [(Personal.BIRTH_DATE, P), (Personal.READING, N)]),
        ({}, {"birth_date": None, "subject_id": None}, [(Personal.READING, P), (Personal.BIRTH_DATE, R)]),
        ({"subject_id": None}, {"birth_date": None, "kana": None}, [(Personal.NUMBER_END, P), BORN_R]),
        ({}, {"birth_date": None, "kana": None, "subject_id": None}, [(Personal.BIRTH_DATE, R), (Personal.READING, R)]),
        ({"subject_id": None}, {"birth_date": None, "name": None}, [(Personal.NUMBER_END, P), BORN_R]),
        ({"name": "ワタナベ"}, {"subject_id": None}, [(Personal.BIRTH_DATE, P), (Personal.NUMBER_END, R)]),
        ({"subject_id": None}, {"kana": "ワタナベ ●●"}, [(Personal.BIRTH_DATE, P), (Personal.READING, R)]),
        (NO_MORE, {"birth_date": None, "kana": "Watanabe", "subject_id": "77"}, [(Personal.BIRTH_DATE, R)]),
        (NO_MORE | {"birth_date": None}, {"birth_date": None, "kana": None, "subject_id": "1234****"}, []),
    ],
)  # fmt: skip
def test_what_the_portal_knows_and_no_page_shows_is_asked_first(
    citizen: dict[str, str | None], shown: dict[str, str | None], asked: list[tuple[Personal, Source]]
) -> None:
    """A leader is needed exactly where none of it compares with the portal."""
    questions = about_variant(replace(CITIZEN, **citizen), replace(SHOWN, **shown))  # type: ignore[arg-type]  # a table
    assert kinds(questions) == asked
    assert questions.by_leader is (P not in {source for _, source in asked})


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (RIGHT, Outcome.AGREES),
        (replace(RIGHT, birth_date=OTHER_DAY), Outcome.DIFFERS),
        (replace(RIGHT, number_end="5679"), Outcome.DIFFERS),
        (replace(RIGHT, number_end="5679", birth_date=None), Outcome.DIFFERS),
        (replace(RIGHT, number_end=None), Outcome.INCOMPLETE),
        (Answers(), Outcome.INCOMPLETE),
    ],
)
def test_every_answer_has_to_be_right(answers: Answers, expected: Outcome) -> None:
    assert outcome(about_variant(CITIZEN, SHOWN), answers, CITIZEN, SHOWN, leader=False) is expected


def test_a_leader_answers_for_what_the_citizen_cannot_but_knows_the_birth_date() -> None:
    """It stands on the card that the leader holds; a wrong answer is wrong for a leader, too."""
    questions = about_variant(CITIZEN, SHOWN)
    for answers, expected in (
        (Answers(birth_date=BORN), Outcome.AGREES),
        (Answers(number_end="5678"), Outcome.INCOMPLETE),
        (Answers(birth_date=BORN, number_end="0000"), Outcome.DIFFERS),
    ):
        assert outcome(questions, answers, CITIZEN, SHOWN, leader=True) is expected
    only_a_leader = replace(questions, by_leader=True)
    assert outcome(only_a_leader, RIGHT, CITIZEN, SHOWN, leader=False) is Outcome.LEADER_NEEDED
    nothing = Questions(asked=(), by_leader=True)
    assert outcome(nothing, Answers(), CITIZEN, SHOWN, leader=False) is Outcome.LEADER_NEEDED
    assert outcome(nothing, Answers(), CITIZEN, SHOWN, leader=True) is Outcome.AGREES


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("わたなべ いちろう", True),
        ("ﾜﾀﾅﾍﾞ ｲﾁﾛｳ", True),
        ("ワタナベイチロー", True),
        ("ワタナベ イチ", False),
        ("渡邉 一郎", False),
        ("", False),
    ],
)
def test_a_reading_is_compared_as_it_sounds(typed: str, right: bool) -> None:  # noqa: FBT001  # a table
    citizen, shown = replace(CITIZEN, subject_id=None), replace(SHOWN, subject_id=None)
    answers = Answers(birth_date=BORN, reading=typed)
    expected = Outcome.AGREES if right else Outcome.DIFFERS
    assert outcome(about_variant(citizen, shown), answers, citizen, shown, leader=False) is expected


def test_the_end_of_a_number_is_read_in_any_width() -> None:
    assert read_number_end(" １２-３ａ ") == "123A"


def test_a_portal_without_names_is_confirmed_by_the_birth_date_as_its_profile_declares() -> None:
    """The portal's own where it shows one; without any a leader looks."""
    assert kinds(about_login(CITIZEN, None)) == [(Personal.BIRTH_DATE, R)]
    assert kinds(about_login(CITIZEN, SHOWN)) == [(Personal.BIRTH_DATE, P)]
    assert about_login(replace(CITIZEN, birth_date=None), None) == Questions(asked=(), by_leader=True)


DATES = st.sampled_from((None, BORN, OTHER_DAY))
KANA = st.sampled_from((None, "ワタナベ イチロウ", "サトウ ハナ", "●●"))
IDS = st.sampled_from((None, "1234-5678", "77", "12345678"))
NAMES = st.sampled_from(("渡辺 一郎", "渡邉 一郎", "ワタナベ"))
TYPED = st.builds(
    Answers,
    birth_date=DATES,
    reading=st.sampled_from((None, "わたなべ いちろう", "サトウ")),
    number_end=st.sampled_from((None, "5678", "0000")),
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    citizen=st.builds(Citizen, name=NAMES, birth_date=DATES, kana=KANA, subject_id=IDS),
    shown=st.builds(Identity, name=NAMES, birth_date=DATES, kana=KANA, subject_id=IDS),
    typed=TYPED,
)
def test_nobody_but_a_leader_confirms_without_a_right_answer_that_the_portal_knows(
    citizen: Citizen, shown: Identity, typed: Answers
) -> None:
    """Whatever either side knows: the ticket alone never proves anything."""
    questions = about_variant(citizen, shown)
    assert len(questions.asked) == 2 or questions.by_leader
    assert len(questions.asked) <= 2
    if outcome(questions, typed, citizen, shown, leader=False) is not Outcome.AGREES:
        return
    said = {one.item for one in answered(questions, typed) if one.source is P}
    assert said
    assert Personal.BIRTH_DATE not in said or typed.birth_date == shown.birth_date
    assert Personal.NUMBER_END not in said or read_number_end(shown.subject_id or "").endswith(typed.number_end or "?")


# What the machine makes of it


def confirm(jar: Jar = POINT, *, leader: bool = False, items: tuple[Question, ...] = BY_PORTAL) -> Confirmed:
    return Confirmed(jar=jar, identity=VARIANT.identity, confirmed_by="S1", items=items, by_leader=leader)


def refusal(till: Till) -> Refusal | None:
    return next((one.refusal for one in till.all(Decline)), None)


def test_the_ticket_confirms_nothing_and_a_leader_does() -> None:
    """Whoever sends the event: the machine itself asks what the word rests on."""
    for items in ((), BY_RECEPTION):
        till = serving()
        till.feed(confirm(items=items))
        assert (refusal(till), till.all(Record)) == (Refusal.LEADER_NEEDED, [])
        till.feed(confirm(items=items, leader=True))
        (entry,) = till.all(Record)
        assert (entry.kind, dict(entry.facts)["by_leader"]) == (Kind.CONFIRMED, "yes")


def test_after_five_wrong_answers_only_a_leader_confirms() -> None:
    """Each is journalled by its kinds; another holder, and the next visit, begin anew."""
    till = serving()
    wrong = AnswersDiffered(jar=POINT, identity=VARIANT.identity, items=BY_PORTAL)
    told = []
    for _ in range(TRIES):
        till.feed(wrong)
        told.append(refusal(till))
        assert dict(till.all(Record)[0].facts)["items"] == "birth_date:portal"
    assert told == [Refusal.CONFIRMATION_DIFFERS] * (TRIES - 1) + [Refusal.LEADER_NEEDED]
    till.feed(sighted(VARIANT))
    line = view(till.counter, TERMS).portals[0]
    assert line.questions is not None
    assert line.questions.by_leader
    till.feed(confirm())
    assert refusal(till) is Refusal.LEADER_NEEDED
    till.feed(replace(confirm(), identity=Identity(name="高田 未央", birth_date=BORN)))
    assert refusal(till) is None
    till.feed(confirm(leader=True))
    till.feed(held())
    assert till.all(Release)


def test_a_holder_is_asked_about_once_whichever_window_shows_them() -> None:
    """What the portal itself said agrees in every jar; a leader who looked at one saw one."""
    other = Jar(portal="point", context="incognito")
    for leader, expected in ((False, HolderState.AGREE), (True, HolderState.VARIANT)):
        till = serving()
        items = BY_RECEPTION if leader else BY_PORTAL
        till.feed(confirm(leader=leader, items=items), sighted(VARIANT, jar=other))
        assert view(till.counter, TERMS).portals[0].state is expected
        till.feed(held(jar=other))
        assert bool(till.all(Release)) is not leader


def test_a_word_for_a_portal_without_names_is_never_carried_over() -> None:
    """It says that the login just seen was the citizen's, and nothing of another portal."""
    till = serving()
    till.feed(confirm(NAMELESS), held(), sighted(VARIANT))
    assert [stop.verdict.reason for stop in till.all(Stop)] == [Reason.VARIANT_UNCONFIRMED]
    till.feed(sighted(SOMEBODY, jar=NAMELESS))
    assert view(till.counter, TERMS).portals[1].questions == Questions(asked=BY_RECEPTION, by_leader=False)
    till.feed(Confirmed(jar=NAMELESS, identity=None, confirmed_by="S1", items=BY_RECEPTION))
    assert view(till.counter, TERMS).portals[1] == PortalView(portal="nameless", state=HolderState.NOT_BY_NAME)


def test_two_portals_that_show_the_same_variant_ask_once() -> None:
    """One form in the console; a holder who is shown another way is another question."""
    terms = {**TERMS, "mypage": TERMS["point"]}
    mypage = Jar(portal="mypage", context="window")
    for holder, asked in ((VARIANT, [True, False]), (Known(identity=Identity(name="高田　未央")), [True, True])):
        till = serving()
        till.feed(sighted(VARIANT))
        till.counter, _ = step(till.counter, sighted(holder, jar=mypage), terms)
        lines = {line.portal: line.questions is not None for line in view(till.counter, terms).portals}
        assert [lines["point"], lines["mypage"]] == asked


def test_nothing_is_confirmed_at_a_portal_that_no_profile_names_or_without_a_visit() -> None:
    till = serving()
    till.feed(confirm(Jar(portal="elsewhere", context="window")))
    assert refusal(till) is Refusal.NOTHING_TO_CONFIRM
    empty = Till()
    empty.feed(BrowserReady(generation=1), AnswersDiffered(jar=POINT, identity=None))
    assert refusal(empty) is Refusal.NO_VISIT_OPEN


def test_the_same_holder_is_asked_about_again_in_the_next_visit() -> None:
    """Nothing that was typed outlives the citizen."""
    till = serving()
    till.feed(confirm())
    fresh = Till()
    fresh.feed(BrowserReady(generation=1), OpenRequested(visit_id="v2", citizen=CITIZEN, at=0.0))
    assert fresh.counter.visit is not None
    assert (fresh.counter.visit.confirmed_people, fresh.counter.visit.wrong_answers) == (frozenset(), {})
    assert till.counter.visit is not None
    assert till.counter.visit.confirmed_people == {Known(identity=VARIANT.identity).identity}
