"""What holds for every way in which a web application keeps its session, by configuration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock.styles import STYLES, Style
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.core.clearance import Area
from guard.core.verdict import Reason
from guard.core.view import HolderState
from tests.day import eventually, proof

if TYPE_CHECKING:
    from tests.browser.styles.conftest import ServeStyle, StyleDay

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)]


def _state(day: StyleDay, style: Style) -> HolderState:
    (seen,) = [one for one in day.counter.view.portals if one.portal == style.name]
    return seen.state


def test_the_citizen_served_applies_once_and_as_themselves(
    style: Style, day: StyleDay, serve_style: ServeStyle
) -> None:
    """The right person is never stopped, and the site books one application, theirs."""
    with serve_style(style, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        day.type_birth_date_of(TANAKA_ICHIRO, style)
        person.apply()
        person.wait_until_applied()
        assert [one.verdict.reason for one in day.counter.answered if not one.verdict.passed] == []
    assert day.sites.site(style.sites[0]).booked == [TANAKA_ICHIRO.subject]


def test_nothing_is_booked_for_somebody_else_who_is_logged_in(
    style: Style, day: StyleDay, serve_style: ServeStyle
) -> None:
    """B is served and A is logged in: the counter says whom it sees, and nothing reaches A's books.

    Where the portal names nobody, the check that staff have not typed yet stops it.
    """
    with serve_style(style, TANAKA_ICHIRO) as person:
        person.log_in(SATO_HANAKO)
        person.apply()
        eventually(lambda: day.counter.view.stops)
        named = (Reason.SOMEONE_ELSE, HolderState.SOMEONE_ELSE)
        unnamed = (Reason.HOLDER_BY_PROVENANCE_ONLY, HolderState.NOT_BY_NAME)
        seen = (day.counter.view.stops[-1].reason, _state(day, style))
        assert seen == (named if style.names_holder else unnamed)
    assert day.sites.site(style.sites[0]).booked == []


def test_the_end_of_the_visit_is_the_end_of_its_login(style: Style, day: StyleDay, serve_style: ServeStyle) -> None:
    """Logged out, refused when replayed, and unknown to the next browser; what the profile declares is said so."""
    with serve_style(style, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day, style) is style.after_login)
        clearance = day.counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert proof(clearance, Area.LOGGED_OUT, style.name).finding is style.logged_out
    assert proof(clearance, Area.SESSION_DEAD, style.name).finding is style.session_dead
    with serve_style(style, SATO_HANAKO) as person:
        person.page.wait_for_selector("#person")
        eventually(lambda: _state(day, style) is style.before_login)


def test_a_login_seen_before_a_visit_is_of_no_use_after_it(
    style: Style, day: StyleDay, serve_style: ServeStyle
) -> None:
    """Two citizens one after another, neither of whom logs out: each applies as themselves."""
    for resident in (SATO_HANAKO, TANAKA_ICHIRO):
        with serve_style(style, resident) as person:
            person.log_in(resident)
            day.type_birth_date_of(resident, style)
            person.apply()
            person.wait_until_applied()
    assert day.sites.site(style.sites[0]).booked == [SATO_HANAKO.subject, TANAKA_ICHIRO.subject]
    assert day.counter.view.seal is None
