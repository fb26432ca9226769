"""The clipboard of the desktop, which no profile and no process takes with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from guard.blocking import open_blocking_counter
from guard.browser.clipboard import empty, held
from guard.browser.inspection import inspect
from guard.core.clearance import Finding, Proof
from guard.core.leftovers import Place
from tests.browser.conftest import open_window
from tests.browser.lab import LAB, NOW, Lab, lab_config, wait_until
from tests.day import shown_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Playwright

    from guard.blocking import BlockingCounter

pytestmark = [pytest.mark.browser, pytest.mark.display]

OFFERED = "a program offers the CLIPBOARD selection"


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A virtual screen of this test's own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("not installed: Xvfb (guard setup --tests installs it)")
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=(write_end,)) as screen:
        os.close(write_end)
        with os.fdopen(read_end) as told:
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        yield
        screen.terminate()


def line(counter: BlockingCounter) -> Proof:
    """What the inspection says of the clipboard while a browser is shown."""
    browser = shown_browser(counter)
    lines = counter.call(inspect, browser.session, browser.user_data_dir, set())
    (found,) = [one for one in lines if one.place is Place.CLIPBOARD]
    return found


@pytest.mark.usefixtures("desktop")
def test_what_was_copied_in_one_visit_cannot_be_pasted_in_the_next(
    lab: Lab, tmp_path: Path, playwright: Playwright
) -> None:
    """Trap 6, on a desktop. The detector finds what a page copied; after the handover nothing is offered."""
    with open_blocking_counter(lab_config(lab, tmp_path), headless=False) as counter:
        with open_window(lab, counter, playwright) as window:
            window.start(NOW)
            assert line(counter).finding is Finding.PROVED
            window.context.grant_permissions(["clipboard-read", "clipboard-write"])
            window.page.evaluate("() => navigator.clipboard.writeText('佐藤 花子 123456')")
            wait_until(held, "the browser to offer what was copied")
            assert OFFERED in line(counter).detail
            clearance = counter.end()
        assert clearance is not None
        assert clearance.clean, clearance.missing
        assert held() == []
        with open_window(lab, counter, playwright) as window:
            window.context.grant_permissions(["clipboard-read"])
            window.page.goto(f"https://{LAB}/")
            assert window.page.evaluate("() => navigator.clipboard.readText()") == ""


@pytest.mark.usefixtures("desktop")
def test_what_another_program_holds_is_taken_from_it(lab: Lab, tmp_path: Path, playwright: Playwright) -> None:
    """A clipboard manager keeps what a browser copied beyond that browser's end; so does a window beside it."""
    with (
        open_blocking_counter(lab_config(lab, tmp_path), headless=False) as other,
        open_window(lab, other, playwright) as window,
    ):
        window.start(NOW)
        window.context.grant_permissions(["clipboard-read", "clipboard-write"])
        window.page.evaluate("() => navigator.clipboard.writeText('佐藤 花子 123456')")
        wait_until(held, "the program to offer it")
        empty()
        assert held() == []
