"""What leads back to the console from a page beside it, and what staff knew of already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from guard.console.calls import calls, frame
from guard.core.card import CardState
from guard.core.checklist import Checklist, Confirmer
from guard.core.commands import Refusal
from guard.core.view import SealReason
from tests.unit.console.test_activity import SERVING as IDLE
from tests.unit.console.test_app import READY, SERVING, Desk, app, console, desk, staff  # noqa: F401 (fixtures)
from tests.unit.console.test_page import ASKED, NUMBERS, UNBOUND
from tests.unit.console.test_page import SERVING as EVENTFUL

if TYPE_CHECKING:
    import httpx

    from guard.core.view import CounterView

LIST = Checklist(visit_id="v0", proved=frozenset())
ENDED = replace(READY, checklist=LIST)
CALLING = {
    "idle": IDLE,
    "read back": replace(SERVING, read_back=NUMBERS[0]),
    "binding": UNBOUND,
    "two people": replace(UNBOUND, binding=Refusal.TWO_PEOPLE),
    "variant": replace(ASKED, stops=(), alarms=()),
    "stop": replace(SERVING, stops=EVENTFUL.stops[:1]),
    "alarm": replace(SERVING, alarms=EVENTFUL.alarms),
    "number of another": replace(SERVING, disputes=NUMBERS[:1]),
    "card away": replace(SERVING, card=CardState.REMOVED),
    "card back": replace(SERVING, card=CardState.BACK),
    "card left": replace(READY, card=CardState.LEFT),
    "seal": replace(READY, seal=SealReason.UNFORESEEN),
    "checklist": ENDED,
}
RUNNING_OUT = {"idle", "read back"}


@pytest.mark.parametrize("view", CALLING.values(), ids=CALLING)
def test_whatever_asks_for_a_person_calls(view: CounterView) -> None:
    """Under a mark that stays while the same thing is asked, and that tells no name."""
    new = calls(view)
    assert new
    assert new == calls(replace(view, released=view.released + 1))
    assert new.isascii()


@pytest.mark.parametrize("what", CALLING)
def test_what_staff_left_behind_calls_nobody_back_unless_it_runs_out(what: str) -> None:
    """A leader reads the day while the counter is sealed; a question that acts by itself is shown in any case."""
    view = CALLING[what]
    known = frame(view, "csrf").known
    assert (calls(view) not in known) is (what in RUNNING_OUT)


@pytest.mark.parametrize(
    "quiet",
    [
        READY,
        SERVING,
        replace(UNBOUND, binding=None, stops=(), alarms=(), portals=()),
        replace(SERVING, card=CardState.THERE),
        replace(SERVING, card=CardState.AWAITED),
        replace(READY, checklist=replace(LIST, confirmed_by=frozenset({Confirmer.STAFF}))),
    ],
    ids=["ready", "serving", "nobody logged in", "card there", "card awaited", "checklist confirmed"],
)
def test_a_counter_that_waits_for_nobody_calls_nobody(quiet: CounterView) -> None:
    assert calls(quiet) == ""


def test_the_same_question_about_somebody_else_is_a_new_one() -> None:
    (line,) = ASKED.portals
    one, two = EVENTFUL.stops[:2]
    for before, after in (
        (ASKED, replace(ASKED, portals=(replace(line, holder_name="渡邊"),))),
        (replace(SERVING, stops=(one,)), replace(SERVING, stops=(one, two))),
        (CALLING["read back"], replace(SERVING, read_back=replace(NUMBERS[0], turn=1))),
        (CALLING["card away"], CALLING["card back"]),
        (CALLING["seal"], replace(CALLING["seal"], seal=SealReason.NOT_CLEARED)),
        (IDLE, replace(IDLE, visit_id="v2")),
    ):
        assert set(calls(after).split()) - set(calls(before).split())


@pytest.mark.parametrize("path", ["/day", "/procedure"])
async def test_a_page_beside_the_console_follows_it_and_reports_input(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
    path: str,
) -> None:
    """It carries what was known when it was opened, and its scripts are files of ours."""
    desk.now = CALLING["seal"]
    html = (await staff.get(path)).text
    assert f'data-known="{calls(desk.now)}"' in html
    for script in ("live", "away", "present"):
        assert f'<script src="/static/{script}.js" defer></script>' in html
        assert (await staff.get(f"/static/{script}.js")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/citizen"])
async def test_console_and_citizens_page_report_input_and_lead_nowhere(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    path: str,
) -> None:
    """The citizen's page is turned towards the citizen: no name may ever come up on it."""
    html = (await staff.get(path)).text
    assert "/static/present.js" in html
    assert "/static/away.js" not in html
