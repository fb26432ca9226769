"""A plain browser on the mock portals, the way staff worked before: no guard, one browser for everybody."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

    from flows.mock import MockPortals
    from flows.mock.styles import StyleSites

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")


def plain_browser(
    playwright: Playwright,
    portals: MockPortals | StyleSites,
    *,
    executable: Path | str | None = None,
    headless: bool = True,
) -> Browser:
    """A browser that reaches and trusts the mock portals: the given one, an installed one, or Playwright's own."""
    return playwright.chromium.launch(
        executable_path=_found(executable),
        headless=headless,
        chromium_sandbox=_sandboxed(),
        args=list(portals.browser_switches),
    )


def restoring_browser(
    playwright: Playwright, portals: MockPortals, profile: Path, *, executable: Path | str | None, headless: bool
) -> BrowserContext:
    """Such a browser on a profile of its own, set up to continue where it left off."""
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=_found(executable),
        headless=headless,
        chromium_sandbox=_sandboxed(),
        args=[*portals.browser_switches, "--restore-last-session"],
        locale="ja-JP",
    )


@contextmanager
def clean_page(browser: Browser) -> Iterator[Page]:
    """A page in a cookie jar of its own, gone with the block."""
    context = browser.new_context(locale="ja-JP")
    try:
        yield context.new_page()
    finally:
        context.close()


def _found(executable: Path | str | None) -> Path | str | None:
    return executable or next(filter(None, map(shutil.which, _NAMES)), None)


def _sandboxed() -> bool:
    """Everywhere but as root, in containers, where the sandbox cannot start at all."""
    return hasattr(os, "geteuid") and os.geteuid() != 0
