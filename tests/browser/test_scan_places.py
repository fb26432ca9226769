"""`guard scan` in the places where a real browser keeps what pages of a portal left, one by one."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from guard.browser.executable import find_browser
from guard.browser.switches import needs_no_sandbox
from guard.scan.command import Wishes, run_scan
from tests.browser.lab import COOKIE, LAB, NOW, STRANGER, Answer, lab_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

    from tests.browser.lab import Lab

    Scan = Callable[..., list[dict[str, Any]]]

pytestmark = pytest.mark.browser

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFjZXMiLCJleHAiOjE4MDAwMDAwMDB9.c2lnbmF0dXJl"
REPEATED = "repeated-and-so-packed-away"
_DATABASE = """
async ([api, value]) => {
  const factory = api === 'bucket'
    ? (await navigator.storageBuckets.open('drafts', {durability: 'strict'})).indexedDB : indexedDB;
  await new Promise((done) => {
    const request = factory.open('db', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('s');
    request.onsuccess = () => {
      const write = request.result.transaction('s', 'readwrite', {durability: 'strict'});
      write.objectStore('s').put(value, 'k');
      write.oncomplete = () => { request.result.close(); done(); };
    };
  });
}
"""


def _cookies(page: Page) -> None:
    page.evaluate("document.cookie = 'remember=value-of-remember; max-age=86400; path=/'")


def _worker(page: Page) -> None:
    page.evaluate("async () => { await navigator.serviceWorker.register('/worker.js'); "
                  "await navigator.serviceWorker.ready; }")  # fmt: skip


def _database(page: Page) -> None:
    page.evaluate(_DATABASE, ["plain", JWT])


def _bucket(page: Page) -> None:
    page.evaluate(_DATABASE, ["bucket", JWT])


def _deleted_token(page: Page) -> None:
    page.evaluate("token => { localStorage.setItem('token', token); }", JWT)
    page.wait_for_timeout(6500)  # the browser gathers changes for five seconds before it writes them
    page.evaluate("localStorage.removeItem('token')")


def _download(page: Page) -> None:
    with page.expect_download() as download:
        page.evaluate("() => { const link = document.createElement('a'); link.href = '/notice.pdf'; "
                      "link.download = 'notice-of-sato.pdf'; document.body.append(link); link.click(); }")  # fmt: skip
    download.value.path()


PLACES: dict[str, tuple[Callable[[Page], None], set[tuple[str, str | None]]]] = {
    "remember-me cookie": (_cookies, {("cookie", "remember")}),
    "service worker": (_worker, {("service_worker", None)}),
    "IndexedDB": (_database, {("indexed_db", "database"), ("indexed_db", "JWT")}),
    "IndexedDB in a bucket": (_bucket, {("indexed_db", "database"), ("indexed_db", "JWT")}),
    "deleted token": (_deleted_token, {("local_storage", "token, JWT, deleted")}),
    "download": (_download, {("download", None)}),
}


@pytest.fixture
def use(playwright: Playwright, lab: Lab, tmp_path: Path) -> Callable[[Callable[[Page], None], str], None]:
    """Uses a browser that was never guarded, in a profile that stays."""

    def use(plant: Callable[[Page], None], host: str = LAB) -> None:
        rules = ",".join(f"MAP {name}:443 127.0.0.1:{port}" for name, port in lab.hosts.items())
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "ud",
            executable_path=find_browser().path,
            chromium_sandbox=not needs_no_sandbox(),
            args=[f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={','.join(lab.spki)}"],
        )
        try:
            page = context.pages[0]
            page.goto(f"https://{host}/")
            plant(page)
        finally:
            context.close()

    lab.script("self.addEventListener('fetch', () => {});", path="/worker.js")
    lab.answers["/notice.pdf"] = Answer(body=b"%PDF-1.4 notice", content_type="application/pdf")
    return use


@pytest.fixture
def scan(lab: Lab, tmp_path: Path) -> Scan:
    def scan(**wishes: Any) -> list[dict[str, Any]]:
        out = StringIO()
        quiet = Console(file=StringIO())
        config = lab_config(lab, tmp_path / "state")
        run_scan(
            tmp_path / "ud",
            config,
            Wishes(json=True, **wishes),
            terminal=Console(file=out),
            progress=quiet,
            confirm=lambda _: False,
        )
        assert JWT not in out.getvalue()
        found: list[dict[str, Any]] = json.loads(out.getvalue())["leftovers"]
        return found

    return scan


@pytest.mark.parametrize("place", PLACES)
def test_what_a_page_left_in_one_place_is_found_there(place: str, use: Any, scan: Scan, lab: Lab) -> None:
    """And nothing is asked of the portal."""
    plant, expected = PLACES[place]
    use(plant)
    arrived = len(lab.arrivals)

    found = scan()

    assert {(one["kind"], one["what"]) for one in found if one["portal"] == "lab"} >= expected
    assert len(lab.arrivals) == arrived


@pytest.mark.parametrize("place", [place for place in PLACES if place != "download"])
def test_what_other_sites_left_is_not_the_portals(place: str, use: Any, scan: Scan) -> None:
    use(PLACES[place][0], STRANGER)

    assert [one for one in scan() if one["portal"] or one["kind"] != "autofill"] == []


def test_the_name_of_a_downloaded_file_needs_leave(use: Any, scan: Scan) -> None:
    """It may be a citizen's."""
    use(_download)

    (hidden,) = [one for one in scan() if one["kind"] == "download"]
    assert hidden["what"] is None
    assert hidden["digest"]
    (shown,) = [one for one in scan(show_names=True) if one["kind"] == "download"]
    assert shown["what"]


def test_a_word_that_the_browser_packed_away_is_found(use: Any, scan: Scan, tmp_path: Path) -> None:
    """Beyond 64 kB the browser compresses its key-value files: what comes often stands there once."""
    use(lambda page: page.evaluate("word => localStorage.setItem('a', (word + ' ').repeat(4000))", f"x{REPEATED}"))
    use(lambda page: page.wait_for_timeout(500))
    use(lambda page: page.wait_for_timeout(500))
    folder = tmp_path / "ud/Default/Local Storage/leveldb"
    (table, *_) = sorted(folder.glob("*.ldb"))
    assert table.read_bytes().count(REPEATED.encode()) < 4000

    twice = f"{REPEATED} x{REPEATED} x"  # across a repetition: not there as bytes
    assert twice.encode() not in table.read_bytes()
    words = [one["where"] for one in scan(words=(twice,)) if one["kind"] == "word"]

    assert table.relative_to(tmp_path / "ud").as_posix() in words


def test_a_session_on_a_parent_domain_is_found(use: Any, scan: Scan) -> None:
    parent = LAB.split(".", 1)[1]
    use(lambda page: page.evaluate(f"document.cookie = '{COOKIE}=of-the-parent; domain={parent}; path=/; max-age=999'"))

    sessions = {(one["portal"], one["host"]) for one in scan() if one["kind"] == "session_cookie"}

    assert sessions == {("lab", f".{parent}")}
    assert NOW.name not in json.dumps(scan(), ensure_ascii=False)
