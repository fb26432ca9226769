"""The browser that stands by: seen by nobody until it is needed, and replaced when it cannot come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from flows.people import KOBAYASHI_KEN, TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.core.commands import Kind
from guard.core.events import Ending
from guard.core.view import Phase, SealReason
from guard.demo.run import mock_config
from tests.day import broken_program, entries, eventually, log_in, settle, shown_browser, start_anew, works_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.browser.screen import Screen
    from tests.conftest import Serve, ServeAt

pytestmark = pytest.mark.browser


@pytest.mark.display
def test_the_standby_shows_no_window_and_takes_no_focus_while_staff_type(
    screen: Screen, portals: MockPortals, tmp_path: Path, serve_at: ServeAt
) -> None:
    """From the first window over a handover to the next: only the window in use is there, and keys go where they went.

    The console's window, where staff type, is another browser's: it survives the handover with what is in it.
    """
    with open_blocking_counter(mock_config(portals, tmp_path), headless=False) as counter:
        eventually(lambda: len(screen.windows()) == 1)
        first = set(screen.windows())
        url = counter.call(counter.counter.serve_console)
        counter.call(counter.counter.open_console_window, url)
        eventually(lambda: len(screen.windows()) == 2)
        (console,) = set(screen.windows()) - first
        _type_while_a_standby_starts(screen, counter, console)
        with serve_at(counter, TANAKA_ICHIRO) as page:
            log_in(page, TANAKA_ICHIRO)
            before = set(screen.windows())
            assert len(before) == 2
            clearance = counter.end()
        assert clearance is not None
        assert clearance.clean, clearance.missing
        eventually(lambda: len(screen.windows()) == 2)
        assert console in screen.windows()
        assert set(screen.windows()) - before
        _type_while_a_standby_starts(screen, counter, console)


@pytest.mark.display
def test_no_incognito_window_opens(screen: Screen, portals: MockPortals, tmp_path: Path) -> None:
    """It would be a cookie jar of its own. The key that opens an ordinary window shows that keys arrive at all."""
    with open_blocking_counter(mock_config(portals, tmp_path), headless=False) as counter:
        eventually(lambda: len(screen.windows()) == 1)
        screen.focus(*screen.windows())
        screen.press("ctrl+shift+n")
        time.sleep(1.0)
        assert len(screen.windows()) == 1
        screen.press("ctrl+n")
        eventually(lambda: len(screen.windows()) == 2)
        assert counter.call(shown_browser(counter).session.send, "Target.getBrowserContexts")["browserContextIds"] == []


def _type_while_a_standby_starts(screen: Screen, counter: BlockingCounter, console: str) -> None:
    screen.focus(console)
    focused, windows = screen.focused(), set(screen.windows())
    starting = counter.call(start_anew, counter.counter._standby)
    while not starting.done():
        screen.type("abc")
        assert (screen.focused(), set(screen.windows())) == (focused, windows)
    time.sleep(0.3)  # a window manager may take a moment to show a window
    assert (screen.focused(), set(screen.windows())) == (focused, windows)


@pytest.fixture(scope="module")
def shared(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    with open_blocking_counter(mock_config(served_portals, tmp_path_factory.mktemp("state"))) as counter:
        yield counter


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    assert portals.hosts
    yield shared
    settle(shared)


def _folder(counter: BlockingCounter) -> Path:
    return counter.counter._browsers.work_dir


def test_a_standby_that_does_not_start_seals_the_counter_until_it_is_mended(
    counter: BlockingCounter, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old browser is wiped all the same; the guard says why, goes on trying, and works again once it can."""
    monkeypatch.setattr("guard.browser.standby.RETRY_AFTER", 0.2)
    monkeypatch.setattr("guard.browser.standby.PAUSES", (0.0, 0.1))
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        old = shown_browser(counter)
        with broken_program(counter):
            counter.call(start_anew, counter.counter._standby)
            counter.call(counter.counter.desk.end, Ending.DONE)
            sealed = counter.until(lambda view: view.seal is not None)
            assert sealed.seal is SealReason.UNFORESEEN
            assert sealed.phase is Phase.CLOSING
            assert "the next browser does not start" in sealed.seal_detail
            assert "Look at disk space" in sealed.seal_detail
            assert not old.user_data_dir.exists()
            time.sleep(2.0)  # through a second round of tries
            told = [entry for entry in entries(counter, Kind.SEALED) if "standby" in dict(entry.facts)["detail"]]
            assert len(told) == 1
            eventually(lambda: not list(_folder(counter).glob("profile-*")))  # each try cleans up behind itself
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    counter.lift("L-1")
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN)


def test_a_folder_without_room_for_a_profile_leaves_nothing_half_copied(
    counter: BlockingCounter, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills while a profile is copied; every start cleans up behind itself, or the disk never empties."""
    monkeypatch.setattr("guard.browser.standby.RETRY_AFTER", 0.2)
    monkeypatch.setattr("guard.browser.standby.PAUSES", (0.0, 0.1))
    golden = counter.counter._browsers.golden
    preferences = golden / "Default" / "Preferences"
    text = preferences.read_text()
    with serve(TANAKA_ICHIRO):
        preferences.write_text(text[: len(text) // 2])  # what a full disk left of it
        try:
            counter.call(start_anew, counter.counter._standby)
            counter.call(counter.counter.desk.end, Ending.DONE)
            sealed = counter.until(lambda view: view.seal is not None)
            assert "the next browser does not start (JSONDecodeError)" in sealed.seal_detail
            eventually(lambda: not list(_folder(counter).glob("profile-*")))
        finally:
            preferences.write_text(text)
        counter.end()
    counter.lift("L-1")
    with serve(KOBAYASHI_KEN):
        assert len(works_on(shown_browser(counter).user_data_dir)) > 1
