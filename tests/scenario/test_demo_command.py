"""`guard demo`, run as a newcomer runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.accidents import SHOWN
from tests.browser.screen import virtual_screen
from tests.day import eventually, works_on
from tests.scenario.test_counter_command import CLOSED_WITHIN, guard, until_open

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

SHOTS = ("unguarded", "ribbon", "stop", "console", "served", "clearance")
SMALLEST_PICTURE = 5_000  # bytes; a blank page is smaller
PLAYS_WITHIN = 30.0  # seconds until the first window; mock portals and two browsers start before it


def test_the_demo_plays_every_accident_twice_and_leaves_a_report(tmp_path: Path) -> None:
    """Exit status 0 means: each happened without the guard, and none with it."""
    command = [sys.executable, "-m", "guard.cli", "demo", "--out", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    report = (tmp_path / "index.html").read_text(encoding="utf-8")
    for accident in SHOWN:
        assert accident.place.ja in report
        for shot in SHOTS:
            (picture,) = tmp_path.glob(f"*-{accident.id}-{shot}.png")
            assert picture.stat().st_size > SMALLEST_PICTURE, picture
            assert picture.name in report


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where alone a program lays down what is to go with it. Short, because a browser's socket has a path, too."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


@pytest.mark.all_day
def test_a_demo_that_is_shown_and_left_open_is_ended_with_ctrl_c(tmp_path: Path, temporary: Path) -> None:
    """Its windows stand on the screen while it plays; then a counter with its console, and nothing after it."""
    with virtual_screen() as screen, guard("demo", "--headed", "--interactive", "--out", str(tmp_path)) as process:
        eventually(screen.windows, within=PLAYS_WITHIN)
        assert not (tmp_path / "index.html").exists()
        printed = "".join(until_open(process))
        assert (tmp_path / "index.html").exists()
        assert SHOWN[0].first.name in printed
        assert "Counter デモ窓口 is open" in printed
        eventually(lambda: len(screen.windows()) > 1, within=PLAYS_WITHIN)
        os.killpg(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=CLOSED_WITHIN)
        assert process.returncode == 0, out + errors
        assert "Closing" in out
        assert "Traceback" not in errors
        assert not works_on(temporary)
        assert list(temporary.iterdir()) == []
        assert screen.windows() == {}
