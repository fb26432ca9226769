"""The question whether a visit goes on, as staff meet it in the console."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.lab import wait_until
from tests.browser.test_console_page import (
    SEALED,
    SERVING,
    VARIANT,
    Counter,
    browser_type_launch_args,  # noqa: F401 (a fixture)
    counter_showing,
    opened,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ASKED = replace(SERVING, idle_asked=True)


@pytest.fixture
def counter() -> Iterator[Counter]:
    with counter_showing(SERVING) as counter:
        yield counter


@pytest.fixture
def console(counter: Counter, page: Page) -> Page:
    return opened(counter, page)


def test_the_question_names_the_citizen_and_one_press_answers_it(counter: Counter, console: Page) -> None:
    """It is announced, takes no focus, and goes when the counter takes it back."""
    expect(console.get_by_role("heading", name="山田 太郎 様", exact=True)).to_be_visible()
    counter.show(ASKED)
    expect(console.get_by_role("alert").filter(has_text="まだ 山田 太郎 様の対応中ですか")).to_be_visible()
    assert console.evaluate("document.activeElement.tagName") != "BUTTON"
    counter.desk.next = SERVING
    console.get_by_role("button", name="対応を続ける").click()
    expect(console.get_by_text("対応中ですか")).to_be_hidden()
    assert counter.desk.asked == [("still",)]


def test_the_console_tells_that_somebody_is_there_and_whether_a_form_holds_text(
    counter: Counter, console: Page
) -> None:
    """So that nobody is asked in the middle of a typed check; what is typed stays in the page."""
    counter.show(VARIANT)
    told: list[str] = []
    console.on("request", lambda request: told.append(request.post_data or "") if "/activity" in request.url else None)
    field = console.get_by_label("ご本人に伺った生年月日")
    field.press("Tab")
    wait_until(lambda: counter.desk.inputs == [False], "a first report")
    field.evaluate("field => { field.value = '1980-04-01' }")
    console.clock.install()
    console.clock.fast_forward(6000)
    field.press("End")
    wait_until(lambda: counter.desk.inputs == [False, True], "a report of text")
    assert not any("1980" in body for body in told)


def test_a_sealed_counter_asks_as_well(counter: Counter, console: Page) -> None:
    counter.show(replace(SEALED, phase=SERVING.phase, visit_id="v1", citizen_name="山田 太郎", idle_asked=True))
    expect(console.get_by_role("button", name="対応を続ける")).to_be_visible()
