"""Logins that the browser's process keeps to itself: what is special about them, beside what holds for every style."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from flows.mock.styles.attribute import ATTRIBUTE
from flows.mock.styles.basic import BASIC, BasicSite
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.core.clearance import Area, Finding
from guard.core.events import Ending
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase
from tests.browser.styles.conftest import plain_style_browser
from tests.day import eventually, proof, shown_browser

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

    from flows.mock.styles import Style
    from tests.browser.styles.conftest import ServeStyle, StyleDay

pytestmark = pytest.mark.browser


def _state(day: StyleDay, style: Style = BASIC) -> HolderState:
    (seen,) = [one for one in day.counter.view.portals if one.portal == style.name]
    return seen.state


def test_clearing_a_browser_does_not_end_the_login(day: StyleDay, playwright: Playwright) -> None:
    """Trap 1, the reason for all this: without a guard the next person is one click away from the last one's pages."""
    with plain_style_browser(playwright, day.sites) as browser:
        page = browser.new_page()
        person = BASIC.people(page, BASIC.origin)
        person.log_in(TANAKA_ICHIRO)
        page.context.clear_cookies()
        protocol = page.context.new_cdp_session(page)
        for clear in ("Network.clearBrowserCookies", "Network.clearBrowserCache"):
            protocol.send(clear)
        protocol.send("Storage.clearDataForOrigin", {"origin": BASIC.origin, "storageTypes": "all"})
        person.open()
        page.click("#log-in")
        assert TANAKA_ICHIRO.name in page.inner_text("#greeting")


def test_a_password_in_the_address_hides_the_portal_from_nobody(day: StyleDay, serve_style: ServeStyle) -> None:
    """Trap 15: the address keeps the password. The page has its ribbon all the same, and no file keeps the password."""
    password = f"{TANAKA_ICHIRO.subject}:{TANAKA_ICHIRO.pin}"
    with serve_style(BASIC, TANAKA_ICHIRO) as person:
        person.page.goto(BASIC.origin.replace("://", f"://{password}@") + "/my/")
        assert password in person.page.url
        (window,) = shown_browser(day.counter).pages.open
        eventually(lambda: window.url == person.page.url and window.ribbon)
        eventually(lambda: _state(day) is HolderState.AGREE)
    files = [file for file in day.state_dir.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if password.encode() in file.read_bytes()] == []


def test_whoever_logs_in_over_somebody_else_is_seen_before_the_next_submission(
    day: StyleDay, serve_style: ServeStyle
) -> None:
    """No request logs in here, so nothing voids a sighting: the portal is asked before every single submission."""
    with serve_style(BASIC, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        person.apply()
        person.wait_until_applied()
        person.log_in(SATO_HANAKO)
        person.apply()
        eventually(lambda: day.counter.view.stops)
        assert day.counter.view.stops[-1].reason is Reason.SOMEONE_ELSE
    assert day.sites.site(BasicSite).booked == [TANAKA_ICHIRO.subject]


def test_a_question_without_a_password_is_answered_at_once(day: StyleDay, serve_style: ServeStyle) -> None:
    """Trap 11: nobody is logged in, and the hidden page that asks must not wait for a dialog that nobody sees."""
    with serve_style(BASIC, TANAKA_ICHIRO) as person:
        took = eventually(lambda: _state(day) is HolderState.NOBODY)
        assert took < 3.0
        with pytest.raises(Exception, match="ERR_INVALID_AUTH_CREDENTIALS"):
            person.page.goto(f"{BASIC.origin}/my/")
        assert _state(day) is HolderState.NOBODY


@pytest.mark.parametrize("end", ["window closed", "killed"])
def test_a_browser_that_went_away_took_its_login_along(end: str, day: StyleDay, serve_style: ServeStyle) -> None:
    """There was no last look, and nothing to log out from outside: the next browser is asked, and that is the proof."""
    with serve_style(BASIC, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day) is HolderState.AGREE)
        if end == "killed":
            psutil.Process(shown_browser(day.counter)._process.pid).kill()
        else:
            person.page.close()
        eventually(lambda: day.counter.view.phase is Phase.READY, within=30.0)
    for area in (Area.LOGGED_OUT, Area.SESSION_DEAD):
        found = proof(day.counter.view.clearance, area, BASIC.name)
        assert (found.finding, "honoured before" in found.detail) == (Finding.PROVED, True)


def test_a_portal_that_nobody_visited_has_nothing_to_prove(day: StyleDay, serve_style: ServeStyle) -> None:
    """The question at the last handover was the guard's own: a portal that is down must not seal a counter for it."""
    with serve_style(BASIC, SATO_HANAKO) as person:
        person.log_in(SATO_HANAKO)
    with serve_style(ATTRIBUTE, TANAKA_ICHIRO):
        clearance = day.counter.end(Ending.DONE)
    assert clearance is not None
    assert {one.portal for one in clearance.proofs} == {ATTRIBUTE.name, None}
