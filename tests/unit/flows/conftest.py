"""What the tests of the journeys need beside the mock portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from flows.mock import MockPortals


@pytest.fixture
def visitor(portals: MockPortals) -> Iterator[Visitor]:
    with Visitor(portals) as visitor:
        yield visitor


@pytest.fixture
def page(plain_page: Page) -> Page:
    """The journeys are walked in a plain browser here."""
    return plain_page
