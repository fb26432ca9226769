"""A citizen is served under somebody else's login, which the guard notices before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import Points, PointSite
from flows.site import NotAdvancedError
from guard.qa import expect_clean, expect_stopped

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.mock import MockPortals
    from guard.qa import Visits


def test_a_near_miss(page: Page, counter: Visits, fresh_portals: MockPortals) -> None:
    """Sato's card lies on the reader in Tanaka's visit; a few seconds later Sato applies in a visit of her own."""
    wrong = PointSite(page)
    wrong.open()
    wrong.log_in(SATO_HANAKO)
    wrong.begin()
    with expect_stopped(counter, "someone_else", portal="point"), pytest.raises(NotAdvancedError):
        wrong.choose_service(TANAKA_ICHIRO.cashless)
    right = PointSite(counter.next_citizen(SATO_HANAKO.citizen))
    right.open()
    right.log_in(SATO_HANAKO)
    right.apply(SATO_HANAKO.cashless, Points.INSURANCE)
    expect_clean(counter)
    assert [row.holder_name for row in fresh_portals.books.point_applications()] == [SATO_HANAKO.name]
