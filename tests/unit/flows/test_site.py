"""Steps either lead to their screen or say why not; login and logout go the way that staff go."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from flows.account import MyPage
from flows.mock import POINT, LogoutFault
from flows.people import SATO_HANAKO, TANAKA_ICHIRO, WATANABE_YUMI
from flows.points import Points, PointSite
from flows.site import NotAdvancedError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.mock import MockPortals


def test_a_guest_logs_in_by_card_and_out_again(page: Page) -> None:
    """The header shows ゲスト, then the full name, then ゲスト."""
    site = PointSite(page)
    site.open()
    assert site.shown_holder() is None
    site.log_in(TANAKA_ICHIRO)
    assert site.shown_holder() == TANAKA_ICHIRO.name
    site.log_out()
    assert site.screen() == "ログアウトしました"
    assert site.shown_holder() is None


def test_the_second_portal_opens_with_one_click(page: Page) -> None:
    PointSite(page).log_in(TANAKA_ICHIRO)
    site = MyPage(page)
    site.log_in_with_one_click()
    assert site.shown_holder() == TANAKA_ICHIRO.name


def test_the_next_citizens_card_is_used_even_if_the_provider_knows_the_last_one(page: Page) -> None:
    """Staff who mean B choose another card where the provider offers to go on as A."""
    PointSite(page).log_in(TANAKA_ICHIRO)
    site = MyPage(page)
    site.log_in(WATANABE_YUMI)
    assert site.shown_holder() == WATANABE_YUMI.name


def test_a_wrong_pin_says_so(page: Page, portals: MockPortals) -> None:
    """The portal's own notice is in the exception."""
    with pytest.raises(NotAdvancedError, match="残り2回"):
        PointSite(page).log_in(replace(TANAKA_ICHIRO, pin="0000"))
    assert portals.arrived("POST", "idp.portal.test", "/authenticate")


def test_a_logout_that_fails_does_not_pass_for_one(
    page: Page, portals: MockPortals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal answers 500: no done page, so no logout."""
    site = PointSite(page)
    site.log_in(TANAKA_ICHIRO)
    portals.faults.of(POINT).logout = LogoutFault.SERVER_ERROR
    monkeypatch.setattr("flows.site.PATIENCE", 1.0)
    with pytest.raises(NotAdvancedError):
        site.log_out()


def test_an_aborted_request_is_noticed_at_once_and_the_form_stays(page: Page, portals: MockPortals) -> None:
    """How a stopped submission looks: no notice, the screen of before, its input still there, nothing sent."""
    site = PointSite(page)
    site.log_in(TANAKA_ICHIRO)
    site.begin()
    page.route("**/apply/service", lambda route: route.abort("aborted"))
    before = time.monotonic()
    with pytest.raises(NotAdvancedError) as stopped:
        site.choose_service(TANAKA_ICHIRO.cashless)
    assert time.monotonic() - before < 3
    assert (stopped.value.screen, stopped.value.notice) == (PointSite.SERVICE, "")
    assert page.get_by_label("決済サービスID").input_value() == TANAKA_ICHIRO.cashless.payment_id
    assert portals.arrived("POST", POINT, "/apply/service") == ()


def test_a_portal_that_is_down_does_not_open(page: Page, portals: MockPortals) -> None:
    portals.faults.take_down(POINT)
    with pytest.raises(NotAdvancedError):
        PointSite(page).open()


def test_a_notice_is_told_from_one_that_was_there_before(page: Page) -> None:
    """A refused choice can be mended on the same screen, and the next one goes through."""
    site = PointSite(page)
    site.log_in(SATO_HANAKO)
    site.begin()
    site.choose_service(SATO_HANAKO.cashless)
    with pytest.raises(NotAdvancedError, match="更新当日"):
        site.choose_points(*Points)
    site.choose_points(Points.CARD)
    assert site.screen() == PointSite.CONFIRM


def test_another_base_url_can_be_given(page: Page) -> None:
    assert PointSite(page, "https://elsewhere.test").base_url == "https://elsewhere.test"
    assert PointSite.base_url == f"https://{POINT}"
