"""pytest plugin `guard`: `pytest --guard config/counter.toml` runs plain pytest-playwright tests at a guarded counter.

Without `--guard` it does nothing. What it adds with it stands in `guard/qa/fixtures.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--guard CONFIG` and `--guard-report DIR`."""
    what = "run browser tests at a guarded counter: CONFIG is a counter.toml, or mock for the mock portals"
    group = parser.getgroup("guard", "madoguchi-guard")
    group.addoption("--guard", metavar="CONFIG", help=what)
    group.addoption("--guard-report", metavar="DIR", help="write visits, verdicts and pictures to DIR/index.html")


def pytest_configure(config: pytest.Config) -> None:
    """Take the browser over, after every other plugin has given its own."""
    config.addinivalue_line("markers", "citizen(name, birth_date=None, kana=None): whom a guarded counter serves")
    if config.getoption("guard"):
        from guard.qa import fixtures  # noqa: PLC0415  # a run without it pays nothing

        config.pluginmanager.register(fixtures, "guard-fixtures")
