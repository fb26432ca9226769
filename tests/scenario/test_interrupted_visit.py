"""A visit that is interrupted: a leader looks before the next one, and the citizen who returns is recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.config import load_config
from guard.core.commands import Kind
from guard.core.events import Ending
from guard.core.interruption import Interruption
from guard.core.view import Phase, SealReason
from tests.day import counter_file, entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter

pytestmark = pytest.mark.browser


@pytest.fixture
def file(portals: MockPortals, tmp_path: Path) -> Path:
    return counter_file(portals, tmp_path)


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """A page of a plain browser, in place of the console's own window."""
    page = browser.new_page()
    yield page
    page.close()


def test_an_interrupted_visit_is_shown_again_when_its_citizen_returns(file: Path, desk_page: Page) -> None:
    """A leader, another citizen and a restart come in between; it is shown until a visit of theirs is done."""
    config = load_config(file)
    again = "この方の手続きは"
    with open_blocking_counter(config) as counter:
        desk_page.goto(counter.call(counter.counter.serve_console))
        counter.open_visit(SATO_HANAKO.citizen)
        desk_page.locator("summary", has_text="中断").click()
        desk_page.get_by_role("button", name="口座番号などが手元にない").click()
        expect(desk_page.get_by_role("heading", name="この窓口は封鎖されています")).to_be_visible(timeout=20_000)
        expect(desk_page.locator("section.seal")).to_contain_text("口座番号などが手元にない")
        expect(desk_page.locator("section.clearance")).to_contain_text("何も残っていません")
        assert counter.counter.clearance is not None
        assert counter.counter.clearance.clean
        desk_page.get_by_label("リーダーの職員番号").fill("L-07")
        desk_page.keyboard.press("Enter")
        expect(desk_page.get_by_label("氏名", exact=True)).to_be_focused()
        counter.open_visit(TANAKA_ICHIRO.citizen)
        expect(desk_page.get_by_role("heading", name=TANAKA_ICHIRO.name)).to_be_visible()
        expect(desk_page.get_by_text(again)).to_have_count(0)
        counter.end()
        (ending, _) = entries(counter, Kind.VISIT_ENDING)
        assert dict(ending.facts) == {"ending": "interrupted", "interruption": "number_not_at_hand"}
    with open_blocking_counter(config) as counter:
        desk_page.goto(counter.call(counter.counter.serve_console))
        for seen in (1, 0):
            counter.open_visit(SATO_HANAKO.citizen)
            expect(desk_page.get_by_role("heading", name=SATO_HANAKO.name)).to_be_visible()
            expect(desk_page.get_by_text(again)).to_have_count(seen)
            counter.end()


def test_an_interruption_that_no_leader_saw_outlasts_a_restart(file: Path) -> None:
    """Nobody gets around the leader by starting the guard anew; the reason is still told, the second time too."""
    config = load_config(file)
    with open_blocking_counter(config) as counter:
        counter.open_visit(SATO_HANAKO.citizen)
        counter.call(interrupt, counter)
        counter.until(lambda view: view.phase is Phase.READY)
        assert counter.view.seal is SealReason.INTERRUPTED
    with open_blocking_counter(config) as counter:
        assert counter.view.seal is SealReason.INTERRUPTED
    with open_blocking_counter(config) as counter:
        assert (counter.view.seal, counter.view.seal_detail) == (SealReason.INTERRUPTED, "citizen_left")
        counter.lift("L-07")
        assert counter.view.seal is None


async def interrupt(counter: BlockingCounter) -> None:
    assert await counter.counter.desk.end(Ending.INTERRUPTED, Interruption.CITIZEN_LEFT) is None
