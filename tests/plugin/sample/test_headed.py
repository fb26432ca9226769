"""A test that looks at the screen on which it runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.browser.screen import Screen
from tests.day import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

TITLE = "seen at the counter"


def test_people_can_see_the_page(page: Page) -> None:
    page.goto("https://point.portal.test")
    page.evaluate("title => { document.title = title }", TITLE)
    screen = Screen(os.environ["DISPLAY"])
    eventually(lambda: any(TITLE in title for title in screen.windows().values()))
