"""What a project's own conftest says, with and without the guard: where its portals are, and who is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flows.mock import MockPortals
from flows.people import TANAKA_ICHIRO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard import Citizen


@pytest.fixture(scope="session")
def mock_portals() -> Iterator[MockPortals]:
    """Portals on this machine; the guard takes them, too."""
    with MockPortals() as portals:
        yield portals


@pytest.fixture(autouse=True)
def fresh_portals(mock_portals: MockPortals) -> MockPortals:
    """Each test finds the portals as on their first day."""
    mock_portals.reset()
    return mock_portals


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], mock_portals: MockPortals) -> dict[str, Any]:
    """An installed browser that finds the portals."""
    found = {"executable_path": "/usr/bin/chromium", "args": list(mock_portals.browser_switches)}
    return {**browser_type_launch_args, **found}


@pytest.fixture
def citizen() -> Citizen:
    """Whom the guarded counter serves; without the guard nobody asks."""
    return TANAKA_ICHIRO.citizen
