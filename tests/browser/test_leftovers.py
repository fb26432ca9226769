"""All that a visit can plant at once: each detector finds it, and the next visit has none of it.

What the browser writes late is planted in test_leftovers_written_late.py; passwords and form entries are laid into its
files, because the golden profile has switched them off.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from guard.blocking import open_blocking_counter
from guard.browser.inspection import files_with, inspect
from guard.browser.residue import ROWS, found_in
from guard.core.clearance import Area, Finding
from guard.core.commands import Kind
from guard.core.leftovers import LEFTOVERS, End, Place, Search
from guard.core.view import Phase
from tests.browser.conftest import open_window
from tests.browser.lab import BEFORE, LAB, NOW, lab_config, wait_until
from tests.browser.leftovers.plants import LATE, ZOOMER, Planter
from tests.day import crash, entries, proof, shown_browser, works_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Playwright

    from guard.blocking import BlockingCounter
    from guard.core.clearance import Clearance
    from tests.browser.conftest import Window

pytestmark = pytest.mark.browser

FLUSHED = 30.0  # seconds; the browser writes its history every 10
PLANTED = {
    Place.COOKIES: ("cookie plant_chips of other.elsewhere.test",),  # the partitioned one
    Place.LOCAL_STORAGE: ("Local Storage",),
    Place.SESSION_STORAGE: ("Session Storage",),
    Place.INDEXED_DB: ("IndexedDB",),
    Place.CACHE_STORAGE: ("CacheStorage",),
    Place.FILE_SYSTEM: ("File System/Origins",),
    Place.SERVICE_WORKERS: ("Service Worker/Database",),
    Place.HTTP_CACHE: ("Cache_Data",),
    Place.FAVICONS: ("icon_mapping",),
    Place.PERMISSIONS: ("a site in site_engagement", "host(s) in per_host_zoom_levels"),
    Place.NOTIFICATIONS: ("Platform Notifications",),
    Place.HISTORY: ("row(s) of urls in History",),
    Place.TABS: ("page of iframe",),
    Place.SHARED_MEMORY: ("page of shared_worker",),
    Place.DOWNLOADS: ("row(s) of downloads",),
    Place.CRASH_DUMPS: ("in Crash Reports",),
    Place.AD_DATA: ("row(s) of trust_tokens_toplevel_config in Trust Tokens", "row(s) of bounces in DIPS"),
    Place.DISK: ("word in",),
    Place.OWN_ARTEFACTS: ("stands in the working folder",),
}
"""Where pages of a visit leave something, and what is seen of it while the visit lasts."""
WRITTEN_LATE = {Place.HSTS, Place.NETWORK_STATE, Place.UPLOADS}
"""What the browser writes a minute late, on its way out, or not below two gigabytes: test_leftovers_written_late.py."""
CLOSED = "Default/Reporting and NEL"
"""The guarded browser has no such file, by a switch; test_leftovers_written_late.py has one of a browser without it."""
IN_FILES_ALONE = {Place.AUTOFILL, Place.PASSWORDS}
"""Switched off in the golden profile: a row is laid into the browser's own files, as no page can make it write one."""
SEEN = {
    "script_cookie",
    "sent_cookie",
    "local_storage",
    "indexed_db",
    "cache_storage",
    "file_system",
    "buckets",
    "service_worker",
    "from_worker",
    "http_cache",
    "http_credentials",
    "channel",
    "shared_worker",
    "locks",
    "blob",
    "notifications",
    "geolocation",
    "clipboard",
    "partitioned",
}
"""What a page in another tab of the same visit sees."""
SEEN_HERE = {"session_storage", "window_name", "state", "referrer"}
"""What belongs to a tab, and only the page that planted sees."""


@dataclass(frozen=True, kw_only=True)
class Cleared:
    """What was found before, during and at the end of the visit that planted."""

    kept: Any
    before: dict[Place | None, str]
    own_look: dict[str, object]
    look_here: dict[str, object]
    at_work: dict[Place | None, str]
    profile: Path
    """A copy of the visit's user-data directory, from before the handover."""
    clearance: Clearance


@pytest.fixture(scope="module")
def planter() -> Iterator[Planter]:
    with Planter() as planter:
        yield planter


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def counter(planter: Planter, state_dir: Path) -> Iterator[BlockingCounter]:
    config = lab_config(planter, state_dir)
    browser = config.browser.model_copy(update={"extensions": (ZOOMER,)})
    with open_blocking_counter(config.model_copy(update={"browser": browser})) as counter:
        yield counter


def found(counter: BlockingCounter, planter: Planter) -> dict[Place | None, str]:
    """What the inspection finds in the browser that staff see."""
    browser = shown_browser(counter)
    lines = counter.call(inspect, browser.session, browser.user_data_dir, {planter.word})
    return {line.place: line.detail for line in lines if line.finding is Finding.NOT_PROVED}


def _crash_a_page(window: Window) -> None:
    """One of its own: the plants in memory must live on."""
    pages = shown_browser(window.counter).pages
    before = len(pages.open)
    window.context.new_page()
    wait_until(lambda: len(pages.open) > before, "a page to crash")
    crash(window.counter, pages.open[-1])


def _unseen(at_work: dict[Place | None, str]) -> list[str]:
    return [each for place, seen in PLANTED.items() for each in seen if each not in at_work.get(place, "")]


@pytest.fixture(scope="module")
def cleared(
    planter: Planter, counter: BlockingCounter, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Cleared:
    """One visit that leaves something everywhere, and its handover."""
    with open_window(planter, counter, playwright) as window:
        before = found(counter, planter)
        window.start(NOW)
        kept = planter.plant(window.page, tmp_path_factory.mktemp("desk"))
        look_here = planter.look_here(window.page, kept)
        own_look = planter.look(window.context.new_page(), kept)
        _crash_a_page(window)
        wait_until(lambda: not _unseen(found(counter, planter)), "every detector to find its plant", FLUSHED)
        at_work = found(counter, planter)
        profile = tmp_path_factory.mktemp("copy") / "profile"
        shutil.copytree(shown_browser(counter).user_data_dir, profile, ignore=shutil.ignore_patterns("Singleton*"))
        planter.send_form(window.page)
        planter.leave_in_flight(window.page)
        clearance = counter.end()
    assert clearance is not None
    return Cleared(
        kept=kept,
        before=before,
        own_look=own_look,
        look_here=look_here,
        at_work=at_work,
        profile=profile,
        clearance=clearance,
    )


def test_a_browser_that_just_opened_holds_the_guards_own_start_page_and_no_more(cleared: Cleared) -> None:
    """So what is found later was planted. The standby's profile stands beside it by then."""
    assert set(cleared.before) == {Place.TABS, Place.OWN_ARTEFACTS}
    assert PLANTED[Place.TABS][0] not in cleared.before[Place.TABS]


@pytest.mark.parametrize(("place", "seen"), [(place, each) for place, seen in PLANTED.items() for each in seen])
def test_each_detector_finds_what_a_visit_left(place: Place, seen: str, cleared: Cleared) -> None:
    """A detector that was never seen to find anything proves nothing."""
    assert seen in cleared.at_work[place]


def test_every_place_that_is_searched_has_a_plant_of_its_own() -> None:
    searched = {row.place for row in LEFTOVERS if row.search in {Search.BROWSER, Search.FILES, Search.WORDS}}
    assert searched == PLANTED.keys() | WRITTEN_LATE | IN_FILES_ALONE


@pytest.mark.parametrize(
    ("place", "file", "table", "told_by"),
    [(place, file, *column.split(".")) for place, file, columns in ROWS if file != CLOSED for column in columns],
)
def test_a_row_in_each_table_of_the_browsers_databases_is_found(
    place: Place, file: str, table: str, told_by: str, cleared: Cleared
) -> None:
    """In the browser's own database, whatever it is that would have written the row."""
    with closing(sqlite3.connect(cleared.profile / file)) as database:
        columns = [column for _, column, *_ in database.execute(f"PRAGMA table_info({table})")]
        unique = [str(time.monotonic_ns())] * len(columns)
        database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", unique)
        database.commit()
        keys = [str(key) for (key,) in database.execute(f"SELECT {told_by} FROM {table}")]
    rows = sum(not key.startswith("chrome-extension:") for key in keys)
    assert (place, f"{rows} row(s) of {table} in {Path(file).name}") in list(found_in(cleared.profile))


@pytest.mark.parametrize("seen", sorted(SEEN))
def test_the_page_that_planted_sees_it_itself(seen: str, cleared: Cleared) -> None:
    """The look at the next visit's pages is tried on something to find."""
    assert cleared.own_look[seen]


@pytest.mark.parametrize("seen", sorted(SEEN_HERE))
def test_the_tab_that_planted_sees_what_belongs_to_it(seen: str, cleared: Cleared) -> None:
    assert cleared.look_here[seen]
    assert seen not in cleared.own_look


@pytest.mark.usefixtures("cleared")
def test_the_look_at_the_next_visits_pages_has_nothing_that_was_not_tried(planter: Planter) -> None:
    """Each line of it was seen to find something: elsewhere in the visit that planted, or in its own tab."""
    assert planter.looks_for == SEEN | SEEN_HERE


def test_a_websocket_of_a_portal_is_closed_before_it_can_live_on(cleared: Cleared) -> None:
    """Trap 10: a live socket cannot be planted, because the guard lets none through."""
    assert cleared.kept["socket"] == "closed"


def test_a_handover_after_all_that_is_proved_place_by_place(cleared: Cleared) -> None:
    """Each place has its line: looked at, or resting on the proved end of process or profile."""
    assert cleared.clearance.clean, cleared.clearance.missing
    lines = {line.place: line for line in cleared.clearance.proofs if line.place is not None}
    by_portal = {row.place for row in LEFTOVERS if row.ends is End.LOGOUT}
    assert set(lines) == set(Place) - by_portal
    assert {line.finding for line in lines.values()} == {Finding.PROVED}
    assert lines[Place.HTTP_CREDENTIALS].area is Area.PROCESS_GONE
    assert proof(cleared.clearance, Area.BROWSER_CLEAN).detail.endswith("places looked at")


def test_the_journal_names_each_place_once(cleared: Cleared, counter: BlockingCounter) -> None:
    """Whoever asks later where was looked finds it in the evidence, not in a log."""
    (facts,) = [one.facts for one in entries(counter, Kind.CLEARANCE) if one.visit_id == cleared.clearance.visit_id]
    names = [name for name, _ in facts if ":" in name and not name.startswith("assurance:")]
    assert len(names) == len(set(names)) == len(cleared.clearance.proofs)
    assert {"browser_clean:cookies", "process_gone:http_credentials", "profile_gone:browser"} <= set(names)


def test_no_word_of_the_visit_is_left_on_the_disk(cleared: Cleared, planter: Planter, state_dir: Path) -> None:
    """Trap 8: clean by its interface is not clean on the disk. Journal and key are searched, too, in both encodings."""
    assert "word in" in cleared.at_work[Place.DISK]
    assert files_with(state_dir, {planter.word}) == []


def test_what_playwright_downloaded_for_a_joined_client_is_gone_with_the_visit(
    cleared: Cleared, planter: Planter
) -> None:
    """A client that joins makes the browser download into a folder of Playwright's, outside the profile."""
    assert cleared.clearance.clean
    folders = list(Path(tempfile.gettempdir()).glob("playwright-artifacts-*"))
    wait_until(lambda: not any(files_with(folder, {planter.word}) for folder in folders), "artefacts to go")


def test_pages_of_the_next_visit_see_nothing_of_it(
    cleared: Cleared, planter: Planter, counter: BlockingCounter, playwright: Playwright
) -> None:
    """Traps 1, 5, 6, 11 and 15.

    No credentials without a password, no cookie of an answer that came late, nothing to paste, no password in an
    address; and the server gets neither cookie, nor tag, nor hint of the last citizen's.
    """
    with open_window(planter, counter, playwright, BEFORE) as window:
        assert files_with(shown_browser(counter).user_data_dir, {planter.word}) == []
        arrived = len(planter.arrivals)
        assert planter.look(window.page, cleared.kept) == {}
        (asked_again, *_) = [one for one in planter.arrivals[arrived:] if one.path == "/plant-cached"]
        assert "if-none-match" not in asked_again.headers
        (first, *_) = [one for one in planter.arrivals[arrived:] if one.path == "/plant-look"]
        assert not {"authorization", "cookie", "sec-ch-ua-model"} & set(first.headers)
        late = planter.at("/plant-late")[0]
        time.sleep(max(0.0, late.at + LATE + 1 - time.monotonic()))
        assert counter.call(shown_browser(counter).session.send, "Storage.getCookies")["cookies"] == []


def test_a_browser_that_is_killed_leaves_nothing_to_restore(
    planter: Planter, counter: BlockingCounter, state_dir: Path, playwright: Playwright, tmp_path: Path
) -> None:
    """Trap 9: a profile that was killed would come back with cookies, tabs and typed text, so none is opened again."""
    with open_window(planter, counter, playwright) as window:
        window.start(NOW)
        planter.plant(window.page, tmp_path)
        old = shown_browser(counter)
        wait_until(lambda: files_with(old.user_data_dir, {planter.word}), "the word to reach the disk")
        for process in works_on(old.user_data_dir):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        counter.until(lambda view: view.phase is Phase.READY and view.clearance is not None)
    assert not old.user_data_dir.exists()
    assert files_with(state_dir, {planter.word}) == []
    after = shown_browser(counter)
    assert counter.call(after.session.send, "Storage.getCookies")["cookies"] == []
    pages = counter.call(after.session.send, "Target.getTargets")["targetInfos"]
    assert not [page["url"] for page in pages if LAB in page["url"]]
