"""An extension that the counter needs is there for every citizen, and what it kept of one is there for none."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guard.blocking import open_blocking_counter
from guard.browser.inspection import files_with
from guard.errors import BrowserError
from tests.browser.conftest import open_window
from tests.browser.lab import BEFORE, NOW, Lab, lab_config, wait_until
from tests.day import shown_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright

    from guard.config import Config

pytestmark = pytest.mark.browser

EXTENSION = Path(__file__).parent / "leftovers" / "extension"
WRITTEN = 15.0  # seconds


def with_extension(lab: Lab, folder: Path, extension: Path) -> Config:
    config = lab_config(lab, folder)
    browser = config.browser.model_copy(update={"extensions": (extension,)})
    return config.model_copy(update={"browser": browser})


def read_card(page: Page, card: str) -> str:
    """Have the extension keep a card; returns the one that it had kept before."""
    page.locator("html[data-reader=ready]").wait_for(state="attached")
    page.evaluate("card => dispatchEvent(new CustomEvent('card', {detail: card}))", card)
    kept = page.locator("html[data-before]")
    kept.wait_for(state="attached")
    return (kept.get_attribute("data-before") or "").strip('"')


def test_an_extension_survives_the_handover_and_its_storage_does_not(
    lab: Lab, tmp_path: Path, playwright: Playwright
) -> None:
    """The same id, the same pages; the card of the last citizen is nowhere, neither asked for nor on the disk."""
    state, card = tmp_path / "state", f"card{secrets.token_hex(8)}"
    with open_blocking_counter(with_extension(lab, state, EXTENSION)) as counter:
        with open_window(lab, counter, playwright, BEFORE) as window:
            window.start(BEFORE)
            assert read_card(window.page, card) == ""
            window.start(BEFORE)
            assert read_card(window.page, card) == card
            wait_until(lambda: files_with(state, {card}), "the extension's storage to reach the disk", WRITTEN)
            first = counter.call(shown_browser(counter).session.send, "Extensions.getExtensions")
            clearance = counter.end()
        assert clearance is not None
        assert clearance.clean, clearance.missing
        assert files_with(state, {card}) == []
        with open_window(lab, counter, playwright) as window:
            assert counter.call(shown_browser(counter).session.send, "Extensions.getExtensions") == first
            window.start(NOW)
            assert read_card(window.page, "another") == ""


def test_a_folder_without_an_extension_keeps_the_counter_from_opening(lab: Lab, tmp_path: Path) -> None:
    """Better no counter than one whose card reader is silently missing."""
    (tmp_path / "empty").mkdir()
    with (
        pytest.raises(BrowserError, match="an extension cannot be loaded"),
        open_blocking_counter(with_extension(lab, tmp_path / "state", tmp_path / "empty")),
    ):
        pass
