"""While everything agrees the guard costs staff nothing: reception, the portal as ever, one press at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from flows.people import SATO_HANAKO
from flows.points import Points, PointSite
from guard.core.commands import Kind
from guard.core.view import Phase
from guard.labels import Label
from guard.texts import Language, Texts
from tests.day import entries

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter

pytestmark = pytest.mark.browser

WATCH = """
for (const kind of ['click', 'keydown', 'input'])
    addEventListener(kind, (event) => { if (event.isTrusted) told(kind) }, true);
"""
TEXTS = Texts(Language.JA)


def _inputs(page: Page) -> Counter[str]:
    """Counts what a person does in a page, by the page's own events."""
    seen: Counter[str] = Counter()
    page.expose_function("told", lambda kind: seen.update([kind]))
    page.add_init_script(WATCH)
    return seen


def _apply(page: Page) -> Counter[str]:
    seen = _inputs(page)
    site = PointSite(page)
    site.open()
    site.log_in(SATO_HANAKO)
    site.apply(SATO_HANAKO.cashless, Points.INSURANCE)
    return seen


def test_a_clean_visit_takes_no_click_more_than_without_the_guard(
    plain_page: Page, page: Page, counter: BlockingCounter, portals: MockPortals, playwright: Playwright
) -> None:
    """Beyond reception and the end, both in the console: 名前, 生年月日, Enter; 終了."""
    without = _apply(plain_page)
    portals.reset()
    console = _inputs(page)
    page.goto(counter.call(counter.counter.serve_console))
    page.get_by_label(TEXTS.label(Label.NAME), exact=True).fill(SATO_HANAKO.name)
    page.get_by_label(TEXTS.label(Label.BIRTH_DATE), exact=True).fill(f"{SATO_HANAKO.birth_date:%Y%m%d}")
    page.keyboard.press("Enter")
    counter.until(lambda view: view.phase is Phase.SERVING)
    reception = console.copy()
    browser = playwright.chromium.connect_over_cdp(counter.endpoint)
    window = browser.contexts[0].pages[0]
    guarded = _apply(window)
    browser.close()
    assert guarded == without
    assert without["click"] >= 5, "the count counts"
    assert console == reception, "nobody touched the console in between"
    page.get_by_role("button", name=TEXTS.label(Label.END), exact=True).click()
    expect(page.get_by_label(TEXTS.label(Label.NAME), exact=True)).to_be_visible()
    assert console - reception == Counter(click=1)
    (point,) = portals.books.point_applications()
    assert point.owner_subject == SATO_HANAKO.subject
    asked = {Kind.CONFIRMED, Kind.STOPPED, Kind.SEALED, Kind.IDLE_ASKED}
    assert not asked & {entry.kind for entry in entries(counter)}
