"""Tests of the project's own files: the lock, the packages, the one command that CI runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = {name: (ROOT / ".lock" / name).read_text("utf-8") for name in ("requirements.txt", "card.txt")}
PINNED = {name: dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE)) for name, lock in LOCKS.items()}
EXTRAS = PROJECT["project"]["optional-dependencies"]
BUILT = EXTRAS["card"]
"""pyscard has no wheel for Linux, and the other lock is installed from wheels alone."""
WHEELS = [name for extra, names in EXTRAS.items() if extra != "card" for name in names]


@pytest.mark.parametrize(("name", "least"), [("requirements.txt", 40), ("card.txt", 1)])
def test_every_locked_distribution_has_one_version_and_hashes(name: str, least: int) -> None:
    lock, pinned = LOCKS[name], PINNED[name]
    blocks = re.findall(r"^(\S+==\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE)

    assert len(blocks) == len(pinned) == len(re.findall("==", re.sub(r"[ ;].*", "", lock)))
    assert len(pinned) >= least


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_the_lock_names_no_registry(lock: str) -> None:
    """It is read on machines with registries of their own."""
    assert not re.search(r"://|--index|--find-links|\bwww\.", lock)


@pytest.mark.parametrize(
    "requirement", [*PROJECT["project"]["dependencies"], *WHEELS, *PROJECT["build-system"]["requires"]]
)
def test_everything_that_the_project_asks_for_is_in_the_lock(requirement: str) -> None:
    """The build backend too: `make` builds without fetching anything that has no hash."""
    name = re.split(r"[^a-z0-9-]", requirement)[0]

    assert name in PINNED["requirements.txt"] or name == PROJECT["project"]["name"]


def test_what_has_no_wheel_is_built_from_locked_source_with_locked_tools() -> None:
    """Its own build environment would fetch setuptools and swig without a hash, so it gets none."""
    assert [re.split(r"[^a-z0-9-]", requirement)[0] for requirement in BUILT] == list(PINNED["card.txt"])
    assert {"setuptools", "swig"} <= PINNED["requirements.txt"].keys()
    for command in ("Makefile", "guard/provision.py"):
        text = (ROOT / command).read_text("utf-8")
        assert text.count("--no-build-isolation") == 1
        assert "--require-hashes" in text


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
