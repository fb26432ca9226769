"""The faults that `make mutants` seeds fit the source of today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.mutants.score import ROOT, Fate, Mutant, fate, load, pass_without

if TYPE_CHECKING:
    from pathlib import Path

MUTANTS = load()


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 30


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_seeded(mutant: Mutant) -> None:
    """A fault whose place is gone would be counted as one that lived: mend it with the change of its file."""
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.was) == 1
    assert all((ROOT / test).exists() for test in mutant.tests if test.endswith(".py"))


def test_a_fault_that_proves_nothing_is_not_counted_as_seen(tmp_path: Path) -> None:
    """Its place is gone, or its tests fail anyway."""
    (tmp_path / "one.py").write_text("x = 1\n", "utf-8")
    gone = Mutant(name="n", file="one.py", was="y = 1", now="", tests=("test_one.py",))
    assert fate(gone, tmp_path, lambda *_: True) is Fate.NOT_SEEDED
    assert fate(replace(gone, was="x = 1"), tmp_path, lambda *_: False) is Fate.PROVES_NOTHING
    assert fate(replace(gone, was="x = 1"), tmp_path, pass_without) is Fate.PROVES_NOTHING, "there is no such test"


def test_a_fault_is_seen_by_a_test_that_passes_without_it(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "test_one.py").write_text("from one import x\n\n\ndef test_x() -> None:\n    assert x < 3\n", "utf-8")
    mutant = Mutant(name="n", file="one.py", was="x = 1", now="x = 3", tests=("test_one.py",))
    assert fate(mutant, tmp_path, pass_without) is Fate.SEEN
    assert fate(replace(mutant, now="x = 2"), tmp_path, pass_without) is Fate.LIVED
    assert (tmp_path / "one.py").read_text("utf-8") == "x = 1\n"
