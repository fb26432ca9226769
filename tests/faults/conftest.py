"""The matrix of what became of each visit, written and shown at the end of the run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.catalogue import FAULTS, GUARD_KILLED
from tests.faults.points import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parents[2] / ".pytest-report" / "faults.txt"
Outcomes = dict[tuple[str, str], str]
"""By names of fault and point."""
_OUTCOMES: pytest.StashKey[Outcomes] = pytest.StashKey()


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """What became of each visit; its matrix is written when the last test is over."""
    found = request.config.stash.setdefault(_OUTCOMES, {})
    yield found
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("\n".join(matrix(found)) + "\n", "utf-8")


def matrix(outcomes: Outcomes) -> list[str]:
    """Fault by fault, point by point; what did not run says so."""
    lines = []
    for fault in [*(fault.name for fault in FAULTS), GUARD_KILLED]:
        lines.append(fault)
        lines += [f"    {point.name:18}{outcomes.get((fault, point.name), '(not run)')}" for point in POINTS]
    return lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the cells that ran."""
    outcomes = config.stash.get(_OUTCOMES, {})
    if outcomes:
        terminalreporter.section(f"fault matrix ({FILE})")
    for (fault, point), outcome in outcomes.items():
        terminalreporter.write_line(f"{fault} / {point}: {outcome}")
