"""A portal that does everything at one address: what is held is told from what is not by the query alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock.styles.one_address import ONE_ADDRESS, OneAddressPage, OneAddressSite
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.core.submission import RequestClass
from guard.core.verdict import Reason
from tests.day import entries, eventually

if TYPE_CHECKING:
    from tests.browser.styles.conftest import ServeStyle, StyleDay

pytestmark = pytest.mark.browser


def _held(day: StyleDay) -> list[tuple[RequestClass, Reason | None]]:
    return [(one.submission.request_class, one.verdict.reason) for one in day.counter.answered]


@pytest.mark.parametrize(
    "query", ["do=submit", "do=submit&lang=ja", "x=1&do=s%75bmit", "do=view&do=submit", "do=logout&do=submit"]
)
def test_a_link_that_books_is_stopped_under_another_login_and_let_through_once_under_ones_own(
    query: str, day: StyleDay, serve_style: ServeStyle
) -> None:
    """Of a parameter that stands there twice the site takes the last: the first must not make it harmless."""
    books = day.sites.site(OneAddressSite)
    with serve_style(ONE_ADDRESS, TANAKA_ICHIRO) as person:
        assert isinstance(person, OneAddressPage)
        person.log_in(SATO_HANAKO)
        before = len(day.counter.answered)
        person.go(query)
        eventually(lambda: len(day.counter.answered) > before)
        assert _held(day)[before:] == [(RequestClass.SUBMISSION, Reason.SOMEONE_ELSE)]
        assert books.booked == []
    with serve_style(ONE_ADDRESS, TANAKA_ICHIRO) as person:
        assert isinstance(person, OneAddressPage)
        person.log_in(TANAKA_ICHIRO)
        before = len(day.counter.answered)
        person.go(query)
        person.wait_until_applied()
        assert _held(day)[before:] == [(RequestClass.SUBMISSION, None)]
    assert books.booked == [TANAKA_ICHIRO.subject]


def test_what_the_same_address_shows_counts_and_ends_is_not_in_the_way(day: StyleDay, serve_style: ServeStyle) -> None:
    """Even while somebody else is logged in: they look, the page counts, and they log out."""
    with serve_style(ONE_ADDRESS, TANAKA_ICHIRO) as person:
        person.log_in(SATO_HANAKO)
        before = len(day.counter.answered)
        person.page.click("#view")
        person.page.wait_for_selector("#apply")
        person.page.click("#count button")
        eventually(lambda: len(day.counter.answered) > before)
        person.log_out()
        assert _held(day)[before:] == [(RequestClass.HARMLESS, None), (RequestClass.LOGOUT, None)]
        person.log_in(TANAKA_ICHIRO)
        person.apply()
        person.wait_until_applied()
    assert day.sites.site(OneAddressSite).booked == [TANAKA_ICHIRO.subject]


def test_the_journal_never_has_the_query(day: StyleDay, serve_style: ServeStyle) -> None:
    """A query may say anything of a person."""
    with serve_style(ONE_ADDRESS, TANAKA_ICHIRO) as person:
        assert isinstance(person, OneAddressPage)
        person.log_in(TANAKA_ICHIRO)
        person.go("do=submit&mynumber=123456789018")
        person.wait_until_applied()
    written = repr([entry.facts for entry in entries(day.counter)])
    assert "one-address" in written
    assert "123456789018" not in written
