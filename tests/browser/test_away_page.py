"""Pages beside the console, in a real browser: staff who look at one miss nothing, and count as being there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.lab import wait_until
from tests.browser.test_checklist_page import ENDED
from tests.browser.test_console_page import (
    READ_BACK,
    READY,
    SEALED,
    SERVING,
    SOMEONE_ELSE,
    UNBOUND,
    VARIANT,
    Counter,
    browser_type_launch_args,  # noqa: F401 (a fixture)
    counter_showing,
    opened,
)
from tests.browser.test_idle_page import ASKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from guard.core.view import CounterView

pytestmark = pytest.mark.browser

BESIDE = ("/day", "/procedure")
HEARD = "new Promise(heard => new EventSource('/events').addEventListener('changed', heard, { once: true }))"
"""A stream of its own, opened after the page's, has told the present: the page's has as well."""


@pytest.fixture
def counter() -> Iterator[Counter]:
    with counter_showing(SERVING) as counter:
        yield counter


@pytest.fixture
def console(counter: Counter, page: Page) -> Page:
    return opened(counter, page)


def at(counter: Counter, path: str) -> str:
    return f"http://127.0.0.1:{counter.server.port}{path}"


def go_beside(counter: Counter, console: Page, path: str) -> None:
    """Returns when the page follows the counter: the first event it hears is the present."""
    with console.expect_request("**/events"):
        console.goto(at(counter, path))


@pytest.mark.parametrize("path", BESIDE)
def test_a_question_that_comes_up_meanwhile_is_before_staff_by_itself(
    counter: Counter, console: Page, path: str
) -> None:
    """Over any page beside the console it would run out unseen."""
    go_beside(counter, console, path)
    counter.show(ASKED)
    expect(console.get_by_role("alert").filter(has_text="まだ 山田 太郎 様の対応中ですか")).to_be_visible()
    assert console.url == at(counter, "/")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SERVING, READ_BACK),
        (SERVING, VARIANT),
        (SERVING, SOMEONE_ELSE),
        (replace(UNBOUND, binding=None), UNBOUND),
        (SERVING, SEALED),
        (READY, ENDED),
    ],
    ids=["read back", "variant", "stop", "binding", "seal", "visit over"],
)
def test_so_is_whatever_else_wants_a_person(
    counter: Counter, console: Page, before: CounterView, after: CounterView
) -> None:
    counter.show(before)
    go_beside(counter, console, "/day")
    counter.show(after)
    console.wait_for_url(at(counter, "/"))


def test_what_staff_have_seen_leaves_them_to_the_day(counter: Counter, console: Page) -> None:
    """A counter that is sealed, or stopped something, has its day looked at all the same; the next stop is news."""
    counter.show(SOMEONE_ELSE)
    go_beside(counter, console, "/day")
    for released in (1, 2):
        counter.show(replace(SOMEONE_ELSE, released=released))
        console.evaluate(HEARD)
        assert console.url == at(counter, "/day")
    (stop,) = SOMEONE_ELSE.stops
    counter.show(replace(SOMEONE_ELSE, stops=(stop, replace(stop, submission_id="s2"))))
    console.wait_for_url(at(counter, "/"))


def test_a_question_that_was_there_before_the_click_leads_back_as_well(counter: Counter, console: Page) -> None:
    """Two minutes are not long enough to read the day first."""
    counter.show(ASKED)
    console.goto(at(counter, "/day"))
    console.wait_for_url(at(counter, "/"))
    expect(console.get_by_role("button", name="対応を続ける")).to_be_visible()


@pytest.mark.parametrize(("path", "told"), [("/day", False), ("/procedure", None), ("/citizen", None)])
def test_input_on_any_page_says_that_somebody_is_there(
    counter: Counter,
    console: Page,
    path: str,
    told: bool | None,  # noqa: FBT001 (a case)
) -> None:
    """The day stands in the console's place, where no text is left; the others do not know what the console holds."""
    go_beside(counter, console, path)
    assert counter.desk.inputs == []
    console.mouse.move(40, 40)
    wait_until(lambda: counter.desk.inputs == [told], "a report of the moving hand")
    console.clock.install()
    console.clock.fast_forward(6000)
    console.keyboard.press("End")
    wait_until(lambda: counter.desk.inputs == [told, told], "a report of the key")


def test_the_citizens_page_stays_what_it_is(counter: Counter, console: Page) -> None:
    """It is turned towards the citizen: whatever staff are asked, no name comes up on it."""
    go_beside(counter, console, "/citizen")
    with console.expect_response("**/citizen"):
        counter.show(ASKED)
    expect(console.locator("h1")).to_be_visible()
    assert console.url == at(counter, "/citizen")
    assert "山田" not in console.content()


def test_the_day_says_when_it_is_no_longer_updated(counter: Counter, console: Page) -> None:
    """Else nobody would be led back, and nobody would know."""
    go_beside(counter, console, "/day")
    counter.do(counter.server.stop())
    expect(console.get_by_text("表示を更新できません。", exact=False)).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("path", BESIDE)
def test_pages_beside_the_console_break_no_policy(counter: Counter, console: Page, path: str) -> None:
    complaints: list[str] = []
    console.on("console", lambda message: complaints.append(message.text))
    go_beside(counter, console, path)
    console.mouse.move(40, 40)
    wait_until(lambda: bool(counter.desk.inputs), "a report")
    assert complaints == []
