"""Tests of the project's own files: the lock, the packages, the one command that CI runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / ".lock/requirements.txt").read_text("utf-8")
PINNED = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))
UNLOCKED = {"card"}
"""pyscard has no wheel for Linux, and the lock installs nothing else."""
EXTRAS = [
    name
    for extra, names in PROJECT["project"]["optional-dependencies"].items()
    for name in names
    if extra not in UNLOCKED
]


def test_every_locked_distribution_has_one_version_and_hashes() -> None:
    blocks = re.findall(r"^(\S+==\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCK, re.MULTILINE)

    assert len(blocks) == len(PINNED) == len(re.findall("==", re.sub(r"[ ;].*", "", LOCK)))
    assert len(PINNED) > 40


def test_the_lock_names_no_registry() -> None:
    """It is read on machines with registries of their own."""
    assert not re.search(r"://|--index|--find-links|\bwww\.", LOCK)


@pytest.mark.parametrize(
    "requirement", [*PROJECT["project"]["dependencies"], *EXTRAS, *PROJECT["build-system"]["requires"]]
)
def test_everything_that_the_project_asks_for_is_in_the_lock(requirement: str) -> None:
    """The build backend too: `make` builds without fetching anything that has no hash."""
    name = re.split(r"[^a-z0-9-]", requirement)[0]

    assert name in PINNED or name == PROJECT["project"]["name"]


@pytest.mark.parametrize("line", [line for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
                                  if re.match(r'    "[A-Z]+\d*",', line)])  # fmt: skip
def test_every_lint_rule_that_is_off_says_why(line: str) -> None:
    assert re.search(r"# \S.{10,}", line)


def test_ci_runs_what_a_newcomer_runs_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "make test",
    ]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_data_files_of_the_packages_are_shipped() -> None:
    """An installed guard without its texts, templates or scripts would fail at the first visit."""
    shipped = {pattern.removeprefix("*") for pattern in PROJECT["tool"]["setuptools"]["package-data"]["*"]}
    files = [path for package in ("guard", "flows") for path in (ROOT / package).rglob("*") if path.is_file()]
    unshipped = [path for path in files if path.suffix not in {".py", ".pyc", ".typed"} and path.suffix not in shipped]

    assert unshipped == []
