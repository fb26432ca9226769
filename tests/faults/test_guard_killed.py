"""The fault that ends the process of the counter itself, at every point of a visit; each guard is one of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from flows.mock import POINT, IdentityFault
from flows.people import KOBAYASHI_KEN
from flows.points import Points, PointSite
from guard.blocking import open_blocking_counter
from guard.config import load_config
from guard.core.commands import Kind
from guard.core.view import SealReason
from guard.errors import GuardError
from tests.day import counter_file, eventually, log_in, works_on
from tests.faults.account import Account
from tests.faults.catalogue import GUARD_KILLED
from tests.faults.points import CITIZEN, POINTS

if TYPE_CHECKING:
    from pathlib import Path

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.conftest import ServeAt
    from tests.faults.conftest import Outcomes
    from tests.faults.points import Point

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
]

NEXT = KOBAYASHI_KEN
TELLING = "handover"
"""The point of `make test`; that of a held submission is played there by tests/scenario/test_unclean_exit.py, too."""


@pytest.mark.parametrize(
    "point",
    [pytest.param(one, id=one.name, marks=[] if one.name == TELLING else pytest.mark.all_day) for one in POINTS],
)
def test_a_guard_killed_anywhere_leaves_no_browser_sends_nothing_and_its_visit_is_found(
    point: Point, portals: MockPortals, tmp_path: Path, serve_at: ServeAt, outcomes: Outcomes
) -> None:
    """The browser ends within a second, and the next start is sealed until a leader did what the message says."""
    file = counter_file(portals, tmp_path)
    assert _killed_at(point, file, portals) < 1.0
    config = load_config(file)
    left = list((config.state_dir / "browsers").glob("profile-*"))
    assert left
    with open_blocking_counter(config) as counter:
        account = Account(portals, counter, CITIZEN, is_all=True)
        account.told.hear(counter.view)
        _is_found_and_told(counter, account)
        assert not any(profile.exists() for profile in left)
        outcomes[GUARD_KILLED, point.name] = account.outcome
        with pytest.raises(GuardError, match="counter_sealed"):
            counter.open_visit(NEXT.citizen)
        counter.lift("L-1")
        _serve_the_next(portals, counter, serve_at)
        account.nothing_astray()  # nothing of the dead guard's came late, either


def _killed_at(point: Point, file: Path, portals: MockPortals) -> float:
    """Seconds from the end of a guard that has come to this point to the end of its last browser."""
    command = [sys.executable, "-m", "tests.faults.killed_guard", str(file), point.name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as guard:
        assert guard.stdin is not None
        assert guard.stdout is not None
        with closing(guard.stdin):
            while (word := guard.stdout.readline().strip()) != "there":
                assert word == "hold"
                portals.faults.of(POINT).identity = IdentityFault.HANGS
                print(file=guard.stdin, flush=True)
            assert works_on(file.parent)
            os.kill(guard.pid, signal.SIGKILL)
            gone = eventually(lambda: not works_on(file.parent))
    portals.faults.mend()
    return gone


def _is_found_and_told(counter: BlockingCounter, account: Account) -> None:
    assert counter.view.seal is SealReason.UNFINISHED_VISIT
    (opened,) = account.journalled(Kind.VISIT_OPENED)
    (found,) = account.journalled(Kind.UNFINISHED_VISIT_FOUND)
    assert found.visit_id == opened.visit_id
    assert account.journalled(Kind.CLEARANCE) == []
    assert account.booked == []
    account.nothing_astray()
    assert account.outcome == "not sent, sealed: unfinished_visit"


def _serve_the_next(portals: MockPortals, counter: BlockingCounter, serve_at: ServeAt) -> None:
    account = Account(portals, counter, NEXT)
    with counter.following(account.told.hear), serve_at(counter, NEXT) as page:
        log_in(page, NEXT)
        PointSite(page).apply(NEXT.cashless, Points.CARD)
    account.check()
    account.no_entry_for_two()
    assert account.outcome == "sent"
    assert counter.view.seal is None
