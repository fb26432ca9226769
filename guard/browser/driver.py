"""Playwright's part: pages of the guarded browser for those who work with them in Python."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from guard.errors import BrowserError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Dialog, Page, Playwright


class Driver:
    """One Playwright for all browsers of a counter."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._one_at_a_time = asyncio.Lock()

    async def join(self, endpoint: str) -> Browser:
        """Connect to a guarded browser over its bridge; Playwright itself starts at the first need."""
        async with self._one_at_a_time:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
        browser = await self._playwright.chromium.connect_over_cdp(endpoint)
        browser.contexts[0].on("dialog", _leave_to_staff)
        return browser

    async def stop(self) -> None:
        if self._playwright is not None:
            await self._playwright.stop()


def _leave_to_staff(dialog: Dialog) -> None:
    """Playwright dismisses a dialog that nobody listens to; the portal's questions are for staff."""


async def first_page(browser: Browser) -> Page:
    """The window that staff see. Raises BrowserError if there is none."""
    context = browser.contexts[0]
    if context.pages:
        return context.pages[0]
    try:
        return await context.wait_for_event("page", timeout=10_000)
    except TimeoutError as error:
        raise BrowserError("the browser shows no window", mend="End the visit and open it again.") from error
