"""Seeds faults into a copy of the guard and counts which of them the tests see: `make mutants`.

Exit 0: every one was seen. A fault that can no longer be seeded, or whose tests fail without it too, counts as one
that lived.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
MUTANTS = Path(__file__).with_name("mutants.toml")
COPIED = ("guard", "flows", "tests", "config", "pyproject.toml", "README.md")
WITHIN = 600  # seconds for the tests of one mutant
TESTS_FAILED = 1  # pytest's exit status; others say that the tests did not run


class Fate(StrEnum):
    """What became of a seeded fault."""

    SEEN = "seen"
    LIVED = "lived"
    NOT_SEEDED = "not seeded: the source has changed"
    NOT_RUN = "the tests did not run"
    PROVES_NOTHING = "its tests fail without it, too"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One piece of source in place of another, and the tests that must see it."""

    name: str
    file: str
    was: str
    now: str
    tests: tuple[str, ...]


def load(file: Path = MUTANTS) -> tuple[Mutant, ...]:
    """The mutants of a TOML file."""
    return tuple(
        Mutant(**{**one, "tests": tuple(one["tests"])}) for one in tomllib.loads(file.read_text("utf-8"))["mutant"]
    )


def fate(mutant: Mutant, copy: Path, passes: Callable[[tuple[str, ...], Path], bool]) -> Fate:
    """Seed it into the copy, run its tests, and take it out again. `passes` says whether tests pass without it."""
    file = copy / mutant.file
    source = file.read_text("utf-8")
    if source.count(mutant.was) != 1:
        return Fate.NOT_SEEDED
    if not passes(mutant.tests, copy):
        return Fate.PROVES_NOTHING
    file.write_text(source.replace(mutant.was, mutant.now), "utf-8")
    try:
        status = _run(mutant.tests, copy)
    finally:
        file.write_text(source, "utf-8")
    return {0: Fate.LIVED, TESTS_FAILED: Fate.SEEN}.get(status, Fate.NOT_RUN)


@cache  # many faults share their tests
def pass_without(tests: tuple[str, ...], copy: Path) -> bool:
    """Whether these tests pass in the copy as it is."""
    return _run(tests, copy) == 0


def _run(tests: tuple[str, ...], copy: Path) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "", *tests]
    where = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=where, capture_output=True, timeout=WITHIN, check=False).returncode


def main(wanted: str) -> int:
    """Play every mutant whose name holds `wanted`, and print the score."""
    terminal = Console()
    table = Table("mutant", "file", "fate")
    mutants = [one for one in load() if wanted in one.name]
    seen = 0
    with tempfile.TemporaryDirectory(prefix="guard-mutants-") as folder:
        for name in COPIED:
            of, to = ROOT / name, Path(folder, name)
            shutil.copytree(of, to) if of.is_dir() else shutil.copy2(of, to)
        for number, mutant in enumerate(mutants, 1):
            now = fate(mutant, Path(folder), pass_without)
            seen += now is Fate.SEEN
            table.add_row(mutant.name, mutant.file, now)
            terminal.print(f"{number}/{len(mutants)} {mutant.name}: {now}", highlight=False)
    terminal.print(table)
    terminal.print(f"{seen} of {len(mutants)} seeded faults were seen.")
    return 0 if mutants and seen == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
