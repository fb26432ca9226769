"""Fixtures of a wider scope than a test: what belongs to nobody, and what would carry a login along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Playwright

POINT = "https://point.portal.test"


@pytest.fixture(scope="session")
def of_nobody(
    playwright: Playwright,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    base_url: str,
) -> dict[str, Any]:
    assert browser_type is playwright.chromium
    assert browser_type_launch_args["executable_path"]
    return {**browser_context_args, "base_url": base_url}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "ja-JP"}


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(POINT)
    yield page
    page.close()


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture(scope="session")
def logged_in(shared_context: BrowserContext) -> BrowserContext:
    return shared_context


@pytest.fixture(scope="class")
def asked_late(request: pytest.FixtureRequest) -> Browser:
    browser: Browser = request.getfixturevalue("browser")
    return browser


def test_what_belongs_to_nobody(of_nobody: dict[str, Any], page: Page) -> None:
    page.goto("/")
    assert page.url == f"{of_nobody['base_url']}/"
    assert page.evaluate("() => navigator.language") == "ja-JP"


def test_a_page_of_the_module(shared_page: Page) -> None:
    assert shared_page.url == f"{POINT}/"


def test_a_login_of_the_session(logged_in: BrowserContext) -> None:
    assert logged_in.pages == []


def test_a_browser_that_is_asked_for_late(asked_late: Browser) -> None:
    assert asked_late.is_connected()


def test_a_login_that_is_asked_for_late(request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue("logged_in").pages == []
