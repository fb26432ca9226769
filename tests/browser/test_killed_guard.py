"""What becomes of the browsers, and of what they hold, when the guard's own process ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import pytest

from flows.mock.faults import IdentityFault
from flows.mock.hosts import POINT
from flows.people import TANAKA_ICHIRO
from flows.points import PointSite
from guard.record.digest import load_key
from guard.record.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Playwright

    from flows.mock import MockPortals
    from guard.config import Config

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("road", ["pipe", "tunnel"]),
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
]

GUARD = """
import json, pathlib, sys, types
from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.browser import launch
from guard.demo.run import mock_config
portals = types.SimpleNamespace(**json.loads(sys.argv[1]))
launch.hands_over_pipes = lambda: sys.argv[3] == "pipe"
with open_blocking_counter(mock_config(portals, pathlib.Path(sys.argv[2]))) as counter:
    print(counter.open_visit(TANAKA_ICHIRO.citizen), flush=True)
    sys.stdin.read()
"""
"""A guard in a process of its own, with a visit open."""

SEND_THREE_WAYS = """() => {
    navigator.sendBeacon('/beacon', 'x');
    fetch('/keepalive', {method: 'POST', body: 'x', keepalive: true});
    fetch('/plain', {method: 'POST', body: 'x'});
}"""


HELD = ("/beacon", "/keepalive", "/plain")


def test_a_killed_guard_takes_its_browsers_along_and_sends_nothing_that_is_held(
    road: str, portals: MockPortals, guard_config: Config, playwright: Playwright
) -> None:
    """Beacon and keepalive outlive their page; they must not go out when the gate's session ends with the guard."""
    with guard_process(portals, guard_config, road) as guard, window(playwright, guard) as page:
        portals.faults.of(POINT).identity = IdentityFault.HANGS
        PointSite(page).open()
        page.evaluate(SEND_THREE_WAYS)
        page.wait_for_timeout(1000)
        browsers = [child for child in guard.process.children(recursive=True) if is_browser(child)]
        assert browsers
        guard.process.kill()
        wait_until(lambda: not any(map(runs, browsers)), "the end of the browsers", within=3)
        time.sleep(0.5)  # for what may still be on its way
        assert [arrival.path for arrival in portals.requests if arrival.path in HELD] == []


def test_ctrl_c_logs_out_before_the_browser_goes(
    road: str, portals: MockPortals, guard_config: Config, playwright: Playwright
) -> None:
    """The key reaches Playwright's process as well; only the guard may act on it."""
    with guard_process(portals, guard_config, road) as guard:
        with window(playwright, guard) as page:
            PointSite(page).open()
            PointSite(page).log_in(TANAKA_ICHIRO)
        os.killpg(guard.process.pid, signal.SIGINT)
        guard.process.wait(timeout=30)
    journal = Journal.open(guard_config.journal_file, load_key(guard_config.key_file))
    try:
        assert journal.unfinished_visit() is None
        assert journal.unlifted_seal() is None
    finally:
        journal.close()


@dataclass
class Guard:
    """A guard that can be killed."""

    process: psutil.Process
    endpoint: str


@contextmanager
def guard_process(portals: MockPortals, config: Config, road: str) -> Iterator[Guard]:
    known = json.dumps({"hosts": portals.hosts, "ca_file": str(portals.ca_file), "spki": portals.spki})
    started = subprocess.Popen(
        [sys.executable, "-c", GUARD, known, str(config.state_dir), road],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    assert started.stdin is not None
    assert started.stdout is not None
    try:
        yield Guard(psutil.Process(started.pid), started.stdout.readline().strip())
    finally:
        started.kill()
        started.wait()
        started.stdin.close()
        started.stdout.close()


@contextmanager
def window(playwright: Playwright, guard: Guard) -> Iterator[Page]:
    browser = playwright.chromium.connect_over_cdp(guard.endpoint)
    try:
        yield browser.contexts[0].pages[0]
    finally:
        browser.close()


def is_browser(process: psutil.Process) -> bool:
    try:
        return any(argument.startswith("--user-data-dir=") for argument in process.cmdline())
    except psutil.NoSuchProcess:
        return False


def runs(process: psutil.Process) -> bool:
    """Orphans stay as zombies in a container that nobody tidies up."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(met: Callable[[], bool], what: str, *, within: float) -> None:
    deadline = time.monotonic() + within
    while not met():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {within} seconds: {what}")
        time.sleep(0.02)
