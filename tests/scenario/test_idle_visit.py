"""A citizen walks away and nobody ends the visit, at a real counter whose minutes are seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.config import IdleSettings
from guard.core.commands import Kind
from guard.core.view import Phase
from tests.day import entries, eventually, log_in, shown_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.blocking import BlockingCounter
    from guard.config import Config
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser

ASK_AFTER = 2.5  # seconds


@pytest.fixture
def counter(guard_config: Config) -> Iterator[BlockingCounter]:
    idle = IdleSettings(ask_after=ASK_AFTER, answer_within=1.0)
    with open_blocking_counter(guard_config.model_copy(update={"idle": idle})) as counter:
        yield counter


def test_a_visit_that_everybody_left_is_asked_about_and_then_logged_out(
    counter: BlockingCounter, serve_at: ServeAt
) -> None:
    """Not while the citizen types; the question comes first; then the ordinary handover with its proofs."""
    with serve_at(counter, TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        assert counter.call(counter.counter.desk.still_serving) is None  # where machines stall, the login took too long
        for _ in range(30):
            counter.counter.supervisor.input_seen()  # the page reports every five seconds; here a question takes less
            time.sleep(0.1)
        assert not counter.view.idle_asked
        counter.until(lambda view: view.idle_asked)
        assert counter.view.phase is Phase.SERVING
        counter.until(lambda view: view.phase is Phase.READY)
    (asked,), (ending,) = entries(counter, Kind.IDLE_ASKED), entries(counter, Kind.VISIT_ENDING)
    assert (ending.at - asked.at).total_seconds() >= 1.0
    assert dict(ending.facts) == {"ending": "idle"}
    assert counter.counter.clearance is not None
    assert counter.counter.clearance.clean


def test_the_guard_hears_that_somebody_types_and_that_a_form_holds_text(
    counter: BlockingCounter, serve_at: ServeAt
) -> None:
    """In whatever frame; not a letter of it goes to the guard, and the next document begins anew."""
    with serve_at(counter, TANAKA_ICHIRO) as page:
        page.goto("https://point.portal.test/login")
        browser = shown_browser(counter)
        eventually(lambda: any("portal.test" in one.url for one in browser.pages.open))
        began = _last_input(counter)
        page.get_by_label("カード番号").press("Tab")
        eventually(lambda: _last_input(counter) > began)
        assert not browser.text_open
        page.get_by_label("カード番号").press_sequentially("12")
        eventually(lambda: browser.text_open)
        page.reload()
        eventually(lambda: not browser.text_open)
        page.evaluate(
            """() => new Promise(done => { const frame = document.createElement('iframe');
                 frame.srcdoc = '<label>text <input></label>'; frame.onload = done; document.body.append(frame); })"""
        )
        page.frame_locator("iframe").get_by_label("text").press_sequentially("x")
        eventually(lambda: browser.text_open)


def test_staff_say_that_the_visit_goes_on(counter: BlockingCounter, serve_at: ServeAt) -> None:
    with serve_at(counter, TANAKA_ICHIRO):
        counter.until(lambda view: view.idle_asked)
        assert counter.call(counter.counter.desk.still_serving) is None
        assert not counter.view.idle_asked
        time.sleep(1.2)
        assert counter.view.phase is Phase.SERVING


def _last_input(counter: BlockingCounter) -> float:
    visit = counter.counter.supervisor.counter.visit
    assert visit is not None
    assert visit.idle is not None
    return visit.idle.last_input
