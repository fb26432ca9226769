"""Without a guard the published accidents happen, and the portals' own books say so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from flows.accidents import KORIYAMA, SHOWN, Ending
from flows.people import KORIYAMA_DAY
from flows.plain import clean_page
from flows.points import Points, PointSite
from flows.site import NotAdvancedError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from flows.accidents import LeftLoggedIn
    from flows.mock import MockPortals

_each_accident = pytest.mark.parametrize("accident", SHOWN, ids=lambda accident: accident.id)


@_each_accident
def test_the_next_citizen_is_booked_on_the_one_who_left(
    accident: LeftLoggedIn, browser: Browser, portals: MockPortals
) -> None:
    """A leaves without a logout, B is served in A's session, and B's service or account is booked for A."""
    with clean_page(browser) as page:
        accident.first_citizen_leaves(page)
        assert portals.books.misattributed() == ()
        outcome = accident.second_citizen_is_served(page)
    assert outcome.submitted
    assert outcome.holder == accident.first.name
    said = accident.misattribution(portals.books)
    assert said
    assert accident.first.name in said
    assert accident.second.name in said
    assert not accident.served_properly(portals.books)
    rows = portals.books.misattributed()
    assert {row.holder_subject for row in rows} == {accident.first.subject}
    assert {row.owner_subject for row in rows} == {accident.second.subject}


@_each_accident
def test_the_same_staff_in_a_clean_browser_serve_the_next_citizen_properly(
    accident: LeftLoggedIn, browser: Browser, portals: MockPortals
) -> None:
    """What a handover gives: B meets the guest sign, is logged in with B's own card, and gets B's own."""
    with clean_page(browser) as page:
        accident.first_citizen_leaves(page)
    with clean_page(browser) as page:
        outcome = accident.second_citizen_is_served(page)
    assert outcome.submitted
    assert outcome.holder is None
    assert accident.misattribution(portals.books) is None
    assert accident.served_properly(portals.books)


@_each_accident
def test_the_leftover_session_accepts_anybodys_data(
    accident: LeftLoggedIn, browser: Browser, portals: MockPortals
) -> None:
    """No portal stops it: that is what the guard has to do."""
    with clean_page(browser) as page:
        accident.first_citizen_leaves(page)
        assert accident.attempt_in_leftover_session(page).ending is Ending.SUBMITTED
    assert accident.misattribution(portals.books)


def test_koriyama_goes_on_as_the_city_reported_it(browser: Browser, portals: MockPortals) -> None:
    """「登録済み」 for B at once, 「申請済」 for A the next day, 「再申請不可」 for A six weeks later."""
    first, second = KORIYAMA.first, KORIYAMA.second
    with clean_page(browser) as page:
        KORIYAMA.first_citizen_leaves(page)
        KORIYAMA.second_citizen_is_served(page)
        site = PointSite(page)
        site.log_out()
        site.log_in(second)
        with pytest.raises(NotAdvancedError, match="登録済み"):
            site.apply(second.cashless, Points.INSURANCE)
    portals.today = KORIYAMA_DAY + timedelta(days=1)
    with clean_page(browser) as page:
        site = PointSite(page)
        site.log_in(first)
        with pytest.raises(NotAdvancedError, match="申請済"):
            site.apply(first.cashless, *Points)
    portals.back_office.grant(first.subject, "insurance")
    portals.back_office.cancel(first.subject)
    portals.today = KORIYAMA_DAY + timedelta(days=41)
    with clean_page(browser) as page:
        site = PointSite(page)
        site.log_in(first)
        with pytest.raises(NotAdvancedError, match="再申請不可"):
            site.apply(first.cashless, Points.INSURANCE)
        site.apply(first.cashless, Points.CARD, Points.ACCOUNT)
    lost = [row for row in portals.books.point_applications() if row.granted]
    assert [(row.amount, row.holder_name, row.owner_name) for row in lost] == [(7500, first.name, second.name)]
