"""Outcomes are told apart: accepted, refused by the portal, stopped on the way, nothing to attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.accidents import KOKURAMINAMI, SHOWN, Ending
from flows.mock.hosts import POINT
from flows.points import Points, PointSite

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.accidents import LeftLoggedIn
    from flows.mock import MockPortals


@pytest.mark.parametrize("accident", SHOWN, ids=lambda accident: accident.id)
def test_without_a_leftover_session_nothing_is_attempted(
    accident: LeftLoggedIn, page: Page, portals: MockPortals
) -> None:
    outcome = accident.attempt_in_leftover_session(page)
    assert outcome.ending is Ending.NO_LEFTOVER
    assert not [arrival for arrival in portals.requests if arrival.method == "POST" and "analytics" not in arrival.path]


@pytest.mark.parametrize("accident", SHOWN, ids=lambda accident: accident.id)
def test_a_stopped_submission_is_an_outcome_and_books_nothing(
    accident: LeftLoggedIn, page: Page, portals: MockPortals
) -> None:
    """With every POST aborted, as a guard would, the journey ends soon and without exception."""
    accident.first_citizen_leaves(page)
    page.route("**/*", lambda route: route.abort("aborted") if route.request.method == "POST" else route.fallback())
    for serve in (accident.attempt_in_leftover_session, accident.second_citizen_is_served):
        outcome = serve(page)
        assert outcome.ending is Ending.STOPPED
        assert outcome.screen
        assert outcome.holder == accident.first.name
    assert accident.misattribution(portals.books) is None
    assert not accident.served_properly(portals.books)


def test_a_refusal_by_the_portal_is_not_taken_for_a_stop(page: Page) -> None:
    """The portal's own words are in the outcome."""
    site = PointSite(page)
    site.log_in(KOKURAMINAMI.second)
    site.apply(KOKURAMINAMI.second.cashless, *Points)
    outcome = KOKURAMINAMI.second_citizen_is_served(page)
    assert (outcome.ending, outcome.notice) == (Ending.REFUSED, "申請済")


def test_a_portal_that_is_down_is_a_stop(page: Page, portals: MockPortals) -> None:
    portals.faults.take_down(POINT)
    assert KOKURAMINAMI.second_citizen_is_served(page).ending is Ending.STOPPED


def test_a_page_that_was_taken_away_is_a_stop(page: Page) -> None:
    """A handover may close the window in the middle."""
    KOKURAMINAMI.first_citizen_leaves(page)
    page.close()
    assert KOKURAMINAMI.attempt_in_leftover_session(page).ending is Ending.STOPPED


@pytest.mark.parametrize("accident", SHOWN, ids=lambda accident: accident.id)
def test_each_accident_names_its_report_and_two_people(accident: LeftLoggedIn) -> None:
    assert "市" in accident.source
    assert accident.first.subject != accident.second.subject
    assert accident.what_happens.ja
    assert accident.what_happens.en
