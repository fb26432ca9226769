"""`guard scan` on profiles of a browser that was never guarded, used the way staff used it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import PointSite
from guard.browser.executable import find_browser
from guard.browser.switches import needs_no_sandbox
from guard.record.digest import digest, load_key
from tests.day import COOKIES, alive, counter_file, works_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page, Playwright

    from flows.mock import MockPortals

pytestmark = pytest.mark.browser

FLUSHED_WITHIN = 60.0  # seconds; a running browser writes its cookies every 30
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTLTEwMDEiLCJpYXQiOjE3OTAwMDAwMDAsImV4cCI6MTgwMDAwMDAwMH0.c2lnbmF0dXJlLW9mLXRlc3Q"
HIDDEN_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJpZGIiLCJleHAiOjE4MDAwMDAwMDB9.aW4taW5kZXhlZC1kYXRhYmFzZQ"
SECRET = "opaque-refresh-value-4711"  # noqa: S105  # invented
PLANT = """
async ([jwt, hidden, secret]) => {
  localStorage.setItem('access_token', jwt);
  localStorage.setItem('お名前', '佐藤');
  sessionStorage.setItem('refresh', secret);
  await new Promise((done, failed) => {
    const request = indexedDB.open('auth', 1);
    request.onerror = failed;
    request.onupgradeneeded = () => request.result.createObjectStore('tokens');
    request.onsuccess = () => {
      const write = request.result.transaction('tokens', 'readwrite');
      write.objectStore('tokens').put(hidden, 'access');
      write.oncomplete = () => { request.result.close(); done(); };
    };
  });
  await (await caches.open('pages')).put('/my', new Response('cached'));
  const file = await (await navigator.storage.getDirectory()).getFileHandle('draft', {create: true});
  const writer = await file.createWritable();
  await writer.write('draft');
  await writer.close();
}
"""


@contextmanager
def plain_profile(playwright: Playwright, portals: MockPortals, folder: Path) -> Iterator[BrowserContext]:
    """A browser as staff used it, with a profile that stays."""
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=find_browser().path,
        chromium_sandbox=not needs_no_sandbox(),
        args=list(portals.browser_switches),
        locale="ja-JP",
    )
    try:
        yield context
    finally:
        context.close()


def scan(
    folder: Path, config: Path, *options: str, answer: str = "", **settings: Any
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guard.cli", "scan", str(folder), "--config", str(config), *options]
    return subprocess.run(
        command, input=answer, capture_output=True, text=True, timeout=120, check=False, env=wide(settings)
    )


def wide(settings: dict[str, str]) -> dict[str, str]:
    """Room for a table, so that no word in it is broken."""
    return {**os.environ, "COLUMNS": "240", **settings}


def found_by(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    leftovers: list[dict[str, Any]] = json.loads(result.stdout)["leftovers"]
    return leftovers


def kinds(leftovers: list[dict[str, Any]], portal: str) -> set[str]:
    return {one["kind"] for one in leftovers if one["portal"] == portal}


def fingerprint(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Content, time of change and time of access of every file; links by where they lead."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = os.fsencode(path.readlink()) if path.is_symlink() else b""
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # reading it here was no scan
        found[str(path.relative_to(folder))] = (content, status.st_mtime_ns, 0 if path.is_dir() else status.st_atime_ns)
    return found


@pytest.fixture
def config(portals: MockPortals, tmp_path: Path) -> Path:
    return counter_file(portals, tmp_path)


@pytest.fixture
def copies() -> Iterator[Path]:
    """Where a scan keeps its copies. A short path: a browser puts a socket there, whose path may have 107 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def left(playwright: Playwright, served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile in which 佐藤 logged in, left all kinds of things behind, and went without logging out."""
    served_portals.reset()
    folder = tmp_path_factory.mktemp("left") / "user data"
    with plain_profile(playwright, served_portals, folder) as context:
        page = context.pages[0]
        PointSite(page).log_in(SATO_HANAKO)
        page.evaluate(PLANT, [JWT, HIDDEN_JWT, SECRET])
    return folder


@pytest.fixture
def session(playwright: Playwright, portals: MockPortals, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A profile that 佐藤 left logged in, and the values of the session cookies by host."""
    folder = tmp_path / "user data"
    with plain_profile(playwright, portals, folder) as context:
        PointSite(context.pages[0]).log_in(SATO_HANAKO)
        held = {cookie["domain"]: cookie["value"] for cookie in context.cookies() if cookie["name"] in COOKIES.values()}
    assert alive(portals, held) == {"point.portal.test": True, "idp.portal.test": True}
    return folder, held


def test_the_session_that_a_citizen_left_is_found_and_its_portal_named(
    left: Path, config: Path, portals: MockPortals
) -> None:
    """Nothing is sent to any portal: asking would use, and may prolong, somebody's live session."""
    result = scan(left, config, "--json")

    assert result.returncode == 1, result.stderr
    sessions = [one for one in found_by(result) if one["kind"] == "session_cookie"]
    assert {(one["portal"], one["host"], one["what"]) for one in sessions} == {
        ("point", "point.portal.test", "point_sid"),
        ("idp", "idp.portal.test", "idp_sid"),
    }
    assert all(one["created"] and one["used"] and one["digest"] for one in sessions)
    assert portals.requests == ()


def test_what_portal_pages_keep_is_found_without_a_browser(left: Path, config: Path) -> None:
    found = found_by(scan(left, config, "--json"))

    everything = {"session_cookie", "local_storage", "session_storage", "indexed_db", "file_system", "cache_storage"}
    assert kinds(found, "point") >= everything | {"history", "restore_file", "http_cache"}
    tokens = {(one["kind"], one["expires"]) for one in found if "JWT" in (one["what"] or "")}
    assert tokens == {(kind, "2027-01-15T08:00:00+00:00") for kind in ("local_storage", "indexed_db")}
    (autofill,) = [one for one in found if one["kind"] == "autofill"]
    assert autofill["count"] >= 1


@pytest.mark.parametrize("options", [(), ("--json",), ("--show-names",)])
def test_no_value_is_ever_shown(left: Path, config: Path, options: tuple[str, ...]) -> None:
    result = scan(left, config, *options, "--find", "佐藤")

    shown = result.stdout + result.stderr
    for value in (JWT, HIDDEN_JWT, SECRET, SATO_HANAKO.card_id, "佐藤"):
        assert value not in shown.replace("お名前", "")


def test_the_original_is_not_touched(left: Path, config: Path, copies: Path) -> None:
    """Every byte and time is as before, no lock file is left, and nothing of the copy."""
    before = fingerprint(left)

    assert scan(left, config, "--find", "佐藤", TMPDIR=str(copies)).returncode == 1
    assert fingerprint(left) == before
    assert list(copies.iterdir()) == []


def test_planted_words_are_found_in_each_encoding(left: Path, config: Path) -> None:
    """The browser writes 佐藤 as UTF-16LE into local storage, and a typed card number as UTF-8 into autofill."""
    found = found_by(scan(left, config, "--json", "--find", "佐藤", "--find", SATO_HANAKO.card_id, "--find", "林檎"))

    words = {(one["what"], one["where"]) for one in found if one["kind"] == "word"}
    assert ("word 2", "Default/Web Data") in words
    assert any(what == "word 1" and "Local Storage" in where for what, where in words)
    assert not any(what == "word 3" for what, _ in words)


def test_a_profile_folder_is_scanned_by_itself(left: Path, config: Path) -> None:
    result = scan(left / "Default", config, "--json")

    assert result.returncode == 1
    assert json.loads(result.stdout)["profiles"] == ["Default"]
    assert "session_cookie" in kinds(found_by(result), "point")


def test_a_profile_that_nobody_used_is_clean(
    playwright: Playwright, portals: MockPortals, config: Path, tmp_path: Path
) -> None:
    with plain_profile(playwright, portals, tmp_path / "fresh") as context:
        context.pages[0].goto("about:blank")

    result = scan(tmp_path / "fresh", config, "--json")

    assert (result.returncode, found_by(result)) == (0, []), result.stderr


@pytest.mark.all_day  # the browser writes its cookies half a minute late
def test_the_browser_may_be_running(playwright: Playwright, portals: MockPortals, config: Path, tmp_path: Path) -> None:
    """The session is found as soon as the browser has written it, and the page goes on as if nothing was."""
    folder = tmp_path / "user data"
    with plain_profile(playwright, portals, folder) as context:
        site = PointSite(context.pages[0])
        site.log_in(SATO_HANAKO)
        result = first_with_session(folder, config, context.pages[0])
        assert "a browser runs on this profile" in " ".join(json.loads(result.stdout)["not_looked_at"])
        site.open()
        assert site.shown_holder() == SATO_HANAKO.name


def first_with_session(folder: Path, config: Path, page: Page) -> subprocess.CompletedProcess[str]:
    deadline = time.monotonic() + FLUSHED_WITHIN
    while time.monotonic() < deadline:
        result = scan(folder, config, "--json")
        if "session_cookie" in kinds(found_by(result), "point"):
            return result
        page.wait_for_timeout(3000)
    raise AssertionError("the browser wrote no session in time")


def test_a_portal_that_is_asked_says_who_is_logged_in(
    session: tuple[Path, dict[str, str]], config: Path, portals: MockPortals, tmp_path: Path
) -> None:
    """By the digest that the journal carries, so that the visit can be looked up; the name needs --show-names."""
    folder, held = session
    key = load_key(tmp_path / "state" / "journal.key")
    before, arrived = fingerprint(folder), len(portals.requests)

    result = scan(folder, config, "--json", "--ask-portals")

    sent = {(one.method, one.host, one.path) for one in portals.requests[arrived:]}
    assert sent == {("GET", host, "/whoami") for host in held}  # the browser that decodes sends nothing
    asked = json.loads(result.stdout)["sessions"]
    assert {(one["portal"], one["state"], one["holder"], one["name"]) for one in asked} == {
        (portal, "alive", digest(SATO_HANAKO.citizen, key), None) for portal in ("point", "idp")
    }
    assert SATO_HANAKO.name not in result.stdout + result.stderr
    assert not any(value in result.stdout + result.stderr for value in held.values())
    assert alive(portals, held) == {"point.portal.test": True, "idp.portal.test": True}
    assert fingerprint(folder) == before
    assert SATO_HANAKO.name in scan(folder, config, "--ask-portals", "--show-names").stdout


def test_a_session_is_logged_out_after_a_yes_and_its_replay_refused(
    session: tuple[Path, dict[str, str]], config: Path, portals: MockPortals
) -> None:
    folder, held = session

    result = scan(folder, config, "--ask-portals", answer="y\nn\n")

    assert result.returncode == 1
    assert "拒否 / refused" in result.stdout
    living = alive(portals, held)
    assert sorted(living.values()) == [False, True]

    result = scan(folder, config, "--ask-portals", "--json", "--log-out")

    asked = json.loads(result.stdout)["sessions"]
    assert sorted(one["state"] for one in asked) == ["alive", "dead"]
    assert [one["replay_refused"] for one in asked if one["state"] == "alive"] == [True]
    assert not any(alive(portals, held).values())


def test_where_nobody_answers_nobody_is_logged_out(
    session: tuple[Path, dict[str, str]], config: Path, portals: MockPortals
) -> None:
    """A scheduled scan has no terminal; a session that somebody may be using is not ended by silence."""
    folder, held = session

    assert scan(folder, config, "--ask-portals").returncode == 1
    assert all(alive(portals, held).values())


def test_without_a_browser_the_offline_part_still_works(
    session: tuple[Path, dict[str, str]], config: Path, portals: MockPortals
) -> None:
    """What was not looked at is said, with the browser that is missing and the mend."""
    folder, _ = session
    config.write_text(config.read_text().replace("[browser]", '[browser]\nexecutable = "/nowhere/chromium"'))
    sent_before = portals.requests

    result = scan(folder, config, "--json", "--ask-portals")

    document = json.loads(result.stdout)
    assert result.returncode == 1
    assert {one["state"] for one in document["sessions"]} == {"not_read"}
    (note,) = [note for note in document["not_looked_at"] if "not asked" in note]
    assert "/nowhere/chromium" in note
    assert "browser.executable" in note
    assert portals.requests == sent_before


def test_a_portal_that_is_down_is_unclear_and_not_dead(
    session: tuple[Path, dict[str, str]], config: Path, portals: MockPortals
) -> None:
    folder, _ = session
    portals.faults.take_down("point.portal.test")
    try:
        result = scan(folder, config, "--json", "--ask-portals", "--log-out")
    finally:
        portals.faults.mend()

    states = {one["portal"]: (one["state"], one["why"]) for one in json.loads(result.stdout)["sessions"]}
    assert states["point"] == ("unclear", "unreachable")
    assert states["idp"] == ("alive", None)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_scan_leaves_no_copy_behind(
    session: tuple[Path, dict[str, str]], config: Path, portals: MockPortals, copies: Path, sent: signal.Signals
) -> None:
    """Ctrl+C at the question is as far as it can come: cookies were copied, decoded and used by then."""
    folder, held = session
    command = [sys.executable, "-m", "guard.cli", "scan", str(folder), "--config", str(config), "--ask-portals"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=wide({"TMPDIR": str(copies)}),
    ) as running:
        assert running.stderr is not None
        seen = b""
        while b"log out?" not in seen:
            part = os.read(running.stderr.fileno(), 4096)
            assert part, seen.decode()
            seen += part
        (copy,) = copies.iterdir()
        assert copy.stat().st_mode & 0o077 == 0
        running.send_signal(sent)
        assert running.wait(timeout=20) == 130
    assert list(copies.iterdir()) == []
    assert works_on(copies) == []
    assert all(alive(portals, held).values())


def test_several_profiles_are_scanned_each_under_its_name(
    playwright: Playwright, portals: MockPortals, config: Path, session: tuple[Path, dict[str, str]]
) -> None:
    folder, _ = session
    other = folder.parent / "other"
    with plain_profile(playwright, portals, other) as context:
        PointSite(context.pages[0]).log_in(TANAKA_ICHIRO)
    (other / "Default").rename(folder / "Profile 1")

    result = scan(folder, config, "--json", "--ask-portals", "--show-names")

    asked = json.loads(result.stdout)["sessions"]
    assert {(one["profile"], one["name"]) for one in asked if one["portal"] == "point"} == {
        ("Default", SATO_HANAKO.name),
        ("Profile 1", TANAKA_ICHIRO.name),
    }
