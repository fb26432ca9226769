"""The faults that `make mutants` seeds fit the source of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mutants.score import ROOT, Fate, Mutant, fate, load

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


def test_a_fault_whose_place_is_gone_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("x = 1\n", "utf-8")
    assert fate(Mutant(name="n", file="one.py", was="y = 1", now="", tests=()), tmp_path) is Fate.NOT_SEEDED
