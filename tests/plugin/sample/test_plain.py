"""Plain pytest-playwright tests that know nothing of a guard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from flows.mock import MockPortals

POINT = "https://point.portal.test"


def _log_in(page: Page) -> None:
    page.goto(f"{POINT}/login")
    page.get_by_label("カード番号").fill("C-1002")
    page.get_by_label("暗証番号").fill("1002")
    page.get_by_role("button", name="ログイン", exact=True).click()
    expect(page.get_by_role("heading", name="ポイントの申込み")).to_be_visible()


def test_a_guest_sees_the_guest_sign(page: Page) -> None:
    page.goto(POINT)
    expect(page.locator("#holder")).to_have_text("ゲスト")


def test_a_login_shows_the_name(page: Page) -> None:
    _log_in(page)
    expect(page.locator("#holder")).to_contain_text("田中 一郎")


def test_an_application_is_booked(page: Page, fresh_portals: MockPortals) -> None:
    _log_in(page)
    page.goto(f"{POINT}/apply")
    page.get_by_label("決済サービス", exact=True).select_option("さくらペイ")
    page.get_by_label("決済サービスID").fill("SP10020002")
    page.get_by_role("button", name="次へ").click()
    page.locator("label.choice", has_text="健康保険証").get_by_role("checkbox").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("button", name="申込む").click()
    expect(page.get_by_role("heading", name="申込みが完了しました")).to_be_visible()
    assert fresh_portals.books.misattributed() == ()


def test_two_contexts_are_two_people(context: BrowserContext, browser: Browser) -> None:
    mine = context.new_page()
    _log_in(mine)
    other = browser.new_context()
    theirs = other.new_page()
    theirs.goto(POINT)
    expect(theirs.locator("#holder")).to_have_text("ゲスト")
    other.close()


def test_dialogs_popups_and_routes_work(page: Page) -> None:
    said: list[str] = []

    def accept(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept()

    page.on("dialog", accept)
    page.route(re.compile(r"/portal\.css$"), lambda route: route.abort())
    page.goto(POINT)
    assert page.evaluate("() => confirm('送信しますか')") is True
    with page.expect_popup() as popup:
        page.evaluate("() => { window.open('/') }")
    expect(popup.value.locator("#holder")).to_have_text("ゲスト")
    assert said == ["送信しますか"]


@pytest.mark.parametrize("width", [400, 1366])
@pytest.mark.browser_context_args(locale="ja-JP")
def test_the_viewport_is_the_tests_own(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(POINT)
    assert page.evaluate("() => innerWidth") == width
    assert page.evaluate("() => navigator.language") == "ja-JP"


def test_a_failure_is_a_failure(page: Page) -> None:
    page.goto(POINT)
    expect(page.locator("#holder")).to_have_text("田中 一郎", timeout=500)
