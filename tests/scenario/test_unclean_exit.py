"""A guard that is killed: fail closed now, and an open handover for the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from flows.mock import POINT, IdentityFault
from flows.people import KOBAYASHI_KEN
from guard.blocking import open_blocking_counter
from guard.config import load_config
from guard.core.commands import Kind
from guard.core.view import SealReason
from guard.errors import GuardError
from tests.day import alive, counter_file, entries, eventually, log_in, works_on

if TYPE_CHECKING:
    from pathlib import Path

    from flows.mock import MockPortals
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser


@pytest.fixture
def killed(portals: MockPortals, tmp_path: Path) -> tuple[Path, str, float]:
    """A guard killed while it held a submission: its configuration, A's session, seconds to the last process."""
    file = counter_file(portals, tmp_path)
    command = [sys.executable, "-m", "tests.scenario.killed_guard", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as guard:
        assert guard.stdin is not None
        assert guard.stdout is not None
        session = guard.stdout.readline().removeprefix("session ").strip()
        assert session
        portals.faults.of(POINT).identity = IdentityFault.HANGS
        print(file=guard.stdin, flush=True)
        assert guard.stdout.readline().strip() == "held"
        assert works_on(tmp_path)
        os.kill(guard.pid, signal.SIGKILL)
        gone = eventually(lambda: not works_on(tmp_path))
    portals.faults.mend()
    return file, session, gone


def test_a_killed_guard_takes_the_browser_along_and_sends_nothing_that_it_held(
    killed: tuple[Path, str, float], portals: MockPortals, serve_at: ServeAt
) -> None:
    """Its pipe closes, and the browser ends with it. The next start finds the visit, and a leader has to look."""
    file, session, gone = killed
    assert gone < 1.0
    time.sleep(0.5)  # what was sent would arrive by now
    assert portals.arrived("POST", POINT, "/apply/service") == ()
    config = load_config(file)
    left = list((config.state_dir / "browsers").glob("profile-*"))
    assert left
    with open_blocking_counter(config) as counter:
        assert counter.view.seal is SealReason.UNFINISHED_VISIT
        assert not any(profile.exists() for profile in left)
        (opened,) = entries(counter, Kind.VISIT_OPENED)
        (found,) = entries(counter, Kind.UNFINISHED_VISIT_FOUND)
        assert found.visit_id == opened.visit_id
        with pytest.raises(GuardError, match="counter_sealed"):
            counter.open_visit(KOBAYASHI_KEN.citizen)
        counter.lift("L-1")
        with serve_at(counter, KOBAYASHI_KEN) as page:
            log_in(page, KOBAYASHI_KEN)
        assert counter.counter.supervisor._journal.verify() is None
    with open_blocking_counter(config) as counter:
        assert counter.view.seal is None
    # Nobody can log out a session that only the dead guard knew; that is why a leader looks.
    assert alive(portals, {POINT: session}) == {POINT: True}
