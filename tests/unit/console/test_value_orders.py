"""The forms about values: what is typed reaches the counter once, and a page that is out of date reaches nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from guard.console.fields import Fault
from guard.console.value_orders import approve_value, read_back
from guard.core.commands import Refusal
from guard.core.payload import FieldKind
from guard.core.staff import Denial, Denied
from guard.core.view import CounterView, Phase, ValueView
from guard.labels import Label
from guard.texts import Texts

if TYPE_CHECKING:
    from guard.console.desk import Desk

TODAY = date(2026, 4, 1)
NUMBER = ValueView(
    submission_id="1-7", turn=2, portal="point", kind=FieldKind.PAYMENT_ID, name="id", groups=("SP10", "0200", "02")
)
FORM = {"submission": "1-7", "turn": "2", "typed": " ００02 "}


class Counter:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.now = CounterView(phase=Phase.SERVING, generation=1, visit_id="v1", read_back=NUMBER)
        self.asked: list[tuple[str, ...]] = []
        self.answer: Refusal | Denied | None = None

    def view(self) -> CounterView:
        return self.now

    async def read_back(self, *asked: str) -> Refusal | None:
        self.asked.append(asked)
        return cast("Refusal | None", self.answer)

    async def approve_value(self, *asked: str) -> Refusal | Denied | None:
        self.asked.append(asked)
        return self.answer


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def desk(counter: Counter) -> Desk:
    return cast("Desk", counter)


async def test_what_the_citizen_typed_reaches_the_submission_that_waits(counter: Counter, desk: Desk) -> None:
    assert await read_back(desk, FORM, Texts(), TODAY) is None
    assert counter.asked == [("1-7", "００02")]


@pytest.mark.parametrize("changes", [{"turn": "1"}, {"submission": "1-6"}, {"turn": ""}])
async def test_a_page_that_asks_for_an_earlier_number_says_so(
    counter: Counter, desk: Desk, changes: dict[str, str]
) -> None:
    """Typed for the account's holder, it must not answer for the account's number."""
    attempt = await read_back(desk, FORM | changes, Texts(), TODAY)
    assert attempt is not None
    assert (attempt.notice, counter.asked) == (Texts().label(Label.STALE_PAGE), [])
    counter.now = replace(counter.now, read_back=None)
    assert await read_back(desk, FORM, Texts(), TODAY) is not None


async def test_an_empty_field_is_no_slip(counter: Counter, desk: Desk) -> None:
    """Enter pressed too early stops nothing; what was typed is never shown again."""
    attempt = await read_back(desk, FORM | {"typed": "  "}, Texts(), TODAY)
    assert attempt is not None
    assert (attempt.faults, attempt.values, counter.asked) == ({"typed": Fault.READ_BACK_MISSING}, {}, [])
    counter.answer = Refusal.NOTHING_TO_READ_BACK
    attempt = await read_back(desk, FORM, Texts(), TODAY)
    assert attempt is not None
    assert attempt.notice == Texts().refusal(Refusal.NOTHING_TO_READ_BACK)


async def test_a_leaders_word_is_asked_with_number_and_pin_and_the_pin_is_never_shown_again(
    counter: Counter, desk: Desk
) -> None:
    form = {"submission": "1-7", "leader": "L-07", "pin": "2749"}
    assert await approve_value(desk, form, Texts(), TODAY) is None
    assert counter.asked == [("1-7", "L-07", "2749")]
    for answer in (Denied(why=Denial.WRONG_PIN), Refusal.NOTHING_TO_APPROVE):
        counter.answer = answer
        attempt = await approve_value(desk, form, Texts(), TODAY)
        assert attempt is not None
        assert (attempt.form, attempt.values) == ("shared-1-7", {"leader": "L-07"})
        assert attempt.faults == ({"pin": answer} if isinstance(answer, Denied) else {})
    attempt = await approve_value(desk, form | {"leader": " "}, Texts(), TODAY)
    assert attempt is not None
    assert (attempt.faults, len(counter.asked)) == ({"leader": Fault.LEADER_MISSING}, 3)
