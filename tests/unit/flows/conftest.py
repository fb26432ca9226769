"""Mock portals and a plain browser for the tests of the journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock import MockPortals
from flows.mock.visitor import Visitor
from flows.plain import clean_page, plain_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Playwright


@pytest.fixture(scope="session")
def served_portals() -> Iterator[MockPortals]:
    with MockPortals() as portals:
        yield portals


@pytest.fixture
def portals(served_portals: MockPortals) -> MockPortals:
    """The portals as on their first day."""
    served_portals.reset()
    return served_portals


@pytest.fixture
def visitor(portals: MockPortals) -> Iterator[Visitor]:
    with Visitor(portals) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def browser(playwright: Playwright, served_portals: MockPortals) -> Iterator[Browser]:
    browser = plain_browser(playwright, served_portals)
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, portals: MockPortals) -> Iterator[Page]:
    assert portals.hosts
    with clean_page(browser) as page:
        yield page
