"""The golden profile: made once, and its preferences in force in every browser of a citizen."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.browser.profile import LOCAL_STATE, PREFERENCES
from guard.demo.run import mock_config
from tests.day import eventually, settle, shown_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.conftest import Serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shared(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    with open_blocking_counter(mock_config(served_portals, tmp_path_factory.mktemp("state"))) as counter:
        yield counter


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    assert portals.hosts
    yield shared
    settle(shared)


def leaves(tree: dict[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, *path, key)
        else:
            yield (*path, key), value


def at(tree: dict[str, Any], path: tuple[str, ...]) -> object:
    """A preference, or the word missing: the browser drops what it takes for its own default."""
    found: Any = tree
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return "missing"
        found = found[key]
    return found


def test_the_golden_profile_is_made_once_and_copied_after(portals: MockPortals, tmp_path: Path) -> None:
    config = mock_config(portals, tmp_path)
    with open_blocking_counter(config):
        (golden,) = (tmp_path / "browsers").glob("golden-*")
        made = golden.stat().st_mtime_ns
    time.sleep(0.05)
    with open_blocking_counter(config) as counter:
        assert [path.stat().st_mtime_ns for path in (tmp_path / "browsers").glob("golden-*")] == [made]
        assert shown_browser(counter).user_data_dir != golden
    assert [path.name for path in (tmp_path / "browsers").iterdir()] == [golden.name]


def test_every_preference_is_in_force_while_a_citizen_is_served(counter: BlockingCounter, serve: Serve) -> None:
    """The browser reads them at its start and may write them back: none may have been put right behind our back."""
    with serve(TANAKA_ICHIRO):
        profile = shown_browser(counter).user_data_dir
        in_force = json.loads((profile / "Default" / "Preferences").read_text())
        ours = [one for one in leaves(PREFERENCES) if one[0] != ("profile", "exit_type")]  # "Crashed" while it runs
        assert {path: at(in_force, path) for path, _ in ours} == dict(ours)
        assert in_force["download"]["default_directory"] == str(profile / "downloads")
        everybodys = json.loads((profile / "Local State").read_text())
        assert {path: at(everybodys, path) for path, _ in leaves(LOCAL_STATE)} == dict(leaves(LOCAL_STATE))


def test_the_browser_itself_offers_no_guest_and_no_second_person(serve: Serve) -> None:
    """Either would be a window beside the visit's, with a cookie jar of its own; the profile picker would open it."""
    with serve(TANAKA_ICHIRO) as window:
        picker = window.context.new_page()
        picker.goto("chrome://profile-picker")
        assert _told(picker, "isGuestModeEnabled", "isProfileCreationAllowed") == [False, False]


def test_the_browser_itself_can_neither_synchronise_nor_sign_in(serve: Serve) -> None:
    """A citizen's data must not reach an account, whoever offers one."""
    with serve(TANAKA_ICHIRO) as window:
        settings = window.context.new_page()
        settings.goto("chrome://settings")
        status = settings.evaluate(
            "async () => (await import('chrome://resources/js/cr.js')).sendWithPromise('SyncSetupGetSyncStatus')"
        )
        assert (status["syncSystemEnabled"], status["signedInUsername"]) == (False, "")
        assert _told(settings, "signinAllowed") == [False]


def _told(page: Page, *keys: str) -> object:
    """What the browser told one of its own pages."""
    read = "const {loadTimeData} = await import('chrome://resources/js/load_time_data.js')"
    return page.evaluate(f"async keys => {{ {read}; return keys.map(key => loadTimeData.getBoolean(key)) }}", keys)


def test_the_browsers_own_settings_page_agrees(serve: Serve) -> None:
    """Asked of the browser itself, because a preference may be written in the file and yet not be obeyed."""
    asked = (
        "autofill.profile_enabled",
        "autofill.credit_card_enabled",
        "credentials_enable_service",
        "net.network_prediction_options",
        "session.restore_on_startup",
        "translate.enabled",
        "search.suggest_enabled",
    )
    wanted = {".".join(path): value for path, value in leaves(PREFERENCES)}
    with serve(TANAKA_ICHIRO) as window:
        settings = window.context.new_page()
        settings.goto("chrome://settings")
        assert {key: _setting(settings, key) for key in asked} == {key: wanted[key] for key in asked}


def _setting(page: Page, key: str) -> object:
    call = "key => new Promise(done => chrome.settingsPrivate.getPref(key, found => done(found?.value)))"
    return page.evaluate(call, key)


def test_what_staff_type_is_offered_to_nobody_else(counter: BlockingCounter, serve: Serve) -> None:
    """A name typed into a form in one visit stands nowhere in the next browser's files."""
    with serve(TANAKA_ICHIRO) as page:
        page.goto("https://point.portal.test/login")
        page.get_by_label("カード番号").fill("C-1002-typed-by-staff")
        old = shown_browser(counter).user_data_dir
    eventually(lambda: not old.exists())
    new = shown_browser(counter).user_data_dir
    hits = [
        path.name
        for path in new.rglob("*")
        if path.is_file() and not path.is_symlink() and b"typed-by-staff" in path.read_bytes()
    ]
    assert hits == []
