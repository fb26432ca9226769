"""Tests that make the guard stop something, expected or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import Points, PointSite
from guard import Citizen
from guard.qa import expect_clean, expect_stopped

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.mock import MockPortals
    from guard.qa import Visits

POINT = "https://point.portal.test"
SEND = "fetch('/apply/service', {method: 'POST', body: 'x=1'}).catch(() => 0)"


@pytest.mark.citizen("佐藤 花子", birth_date="1974-06-18")
def test_a_stop_fails_the_test(page: Page, counter: Visits) -> None:
    assert counter.citizen == Citizen(name="佐藤 花子", birth_date=SATO_HANAKO.birth_date)
    page.goto(POINT)
    page.evaluate(SEND)  # nobody is logged in


def test_a_stop_is_told_beside_the_failure_that_it_causes(page: Page) -> None:
    page.goto(POINT)
    page.evaluate(SEND)
    page.get_by_text("申込みが完了しました").click(timeout=300)


def test_a_stop_may_be_expected(page: Page, counter: Visits) -> None:
    page.goto(POINT)
    with expect_stopped(counter, "nobody_logged_in", portal="point") as stops:
        page.evaluate(SEND)
    assert stops[0].path == "/apply/service"
    assert stops[0].verdict in counter.verdicts
    assert not stops[0].verdict.passed


def test_a_stop_that_does_not_come_fails(page: Page, counter: Visits) -> None:
    page.goto(POINT)
    with expect_stopped(counter, "someone_else"):
        page.evaluate(SEND)


def test_one_citizen_after_another(page: Page, counter: Visits, fresh_portals: MockPortals) -> None:
    first = PointSite(page)
    first.open()
    first.log_in(TANAKA_ICHIRO)
    counter.interrupt()
    second = PointSite(counter.next_citizen(SATO_HANAKO.citizen))
    second.open()
    assert second.shown_holder() is None
    second.log_in(SATO_HANAKO)
    second.apply(SATO_HANAKO.cashless, Points.INSURANCE)
    assert expect_clean(counter).clean
    assert len(counter.clearances) == 2
    assert fresh_portals.books.misattributed() == ()


@pytest.mark.parametrize("road", ["page", "context", "playwright", "route"])
def test_a_request_past_the_browser_is_refused(page: Page, road: str, request: pytest.FixtureRequest) -> None:
    if road == "route":
        page.route("**/whoami", lambda route: route.fulfill(response=route.fetch()))
        page.goto(POINT)
        page.evaluate("() => fetch('/whoami').then(answer => answer.status)")
    elif road == "playwright":
        request.getfixturevalue("playwright").request.new_context().get(f"{POINT}/whoami")
    else:
        (page.request if road == "page" else page.context.request).post(f"{POINT}/apply/service", data={"x": "1"})
