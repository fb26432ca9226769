"""The journey at the point site in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock import POINT
from flows.people import TANAKA_ICHIRO
from flows.points import Points, PointSite
from flows.site import NotAdvancedError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.mock import MockPortals


def test_a_citizen_applies_for_all_points_once(page: Page, portals: MockPortals) -> None:
    """Three kinds, one POST that matters; the second application finds no kind left."""
    site = PointSite(page)
    site.log_in(TANAKA_ICHIRO)
    site.apply(TANAKA_ICHIRO.cashless, *Points)
    assert site.screen() == PointSite.DONE
    assert sum(row.amount for row in portals.books.point_applications()) == 20_000
    assert len(portals.arrived("POST", POINT, "/apply/submit")) == 1
    with pytest.raises(NotAdvancedError, match="申請済"):
        site.apply(TANAKA_ICHIRO.cashless, Points.CARD)


def test_the_page_sends_a_background_post_by_itself(page: Page, portals: MockPortals) -> None:
    """Opening the portal is enough; the strict policy lets the script do it."""
    with page.expect_request(lambda request: request.url.endswith("/analytics")) as sent:
        PointSite(page).open()
    assert sent.value.method == "POST"
    page.wait_for_timeout(200)
    assert portals.arrived("POST", POINT, "/analytics")
