"""Playwright's part: pages of the guarded browser for those who work with them in Python.

Playwright speaks through a process of its own. When that ends, the browser and the guard go on; whoever asks
for a page next gets a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from guard.errors import BrowserError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Dialog, Page, Playwright

ANSWER_WITHIN = 10.0  # seconds; Playwright's own limits run in the process that may have ended
STOP_WITHIN = 3.0  # seconds
LOST = (PlaywrightError, TimeoutError)
"""What a Playwright whose process ended, or hangs, answers."""


class Driver:
    """One Playwright for all browsers of a counter, begun anew when it ended."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start Playwright. Raises BrowserError if it does not start."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                self._playwright = await async_playwright().start()
        except (*LOST, OSError) as error:
            mend = "Install the package playwright again."
            raise BrowserError(f"Playwright does not start ({type(error).__name__})", mend=mend) from error

    async def stop(self) -> None:
        """End Playwright; one that hangs is left behind, and ends with the guard."""
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            with contextlib.suppress(*LOST):
                async with asyncio.timeout(STOP_WITHIN):
                    await playwright.stop()

    async def join(self, endpoint: str) -> Browser:
        """Connect to a guarded browser over its bridge. Raises BrowserError if that fails."""
        try:
            playwright = await self._living()
            async with asyncio.timeout(ANSWER_WITHIN):
                browser = await playwright.chromium.connect_over_cdp(endpoint)
        except LOST as error:
            mend = "Look at memory, then start the guard again."
            raise BrowserError(f"Playwright does not join the browser ({type(error).__name__})", mend=mend) from error
        browser.contexts[0].on("dialog", _leave_to_staff)
        return browser

    async def answers(self) -> bool:
        """Whether Playwright's process still works."""
        if self._playwright is None:
            return False
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await (await self._playwright.request.new_context()).dispose()
        except LOST:
            return False
        return True

    async def _living(self) -> Playwright:
        async with self._starting:
            if not await self.answers():
                await self.stop()
                await self.start()
        assert self._playwright is not None  # noqa: S101  # just started
        return self._playwright


def _leave_to_staff(dialog: Dialog) -> None:
    """Playwright dismisses a dialog that nobody listens to; the portal's questions are for staff."""


async def first_page(browser: Browser) -> Page:
    """The window that staff see. Raises BrowserError if there is none."""
    context = browser.contexts[0]
    if context.pages:
        return context.pages[0]
    try:
        return await context.wait_for_event("page", timeout=ANSWER_WITHIN * 1000)
    except PlaywrightError as error:
        raise BrowserError("the browser shows no window", mend="End the visit and open it again.") from error
