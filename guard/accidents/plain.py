"""A counter without the guard, the way staff worked: one browser for everybody, and nobody logs anybody out."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from flows.plain import clean_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from flows.mock import MockPortals
    from flows.people import Resident
    from guard.core.identity import Citizen

WRITTEN_AFTER_MS = 31_000  # Chromium writes cookies to the disk every 30 s; a crash loses those that are younger


class PlainCounter:
    """`flows.accidents.Counter` in a plain browser; `open_browser` gives what it comes back with after a crash."""

    def __init__(self, portals: MockPortals, open_browser: Callable[[], BrowserContext], elsewhere: Browser) -> None:
        self.portals = portals
        self._open_browser = open_browser
        self._elsewhere = elsewhere
        self._context = open_browser()
        self._page = self._context.new_page()

    @contextmanager
    def visit(
        self,
        resident: Resident,
        *,
        written: Citizen | None = None,
        acting_for: Resident | None = None,
        interrupted: bool = False,
    ) -> Iterator[Page]:
        """The page as the one before left it; a new one in the same browser if it was closed."""
        del resident, written, acting_for, interrupted  # nothing is opened or ended for anybody
        yield self._in_front()

    @contextmanager
    def unattended(self) -> Iterator[Page]:
        yield self._in_front()

    def ask(self, resident: Resident) -> None:
        """Nobody asks anything."""

    def change_cards(self) -> None:
        """Nobody looks."""

    def crash(self) -> None:
        """Kill the browser once its cookies are on the disk, and open again what it showed."""
        shown = self._page.url
        self._page.wait_for_timeout(WRITTEN_AFTER_MS)
        crash(self._page)
        self._context = self._open_browser()
        self._page = self._context.new_page()
        self._page.goto(shown)

    @contextmanager
    def elsewhere(self) -> Iterator[Page]:
        with clean_page(self._elsewhere) as page:
            yield page

    def close(self) -> None:
        with suppress(PlaywrightError):
            self._context.close()

    def _in_front(self) -> Page:
        if self._page.is_closed():
            self._page = self._context.new_page()
        return self._page


def crash(page: Page) -> None:
    """End the whole browser of this page as a fault of its own would."""
    browser = page.context.browser
    if browser is None:
        msg = "a page without a browser cannot be crashed"
        raise TypeError(msg)
    with suppress(PlaywrightError):  # what is gone answers nothing
        browser.new_browser_cdp_session().send("Browser.crash")
    with suppress(PlaywrightError):
        page.context.close()
