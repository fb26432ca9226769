"""`guard demo`, run as a newcomer runs it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flows.accidents import SHOWN

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

SHOTS = ("unguarded", "ribbon", "stop", "console", "served", "clearance")
SMALLEST_PICTURE = 5_000  # bytes; a blank page is smaller


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
