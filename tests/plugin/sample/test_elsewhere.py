"""Tests that leave the portals, by every road, and some that only seem to."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

POINT = "https://point.portal.test"
STAGING = "https://point.staging.test"


def test_a_visit_there_alone(page: Page) -> None:
    page.route(f"{STAGING}/**", lambda route: route.fulfill(body="<h1>ポイントの申込み</h1>"))
    page.goto(f"{STAGING}/")


def test_a_visit_there_after_one_to_a_portal(page: Page) -> None:
    page.goto(POINT)
    page.goto(url=f"{STAGING}:443/login")
    page.get_by_text("ログイン").click()


@pytest.mark.browser_context_args(base_url=f"{STAGING}/point/")
def test_a_relative_address_there(page: Page) -> None:
    page.main_frame.goto("login")


def test_another_context_has_another_base(page: Page, browser: Browser) -> None:
    page.goto(POINT)
    browser.new_page(base_url=STAGING).goto("/login")


def test_a_refusal_that_is_swallowed(page: Page) -> None:
    page.goto(POINT)
    with contextlib.suppress(Exception):
        page.goto(STAGING)


def test_a_link_leads_there(page: Page) -> None:
    page.goto(POINT)
    page.evaluate("address => { location.assign(address) }", f"{STAGING}/login")
    page.wait_for_url(f"{STAGING}/login", wait_until="commit")
    page.get_by_label("カード番号").fill("C-1002", timeout=300)


def test_a_window_opens_there(page: Page) -> None:
    page.goto(POINT)
    with page.expect_popup() as popup:
        page.evaluate("address => { window.open(address) }", STAGING)
    popup.value.wait_for_url(f"{STAGING}/", wait_until="commit")
    popup.value.get_by_label("カード番号").fill("C-1002", timeout=300)


@pytest.fixture
def logged_in(browser: Browser) -> Page:
    page = browser.new_page()
    page.goto(POINT)
    page.evaluate("address => { location.assign(address) }", STAGING)
    page.wait_for_url(f"{STAGING}/", wait_until="commit")
    page.get_by_label("カード番号").fill("C-1002", timeout=300)
    return page


def test_a_fixture_fails_there(logged_in: Page) -> None:
    assert logged_in.url


def test_the_guards_own_page_for_it_may_be_wanted(page: Page) -> None:
    page.goto(POINT)
    page.evaluate("address => { location.assign(address) }", STAGING)
    expect(page.get_by_role("heading", name="このサイトは、この窓口では使えません")).to_be_visible()


def test_what_is_no_site_does_not_count(page: Page) -> None:
    page.goto("about:blank")
    page.goto("data:text/html,<h1>hello</h1>")
    page.goto("https://madoguchi-guard.invalid/")
    page.goto("https://POINT.portal.test:443/")
    page.goto(page.evaluate("() => URL.createObjectURL(new Blob(['hello']))"))


def test_another_browser_goes_where_it_likes(page: Page, launch_browser: Callable[[], Browser]) -> None:
    page.goto(POINT)
    office = launch_browser()
    other = office.new_page()
    other.route(f"{STAGING}/**", lambda route: route.fulfill(body="<h1>office</h1>"))
    other.goto(STAGING)
    expect(other.get_by_role("heading")).to_have_text("office")
    office.close()
