"""What `guard accidents` refuses before anything is played."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from guard.accidents.command import run_accidents
from guard.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_class_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ConfigError, match=r"no such accident class \(found: twinz\)\. Known are: .*twins"):
        run_accidents(Console(quiet=True), ["twins", "twinz"], readme=None, headed=False)


def test_a_matrix_with_some_of_the_classes_is_not_written(tmp_path: Path) -> None:
    """README.md would lose the others."""
    with pytest.raises(ConfigError, match="every class"):
        run_accidents(Console(quiet=True), ["twins"], readme=tmp_path / "README.md", headed=False)
