"""Every state of the pages of staff and citizen keeps WCAG 2.2 AA, by axe-core, and has its picture in the report."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from guard.console.local_pages import open_a_visit_first_page, start_page, unknown_site_page
from guard.texts import Language, Texts
from tests.browser.axe import violations
from tests.browser.states import CITIZEN, DAYS, STATES, State
from tests.browser.test_console_page import (
    POINTS,
    READY,
    SERVING,
    Counter,
    browser_type_launch_args,  # noqa: F401 (a fixture)
    counter_showing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from guard.core.view import CounterView
    from tests.gallery import Gallery

pytestmark = pytest.mark.browser

SEND = """(form, typed) => {
  for (const [name, text] of Object.entries(typed)) form.elements[name].value = text;
  form.submit();
}"""
SIZES = {"1366x768": (1366, 768), "touch": (800, 1280)}


class Desk:
    """One console for all states, in one language and size."""

    def __init__(self, counter: Counter, page: Page, variant: str) -> None:
        self.counter, self.page, self.variant = counter, page, variant

    def show(self, view: CounterView, path: str = "/") -> None:
        self.page.goto("about:blank")  # or the page before would load itself anew meanwhile
        self.counter.show(view)
        self.page.goto(f"http://127.0.0.1:{self.counter.server.port}{path}")

    def put(self, state: State) -> None:
        """Show the console in a state, by the way on which staff get there."""
        self.counter.set_up(state.rows, state.used, bound=state.bound, pins=state.pins)
        self.counter.found = state.found
        self.show(state.view)
        if state.order:
            form = self.page.locator(f'form[action="/do/{state.order}"]').last  # behind one that has no field
            with self.page.expect_navigation():
                form.evaluate(SEND, dict(state.typed))
        if state.unfolded:
            self.page.locator("details").evaluate_all("all => { for (const one of all) one.open = true }")


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    with counter_showing(READY) as counter:
        yield counter


VARIANTS = ((Language.JA, "1366x768"), pytest.param((Language.EN, "touch"), marks=pytest.mark.all_day))


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def desk(counter: Counter, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Desk]:
    language, size = request.param
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=size == "touch")
    page = context.new_page()
    page.set_default_timeout(5000)
    counter.set_up()
    page.goto(counter.server.new_url())
    if page.locator("html").get_attribute("lang") != language:
        page.locator('form[action="/language"] button').click()
    yield Desk(counter, page, f"{language}-{size}")
    context.close()


@pytest.mark.parametrize("state", list(STATES))
def test_the_console_is_accessible_in_every_state(desk: Desk, state: str, gallery: Gallery) -> None:
    """Contrast, names, roles, size of targets; and nothing that ends or approves has the focus."""
    desk.put(STATES[state])
    gallery.add(desk.page, "console", state, desk.variant)
    assert violations(desk.page) == []
    assert desk.page.evaluate("document.activeElement.tagName") in {"INPUT", "BODY", "H1"}
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways"


def test_what_was_typed_wrong_is_told_accessibly(desk: Desk) -> None:
    """The first faulty field is in focus."""
    for state, name in {"reception-faulty": "name", "without-guard": "began", "duty-wrong-pin": "pin"}.items():
        desk.put(STATES[state])
        assert desk.page.evaluate("document.activeElement.name") == name, state


def test_the_procedure_is_accessible(desk: Desk, gallery: Gallery) -> None:
    """The sheet for when the guard is down."""
    for name, view in {"sheet": READY, "training": replace(READY, training=True)}.items():
        desk.show(view, f"/procedure?lang={desk.variant[:2]}")
        gallery.add(desk.page, "procedure", name, desk.variant)
        assert violations(desk.page) == []


def test_the_day_view_is_accessible(desk: Desk, gallery: Gallery) -> None:
    """Its tables and the buttons in them, and its charts, whose every bar is told in words as well."""
    for name, day in DAYS.items():
        desk.counter.day = day
        desk.show(READY, "/day")
        gallery.add(desk.page, "day", name, desk.variant)
        assert violations(desk.page) == []
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways"
        if day is not None and day.visits:
            assert desk.page.get_by_role("list", name=re.compile(r"\S")).count() == 2
            bars = desk.page.get_by_role("list").get_by_role("listitem", name=re.compile(r"^\d+:\d\d: .*\d"))
            assert bars.count() == len({visit.opened_at.hour for visit in day.visits}) + len(day.visits)


@pytest.mark.parametrize("state", list(CITIZEN))
def test_the_citizens_page_is_accessible(desk: Desk, state: str, gallery: Gallery) -> None:
    """Large type; each control is at least 44 pixels high."""
    desk.show(CITIZEN[state], f"/citizen?lang={desk.variant[:2]}")
    gallery.add(desk.page, "citizen", state, desk.variant)
    assert violations(desk.page) == []
    sizes = [box.bounding_box() for box in desk.page.locator("button, label, a").all()]
    assert all(size is not None and size["height"] >= 44 for size in sizes)


def test_the_pages_in_the_guarded_window_are_accessible(desk: Desk, gallery: Gallery) -> None:
    texts = Texts(Language(desk.variant[:2]))
    pages = {
        "start": start_page(texts, [POINTS], SERVING),
        "start-without-visit": start_page(texts, [], READY),
        "open-first": open_a_visit_first_page(texts, READY),
        "unknown-site": unknown_site_page(texts, "shop.example.com", replace(READY, training=True)),
    }
    for name, html in pages.items():
        desk.page.set_content(html)
        gallery.add(desk.page, "window", name, desk.variant)
        assert violations(desk.page) == []


def test_the_rules_find_what_is_wrong(page: Page) -> None:
    """Else an empty list would prove nothing: contrast, name, language, size of targets."""
    page.set_content("<p style='color: #999'>pale</p><input><a href=x>a</a> <a href=y>b</a><button></button>")
    found = {one.partition(":")[0] for one in violations(page)}
    assert found >= {"color-contrast", "label", "button-name", "html-has-lang"}
