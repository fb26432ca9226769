"""Every accident class at both counters: a handful each time, all of them in `make test-all`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flows.accidents import ACCIDENTS, Accident
from guard.accidents.play import Player, open_player

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Playwright

pytestmark = pytest.mark.browser

EACH_TIME = {"back-button", "comes-back", "fixed-session", "kanra-2023-02", "stale-worker"}
"""One of each kind: taken away, let through, fixed before, read back, and shown falsely."""


def marked(accident: Accident) -> object:
    marks = () if accident.id in EACH_TIME else (pytest.mark.all_day,)
    return pytest.param(accident, id=accident.id, marks=marks)


@pytest.fixture(scope="module")
def player(playwright: Playwright) -> Iterator[Player]:
    with open_player(playwright) as player:
        yield player


@pytest.mark.parametrize("accident", [marked(one) for one in ACCIDENTS])
def test_the_accident_comes_out_as_its_class_promises_with_and_without_the_guard(
    accident: Accident, player: Player
) -> None:
    """The books of the portals say what happened; the guard's reasons are exactly those named."""
    played = player.play(accident)
    assert played.without is accident.without, played.unguarded
    assert played.promise is accident.promise, played.guarded
    assert played.guarded.reasons == accident.stops
    assert played.as_promised


@pytest.mark.all_day
def test_the_command_plays_a_class_and_exits_with_its_result() -> None:
    command = [sys.executable, "-m", "guard.cli", "accidents", "parent-for-child"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Played: 1" in result.stdout
