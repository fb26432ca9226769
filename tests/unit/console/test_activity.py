"""What the console tells of people at it, as requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.core.view import CounterView, Phase
from tests.unit.console.test_app import Desk, app, console, desk, hidden, staff  # noqa: F401 (fixtures)

if TYPE_CHECKING:
    import httpx

SERVING = CounterView(phase=Phase.SERVING, generation=1, visit_id="v1", citizen_name="山田", idle_asked=True)


@pytest.mark.parametrize(("typed", "told"), [("yes", True), ("no", False), ("", None), ("佐藤", None)])
async def test_input_reaches_the_counter_without_a_word_of_it(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
    typed: str,
    told: bool | None,  # noqa: FBT001 (a case)
) -> None:
    """A page beside the console knows nothing of the text in it, and says nothing."""
    form = await hidden(staff)
    assert (await staff.post("/activity", data={"csrf": form["csrf"], "typed": typed})).status_code == 204
    assert desk.asked == [("input", told)]


async def test_a_forged_report_keeps_no_visit_alive(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
) -> None:
    assert (await staff.post("/activity", data={"csrf": "forged", "typed": "yes"})).status_code == 403
    assert desk.asked == []


async def test_staffs_answer_reaches_the_counter(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
) -> None:
    desk.now = SERVING
    assert (await staff.post("/do/still", data=await hidden(staff))).status_code == 303
    assert desk.asked == ["still"]
