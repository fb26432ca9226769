"""A day at a real counter, from the reception list to the day view: what the ledger made of it is on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import Points
from guard.blocking import open_blocking_counter
from guard.config import load_config
from guard.core.commands import Kind
from guard.core.view import Phase
from tests.day import counter_file, entries, eventually, log_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser


@pytest.fixture
def file(portals: MockPortals, tmp_path: Path) -> Path:
    """A counter with a reception list, as reception would save it from a spreadsheet."""
    people = (("7", SATO_HANAKO), ("8", TANAKA_ICHIRO))
    rows = "".join(f"{number},{one.name},{one.citizen.birth_date},\r\n" for number, one in people)
    (tmp_path / "reception.csv").write_bytes(f"ticket,name,birth_date,alias\r\n{rows}9,山田,昨日,\r\n".encode("cp932"))
    file = counter_file(portals, tmp_path)
    with file.open("a") as more:
        more.write('[reception]\nway = "list"\nlist = "reception.csv"\n')
    return file


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """A page of a plain browser, in place of the console's own window."""
    page = browser.new_page()
    yield page
    page.close()


def figure(page: Page, name: str) -> str:
    return str(page.locator(f'[data-figure="{name}"]').text_content())


def test_a_stopped_submission_that_another_citizen_completes_is_a_near_miss_until_staff_say_it_was_none(
    file: Path, desk_page: Page, serve_at: ServeAt
) -> None:
    """Tanaka is served while Sato is logged in: stopped. Then Sato's own visit sends it."""
    with open_blocking_counter(load_config(file)) as counter:
        desk_page.goto(counter.call(counter.counter.serve_console))
        with serve_at(counter, TANAKA_ICHIRO) as window:
            log_in(window, SATO_HANAKO)
            window.evaluate("() => fetch('/apply/service', {method: 'POST', body: 'x'}).catch(() => 0)")
            eventually(lambda: counter.view.stops)
        with serve_at(counter, SATO_HANAKO) as window:
            log_in(window, SATO_HANAKO).apply(SATO_HANAKO.cashless, Points.CARD)
            eventually(lambda: counter.view.released)
        desk_page.get_by_role("link", name="今日の窓口").click()
        expect(desk_page.get_by_role("heading", name="の窓口")).to_be_visible()
        shown = {name: figure(desk_page, name) for name in ("visits", "stops", "near", "false")}
        assert shown == {"visits": "2", "stops": "1", "near": "1", "false": "0"}
        assert int(figure(desk_page, "sent")) >= 1
        assert figure(desk_page, "added").endswith(" 秒")
        for one in (SATO_HANAKO, TANAKA_ICHIRO):
            assert one.name.split()[0] not in desk_page.content()
        chart = desk_page.locator("svg.chart").first.bounding_box()
        assert chart is not None
        assert chart["height"] > 20
        desk_page.get_by_role("button", name="誤って止めた").dblclick()
        expect(desk_page.locator('[data-figure="false"]')).to_have_text("1")
        assert figure(desk_page, "near") == "0"
        (marked,) = entries(counter, Kind.STOP_MARKED)
        (stopped,) = entries(counter, Kind.STOPPED)
        assert dict(marked.facts)["stop"] == str(stopped.sequence)
        assert marked.visit_id == stopped.visit_id
        desk_page.get_by_role("button", name="取り消す").click()
        expect(desk_page.locator('[data-figure="near"]')).to_have_text("1")
        desk_page.get_by_role("link", name="コンソールに戻る").click()
        expect(desk_page.get_by_label("番号札").first).to_be_focused()


def test_a_number_from_the_list_opens_the_visit_with_two_enters_and_is_asked_about_when_it_comes_again(
    file: Path, desk_page: Page
) -> None:
    """Reception by keyboard alone; the row that cannot be read is told by its place, and hides nobody."""
    with open_blocking_counter(load_config(file)) as counter:
        desk_page.goto(counter.call(counter.counter.serve_console))
        expect(desk_page.get_by_label("番号札").first).to_be_focused()
        desk_page.get_by_text("受付名簿に読み取れない行があります").click()
        expect(desk_page.locator(".list-faults li")).to_contain_text("reception.csv 4行目 birth_date (2文字)")
        desk_page.get_by_label("番号札").first.press_sequentially("７")
        desk_page.keyboard.press("Enter")
        expect(desk_page.get_by_label("氏名", exact=True)).to_have_value(SATO_HANAKO.name)
        expect(desk_page.get_by_label("氏名", exact=True)).to_be_focused()
        assert counter.view.phase is Phase.READY
        desk_page.keyboard.press("Enter")
        expect(desk_page.get_by_role("heading", name=SATO_HANAKO.name)).to_be_visible()
        counter.end()
        receive_again(desk_page, counter)


def receive_again(page: Page, counter: BlockingCounter) -> None:
    """The list no longer offers the number; typed, it is asked about, and staff's word lets it through."""
    page.get_by_text("受付名簿から選ぶ(1 人)").click()
    page.get_by_role("button", name="8 番").click()
    expect(page.get_by_label("氏名", exact=True)).to_have_value(TANAKA_ICHIRO.name)
    page.get_by_role("textbox", name="番号札").last.fill("7")
    page.keyboard.press("Enter")
    expect(page.locator("#open-ticket-fault")).to_contain_text("今日すでに使われています")
    assert counter.view.phase is Phase.READY
    page.get_by_label("承知のうえで").check()
    page.get_by_role("button", name="対応を始める").click()
    expect(page.get_by_role("heading", name=TANAKA_ICHIRO.name)).to_be_visible()
    counter.end()
