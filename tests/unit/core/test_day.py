"""The numbers of a day: what counts as a near miss, and what the guard's time is made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guard.core.day import AnswerOfDay, Day, VisitOfDay
from guard.core.submission import RequestClass
from guard.core.verdict import Reason

NINE = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
VISITS = tuple(VisitOfDay(id=name, person=person, opened_at=NINE) for name, person in (("v1", "A"), ("v2", "B")))


def answer(number: int, visit_id: str | None, minutes: float = 0.0, **changes: object) -> AnswerOfDay:
    values: dict[str, object] = {"portal": "point", "request_class": "submission", "reason": None} | changes
    at = NINE + timedelta(minutes=minutes)
    return AnswerOfDay(id=number, visit_id=visit_id, at=at, **values)  # type: ignore[arg-type]  # a table of values


def stop(visit_id: str | None = "v1", minutes: float = 0.0, **changes: object) -> AnswerOfDay:
    return answer(1, visit_id, minutes, **{"reason": Reason.SOMEONE_ELSE, **changes})


def near(*answers: AnswerOfDay) -> list[int]:
    return [miss.id for miss in Day(visits=VISITS, answers=answers).near_misses]


@pytest.mark.parametrize("minutes", [0.0, 4.0, 10.0])
def test_a_stop_followed_by_another_citizens_submission_is_a_near_miss(minutes: float) -> None:
    assert near(stop(), answer(2, "v2", minutes)) == [1]


@pytest.mark.parametrize(
    "answers",
    [
        (stop(), answer(2, "v2", 10.1)),
        (stop(minutes=5), answer(2, "v2", 4.9)),
        (stop(), answer(2, "v1", 4)),
        (stop(), answer(2, "v2", 4, portal="mypage")),
        (stop(), answer(2, "v2", 4, request_class=RequestClass.LOGIN)),
        (stop(), answer(2, "v2", 4, reason=Reason.TOO_LATE)),
        (stop(), answer(2, "of another day", 4)),
        (stop(None), answer(2, "v2", 4)),
        (stop(false_stop=True), answer(2, "v2", 4)),
    ],
    ids=[
        "too late", "before", "the same citizen", "another portal", "a login", "stopped as well", "unknown visit",
        "no visit", "a false stop",
    ],
)  # fmt: skip
def test_what_is_no_near_miss(answers: tuple[AnswerOfDay, ...]) -> None:
    assert near(*answers) == []


def test_the_same_citizen_in_a_second_visit_is_nobody_else() -> None:
    """Discarded, received again, sent: nothing went wrong."""
    visits = (*VISITS, VisitOfDay(id="v3", person="A", opened_at=NINE))
    day = Day(visits=visits, answers=(stop(), answer(2, "v3", 4)))
    assert day.near_misses == ()


@pytest.mark.parametrize("reason", Reason)
def test_a_stop_counts_only_if_it_may_have_been_about_another_person(reason: Reason) -> None:
    """A card that was not there, or a confirmation that was asked for, says nothing of the next citizen."""
    persons = {
        Reason.SOMEONE_ELSE, Reason.LEFTOVER_SESSION, Reason.OLD_BROWSER, Reason.SESSION_CHANGED,
        Reason.HOLDER_UNREADABLE, Reason.ACCOUNT_HOLDER_DIFFERS, Reason.VALUE_OF_ANOTHER,
    }  # fmt: skip
    assert near(stop(reason=reason), answer(2, "v2", 4)) == ([1] if reason in persons else [])


def test_the_time_added_is_what_people_waited_for() -> None:
    """Logins, submissions and stops count; a poll in the background does not."""
    day = Day(
        visits=VISITS,
        answers=(
            answer(1, "v1", held_ms=300, request_class=RequestClass.LOGIN),
            answer(2, "v1", held_ms=20),
            stop(held_ms=5),
            answer(4, "v1", held_ms=900, request_class=RequestClass.HARMLESS),
            answer(5, "v2", held_ms=7),
        ),
    )
    assert (day.added_ms("v1"), day.added_ms("v2"), day.added_ms("v9")) == (325, 7, 0)


def test_stops_are_counted_by_reason_the_most_frequent_first() -> None:
    stops = (stop(reason=Reason.TOO_LATE), stop(), stop(visit_id="v2", false_stop=True))
    day = Day(visits=VISITS, answers=(*stops, answer(2, "v1")))
    assert day.by_reason() == ((Reason.SOMEONE_ELSE, 2), (Reason.TOO_LATE, 1))
    assert (len(day.stops), day.false_stops, day.stops_of("v1")) == (3, 1, 2)
