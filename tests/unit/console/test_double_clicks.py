"""A double click on any button of staff: both halves end on the page, and one of them acts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Route

from guard.core.card import CardState
from guard.core.checklist import Checklist
from guard.core.view import SealReason
from tests.unit.console.test_app import READY, SERVING, Desk, app, console, desk, hidden, staff, variant  # noqa: F401
from tests.unit.console.test_page import NUMBERS, UNBOUND

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    from starlette.applications import Starlette

    from guard.core.view import CounterView

OTHERWISE = {
    "/activity": "says that somebody is there, however often",
    "/citizen": "the citizen's word, which is the same word the second time",
    "/day/stop": "has its mark, and its test in test_day_page.py",
    "/language": "does nothing to the counter",
}
"""What else takes a form, and why it is not walked here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button, where it is and what stands in its form."""

    view: CounterView
    typed: Mapping[str, str] = field(default_factory=dict)
    acts: bool = True
    """Whether it asks anything of the counter."""


ASKED = {"birth_date": "S55.4.1", "birth_year": "S55", "reading": "わたなべ", "staff": "小野"}
PRESSES: Mapping[str, Press] = {
    "open": Press(view=READY, typed={"name": "山田 太郎", "birth_date": "S55.4.1"}),
    "fill": Press(view=READY, typed={"ticket": "12"}, acts=False),
    "end": Press(view=SERVING, typed={"ending": "discarded"}),
    "interrupt": Press(view=SERVING, typed={"interruption": "other"}),
    "still": Press(view=replace(SERVING, idle_asked=True)),
    "take_over": Press(view=SERVING, typed={"number": "S-12", "pin": "8305"}),
    "lift": Press(view=replace(READY, seal=SealReason.UNFORESEEN), typed={"leader": "L-07", "pin": "274927"}),
    "card": Press(view=replace(SERVING, card=CardState.BACK), typed={"answer": "same_citizen"}),
    "checklist": Press(view=replace(READY, checklist=Checklist(visit_id="v0", proved=frozenset())), typed={"of": "v0"}),
    "without": Press(view=READY, typed={"began": "2026-03-31T14:30", "ending": "done", "cause": "power"}),
    "confirm": Press(view=variant(), typed={"portal": "point", "holder": "渡邉 一郎", **ASKED}),
    "bind": Press(view=UNBOUND, typed={"holder": "渡邉", "address": "東町", "number_end": "1234", **ASKED}),
    "read_back": Press(
        view=replace(SERVING, read_back=NUMBERS[0]), typed={"submission": NUMBERS[0].submission_id, "turn": "0"}
    ),
    "approve_value": Press(
        view=replace(SERVING, disputes=NUMBERS[:1]),
        typed={"submission": NUMBERS[0].submission_id, "leader": "L-07", "pin": "274927"},
    ),
}


def test_no_button_is_forgotten(app: Starlette) -> None:  # noqa: F811 (a fixture)
    """A new order, or a new road for a form, is walked here or says why not."""
    routes = [route for route in app.routes if isinstance(route, Route)]
    taking: dict[str, Any] = {route.path: route.endpoint for route in routes if "POST" in (route.methods or ())}
    console_of_app = taking.pop("/do/{order}").__self__
    assert console_of_app._orders.keys() == PRESSES.keys()
    assert taking.keys() == OTHERWISE.keys()


@pytest.mark.parametrize("order", PRESSES)
async def test_a_double_click_acts_once(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
    order: str,
) -> None:
    """Whether its second half comes while the first is carried out, or after it."""
    press = PRESSES[order]
    desk.now = press.view
    form = await hidden(staff, **press.typed)
    if order == "read_back":
        form["typed"] = "1001"
    answers = await asyncio.gather(*(staff.post(f"/do/{order}", data=form) for _ in range(2)))
    answers.append(await staff.post(f"/do/{order}", data=form))
    assert len(desk.asked) == int(press.acts)
    assert {answer.status_code for answer in answers} == ({303} if press.acts else {422})
