"""Every road out of the browser: stopped under a wrong holder, let through once and unchanged under the right one."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

import pytest

from guard.blocking import open_blocking_counter
from guard.core.verdict import Reason
from tests.browser.conftest import open_window
from tests.browser.lab import BEFORE, LAB, NOW, OTHER, lab_config, profile, wait_until
from tests.browser.roads import ROADS, Road, Way

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Playwright

    from guard.blocking import BlockingCounter
    from guard.core.identity import Citizen
    from tests.browser.conftest import Window
    from tests.browser.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("playwright")]  # fixtures that are chosen later need it

SETTLED = 0.1  # seconds in which a second sending of the same would have followed the first


@pytest.fixture(scope="module")
def lab_counter(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """No profile declares a GET here: with one, the gate pauses everything, and no road would be told from another."""
    requests = {"logout": [{"method": "POST", "path": "/logout"}]}
    portals = (profile("lab", LAB, requests=requests), profile("other", OTHER, requests=requests))
    with open_blocking_counter(lab_config(lab, tmp_path_factory.mktemp("counter"), portals=portals)) as counter:
        yield counter


@pytest.fixture(scope="module")
def declaring_window(lab: Lab, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """One visit at a counter whose profiles declare GETs as submissions."""
    with (
        open_blocking_counter(lab_config(lab, tmp_path_factory.mktemp("declaring"))) as counter,
        open_window(lab, counter, playwright) as window,
    ):
        yield window


@pytest.fixture
def at_work(request: pytest.FixtureRequest) -> Iterator[Window]:
    """The visit that fits the road; what a road opened beside its window is closed again."""
    declared = request.node.callspec.params["road"].ends_at == "/submit/"
    window: Window = request.getfixturevalue("declaring_window" if declared else "shared_window")
    yield window
    for page in window.context.pages:
        if page != window.page:
            page.close()


def _drive(road: Road, window: Window, folder: Path, *, arrivals: int) -> tuple[str, str]:
    name = secrets.token_hex(6)
    end = road.ends_at + name
    window.sent[end] = arrivals
    road.drive(Way(lab=window.lab, page=window.page, path=end, folder=folder))
    return end, (road.stopped_at or road.ends_at) + name


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.name)
@pytest.mark.parametrize(
    ("holder", "reason"),
    [(BEFORE, Reason.SOMEONE_ELSE), (None, Reason.NOBODY_LOGGED_IN)],
    ids=["someone else", "nobody"],
)
def test_a_submission_under_a_wrong_holder_never_reaches_the_portal(
    road: Road, holder: Citizen | None, reason: Reason, at_work: Window, tmp_path: Path
) -> None:
    at_work.start(holder)
    end, stopped_at = _drive(road, at_work, tmp_path, arrivals=0)
    assert at_work.answer_at(stopped_at).verdict.reason is reason
    threading.Event().wait(SETTLED)
    assert at_work.lab.at(end) == at_work.lab.at(stopped_at) == []


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.name)
def test_a_submission_of_the_citizen_served_arrives_once_and_unchanged(
    road: Road, at_work: Window, tmp_path: Path
) -> None:
    """Byte for byte, and under the session that was sighted."""
    session = at_work.start(NOW)
    end, _ = _drive(road, at_work, tmp_path, arrivals=1)
    assert at_work.answer_at(end).verdict.passed
    wait_until(lambda: at_work.lab.at(end), f"an arrival at {end}")
    threading.Event().wait(SETTLED)
    (arrival,) = at_work.lab.at(end)
    assert (arrival.method, arrival.session) == (road.method, session)
    assert road.arrives(arrival), arrival.body[:500]


def test_nothing_was_sent_late(shared_window: Window, declaring_window: Window) -> None:
    """At the end of the day each submission has arrived as often as it should: once, or never."""
    sent = shared_window.sent | declaring_window.sent
    assert {path: len(shared_window.lab.at(path)) for path in sent} == sent
