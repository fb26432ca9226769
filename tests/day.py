"""Short hands for tests that follow one counter through its day: other settings, logins, proofs, the journal."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from sqlalchemy import text

from flows.mock.visitor import Visitor
from flows.points import PointSite
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.core.commands import Kind, Record
from guard.core.view import Phase
from guard.demo.run import mock_config
from guard.errors import GuardError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from flows.mock import MockPortals
    from flows.people import Resident
    from guard.browser.guarded import GuardedBrowser
    from guard.browser.pages import Page as GuardedPage
    from guard.browser.standby import Standby
    from guard.config import Config
    from guard.core.clearance import Area, Clearance, Proof
    from guard.record.entry import Entry
    from guard.record.journal import Journal

COOKIES = {"point.portal.test": "point_sid", "mypage.portal.test": "mypage_sid", "idp.portal.test": "idp_sid"}


def changed(config: Config, portal: str = "point", /, **changes: Any) -> Config:
    """The same counter with another profile of one portal; a change of a table names only the keys that differ."""
    profiles = []
    for profile in config.portals:
        if profile.name == portal:
            tables = {
                key: getattr(profile, key).model_copy(update=value) if isinstance(value, dict) else value
                for key, value in changes.items()
            }
            profiles.append(profile.model_copy(update=tables))
        else:
            profiles.append(profile)
    return config.model_copy(update={"portals": tuple(profiles)})


@contextmanager
def opened(portals: MockPortals, folder: Path, **changes: Any) -> Iterator[BlockingCounter]:
    """A counter on the mock portals, with another profile of the point site."""
    with open_blocking_counter(changed(mock_config(portals, folder), **changes)) as counter:
        yield counter


def counter_file(portals: MockPortals, folder: Path) -> Path:
    """The configuration of a counter on the mock portals, as staff of the city would write it."""
    config = mock_config(portals, folder / "state")
    profiles = Path(__file__).parents[1] / "config" / "portals"
    hosts = "\n".join(f'"{host}" = {port}' for host, port in portals.hosts.items())
    file = folder / "counter.toml"
    file.write_text(
        f"""counter = "窓口1"
portals = {json.dumps([str(profiles / f"{one.name}.toml") for one in config.portals])}
state_dir = "{config.state_dir}"
[browser]
allow_no_sandbox = {str(config.browser.allow_no_sandbox).lower()}
[test_network]
ca_file = "{portals.ca_file}"
trusted_spki = {json.dumps(portals.spki)}
[test_network.hosts]
{hosts}
"""
    )
    return file


def settle(counter: BlockingCounter) -> None:
    """Bring a counter back to where the next test can begin: no visit, no seal."""
    if counter.view.phase is not Phase.READY:
        counter.end()
    if counter.view.seal is not None:
        counter.lift("L-1")


def log_in(page: Page, resident: Resident) -> PointSite:
    """Log in at the point site, and wait until the guard has seen who it is."""
    site = PointSite(page)
    site.open()
    site.log_in(resident)
    return site


def sessions_in(page: Page) -> dict[str, str]:
    """Host → value of its session cookie, as the browser has it now."""
    found = {
        cookie["domain"]: cookie["value"] for cookie in page.context.cookies() if cookie["name"] in COOKIES.values()
    }
    return {host: found[host] for host in COOKIES if host in found}


def alive(portals: MockPortals, sessions: dict[str, str]) -> dict[str, bool]:
    """Host → whether the portal still honours that session."""
    with Visitor(portals) as visitor:
        return {
            host: bool(visitor.replay(host, COOKIES[host], value)["authenticated"]) for host, value in sessions.items()
        }


def proof(clearance: Clearance | None, area: Area, portal: str | None = None) -> Proof:
    """The one proof of an area, of one portal or of the browser."""
    assert clearance is not None
    (found,) = [one for one in clearance.summary if (one.area, one.portal) == (area, portal)]
    return found


def entries(counter: BlockingCounter, *kinds: Kind) -> list[Entry]:
    """The journal's entries of these kinds, or all."""
    return [entry for entry in counter.counter.supervisor._journal.entries() if not kinds or entry.kind in kinds]


def shown_browser(counter: BlockingCounter) -> GuardedBrowser:
    """The guarded browser that staff see."""
    browser = counter.counter.supervisor.browser
    assert browser is not None
    return browser


def crash(counter: BlockingCounter, page: GuardedPage) -> None:
    """End the renderer of a page as a fault of its own would."""

    async def now() -> None:
        page.session.post("Page.crash")  # answers nothing: its renderer is gone

    counter.call(now)


def kill(browser: GuardedBrowser) -> None:
    """End a browser as the system's memory killer would."""
    for process in works_on(browser.user_data_dir):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def drivers() -> set[psutil.Process]:
    """Playwright's own processes, of tests and counters alike."""
    return {process for process in psutil.Process().children() if "run-driver" in process.cmdline()}


def journal_of(counter: BlockingCounter) -> Journal:
    """The one writer of the counter's journal."""
    return counter.counter.supervisor._journal


def _order(journal: Journal, pragma: str) -> None:
    with journal._engine.connect() as connection:
        connection.execute(text(f"PRAGMA {pragma}"))


def _fill(journal: Journal, words: str) -> None:
    while True:
        journal.append(Record(kind=Kind.ALARM, visit_id=None, facts=(("text", words),)), datetime.now(UTC))


@contextmanager
def full_disk(journal: Journal) -> Iterator[None]:
    """The database's own limit gives the very error of a full disk, without a disk to fill."""
    _order(journal, "max_page_count = 1")
    try:
        for text_length in (200, 0):  # up to where not even a short entry finds room
            with pytest.raises(GuardError):
                _fill(journal, "x" * text_length)
        yield
    finally:
        _order(journal, "max_page_count = 1073741823")


@contextmanager
def read_only(journal: Journal) -> Iterator[None]:
    """A journal that this user may no longer write."""
    _order(journal, "query_only = ON")
    try:
        yield
    finally:
        _order(journal, "query_only = OFF")


@contextmanager
def locked_by_another(journal: Journal) -> Iterator[None]:
    """A copying program of the office, say."""
    with closing(sqlite3.connect(journal._path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def broken_program(counter: BlockingCounter) -> Iterator[None]:
    """A program that ends at once stands in the browser's place, for the browsers that come."""
    setup = counter.counter._browsers
    working, broken = setup.executable, setup.work_dir / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    object.__setattr__(setup, "executable", broken)
    try:
        yield
    finally:
        object.__setattr__(setup, "executable", working)


async def start_anew(standby: Standby) -> asyncio.Task[GuardedBrowser]:
    """Have the next browser started now, in place of the one that is ready."""
    ready, standby._next = standby._next, None
    if ready is not None:
        await (await ready).destroy()
    standby.prepare()
    return _standby_of(standby)


def _standby_of(standby: Standby) -> asyncio.Task[GuardedBrowser]:
    assert standby._next is not None
    return standby._next


def waiting(counter: BlockingCounter) -> int:
    """How many submissions are held without an answer."""
    return len(counter.counter.supervisor.counter.waiting)


def works_on(folder: Path) -> list[psutil.Process]:
    """Processes that were started on a profile, or on one in this folder, and still run."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = any(word.startswith(f"--user-data-dir={folder}") for word in process.cmdline())
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def eventually(true: Callable[[], object], *, within: float = 10.0) -> float:
    """Wait for something that nobody announces; returns how long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, "it did not come true in time"
        time.sleep(0.02)
    return time.monotonic() - began


def read_aloud(page: Page) -> str:
    """All that a screen reader would say of a page, the ribbon and the overlay in their closed shadow included."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        return "\n".join(str(node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"])
    finally:
        session.detach()


def click_overlay(page: Page, button: str) -> None:
    """Click a button of the stop overlay where it stands on the screen."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        (found,) = [node for node in nodes if _is_button(node, button)]
        box = session.send("DOM.getBoxModel", {"backendNodeId": found["backendDOMNodeId"]})
        corners = box["model"]["border"]
    finally:
        session.detach()
    page.mouse.click(sum(corners[0::2]) / 4, sum(corners[1::2]) / 4)


def _is_button(node: dict[str, Any], name: str) -> bool:
    return (node.get("role", {}).get("value"), node.get("name", {}).get("value")) == ("button", name)
