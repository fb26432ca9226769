"""Playwright's part: pages of the guarded browser for those who work with them in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from guard.browser.process import environment
from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.async_api import Browser, BrowserType, Dialog, Page, Playwright

STARTED_WITHIN = 20.0  # seconds; the first start of a profile writes all its databases


class Driver:
    """One Playwright for all browsers of a counter."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None

    async def start(self) -> None:
        self._playwright = await async_playwright().start()

    async def stop(self) -> None:
        if self._playwright is not None:
            await self._playwright.stop()

    async def join(self, endpoint: str) -> Browser:
        """Connect to a guarded browser over its bridge."""
        browser = await self._chromium.connect_over_cdp(endpoint)
        browser.contexts[0].on("dialog", _leave_to_staff)
        return browser

    async def launch(self, executable: Path, command_line: Sequence[str], user_data_dir: Path) -> Browser:
        """Start a browser with this command line alone; it waits for no window, as the guard shows none yet."""
        context = await self._chromium.launch_persistent_context(
            user_data_dir,
            executable_path=executable,
            ignore_default_args=True,  # each of our switches has its reason; Playwright's are made for tests
            args=list(command_line),
            env=environment(),
            no_viewport=True,
            handle_sigint=False,  # Ctrl+C is for the guard, which logs out first
            handle_sigterm=False,
            handle_sighup=False,
            timeout=STARTED_WITHIN * 1000,
        )
        context.on("dialog", _leave_to_staff)
        assert context.browser is not None  # noqa: S101  # only Android and Electron have none
        return context.browser

    @property
    def _chromium(self) -> BrowserType:
        if self._playwright is None:
            msg = "start the driver first"
            raise RuntimeError(msg)
        return self._playwright.chromium


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
