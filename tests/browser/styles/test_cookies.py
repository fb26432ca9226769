"""What is special about portals that keep their sessions in cookies: those that come back, stay, change or rotate."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from flows.mock.styles.family import FAMILY, FamilyHomeSite
from flows.mock.styles.nameless import NAMELESS
from flows.mock.styles.passive import PASSIVE, PassiveSite
from flows.mock.styles.remembering import REMEMBERING, RememberingSite
from flows.mock.styles.rotating import ROTATING, RotatingSite
from flows.mock.styles.signed import SIGNED
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.core.clearance import Area, Finding
from guard.core.commands import Kind
from guard.core.events import HolderMayHaveChanged
from guard.core.terms import Assurance
from guard.core.verdict import Reason
from guard.core.view import HolderState, SealReason
from tests.browser.styles.conftest import StyleDay, serve_on, style_config
from tests.day import changed, entries, eventually, proof, read_aloud, shown_browser

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

    from tests.browser.styles.conftest import ServeStyle

pytestmark = pytest.mark.browser


def test_a_remembered_citizen_goes_on_after_the_session_ran_out_and_is_ended_as_a_whole(
    day: StyleDay, serve_style: ServeStyle
) -> None:
    """Every session that a request carried is dead at the portal, those that the guard's own replays started included.

    Requests side by side each start another one here. One that an answer brought, and the next answer replaced before
    any request carried it, lives on in nobody's hands.
    """
    site = day.sites.site(RememberingSite)
    with serve_style(REMEMBERING, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: HolderState.AGREE in {one.state for one in day.counter.view.portals})
        eventually(lambda: not day.counter.counter.supervisor.looks.any_under_way)
        site.let_sessions_run_out()
        person.apply()
        person.wait_until_applied()
        clearance = day.counter.end()
    assert site.booked == [TANAKA_ICHIRO.subject]
    assert proof(clearance, Area.SESSION_DEAD, REMEMBERING.name).finding is Finding.PROVED
    assert site.still_remembered == set()
    used = {one.session for one in day.sites.requests if one.host == RememberingSite.host}
    assert len(used) > 1
    assert site.living_sessions.isdisjoint(used)


def test_a_logout_that_forgets_to_forget_is_found(
    day: StyleDay, serve_style: ServeStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is dead, and the remember-me cookie alone would log in again: the counter is sealed."""
    site = day.sites.site(RememberingSite)
    monkeypatch.setattr(site, "forgets_to_forget", True)
    monkeypatch.setattr(site, "asks_the_session_first", True)
    with serve_style(REMEMBERING, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: HolderState.AGREE in {one.state for one in day.counter.view.portals})
        clearance = day.counter.end()
    assert proof(clearance, Area.LOGGED_OUT, REMEMBERING.name).finding is Finding.PROVED
    assert proof(clearance, Area.SESSION_DEAD, REMEMBERING.name).finding is Finding.NOT_PROVED
    assert day.counter.view.seal is SealReason.NOT_CLEARED


@pytest.mark.parametrize("path", ["/renew", "/sync"], ids=["declared", "unknown"])
def test_a_login_in_the_background_does_not_book_for_whoever_came_in(
    path: str, day: StyleDay, serve_style: ServeStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows A, the session has its old id, and the server says B.

    Whoever was asked for while the renewal was under way was still A, and is worth nothing after it.
    """
    site = day.sites.site(PassiveSite)
    monkeypatch.setattr(site, "renewal_takes", 0.5)
    with serve_style(PASSIVE, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: HolderState.AGREE in {one.state for one in day.counter.view.portals})
        monkeypatch.setattr(site, "next_person", SATO_HANAKO.subject)
        person.page.evaluate("path => { globalThis.renewed = renew(path) }", path)
        eventually(lambda: [one for one in day.sites.requests if one.path == path])
        asked = _questions(day)
        day.counter.call(_look_ahead, day)
        eventually(lambda: _questions(day) > asked)
        assert person.page.evaluate("() => renewed") == 204
        person.apply()
        eventually(lambda: day.counter.view.stops)
        assert day.counter.view.stops[-1].reason is Reason.SOMEONE_ELSE
        assert person.page.inner_text("#who") == f"{TANAKA_ICHIRO.name} 様"
    assert site.booked == []


def test_a_declared_heartbeat_goes_through_and_costs_no_question(day: StyleDay, serve_style: ServeStyle) -> None:
    """Ten of them, and nobody asks the portal who is logged in."""
    site = day.sites.site(PassiveSite)
    with serve_style(PASSIVE, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: HolderState.AGREE in {one.state for one in day.counter.view.portals})
        asked = _questions(day)
        before = site.beats
        assert {person.page.evaluate("beat()") for _ in range(10)} == {204}
        assert (site.beats - before, _questions(day)) == (10, asked)


async def _look_ahead(day: StyleDay) -> None:
    """As when the page is used."""
    browser = shown_browser(day.counter)
    (jar,) = [jar for jar in browser.jars.visited if jar.portal == PASSIVE.name]
    now = asyncio.get_running_loop().time()
    day.counter.counter.supervisor.feed(HolderMayHaveChanged(jar=jar, generation=browser.generation, at=now))


def _questions(day: StyleDay) -> int:
    return len([one for one in day.sites.requests if (one.host, one.path) == (PassiveSite.host, "/me")])


def test_a_citizen_who_logs_out_leaves_nothing_behind_the_emptied_cookies(
    day: StyleDay, serve_style: ServeStyle
) -> None:
    """By a script of the account page; the browser keeps both cookies, with nothing in them."""
    with serve_style(FAMILY, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: HolderState.AGREE in {one.state for one in day.counter.view.portals})
        person.page.click("#account")
        status = person.page.evaluate(
            "async () => (await fetch('/app/logout', {method: 'POST', headers: {'X-CSRF-Token':"
            "document.querySelector('meta[name=csrf-token]').content}})).status"
        )
        assert status == 204
        cookies = {one["name"]: one["value"] for one in person.page.context.cookies()}
        assert (cookies["member"], cookies["app"]) == ("", "")
        clearance = day.counter.end()
    assert proof(clearance, Area.LOGGED_OUT, FAMILY.name).finding is Finding.PROVED
    dead = proof(clearance, Area.SESSION_DEAD, FAMILY.name)
    assert (dead.finding, "refused" in dead.detail) == (Finding.PROVED, True)
    assert day.sites.site(FamilyHomeSite).logged_in == set()


def test_an_anonymous_session_in_place_of_the_old_one_is_no_leftover(day: StyleDay, serve_style: ServeStyle) -> None:
    """The portal that rotates has ended the citizen's session under every id, and keeps only guests."""
    with serve_style(ROTATING, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        person.apply()
        person.wait_until_applied()
        clearance = day.counter.end()
    assert proof(clearance, Area.SESSION_DEAD, ROTATING.name).finding is Finding.PROVED
    assert day.sites.site(RotatingSite).logged_in == set()


def test_ribbon_journal_and_clearance_say_that_nobody_was_checked_by_name(
    day: StyleDay, serve_style: ServeStyle
) -> None:
    """A login seen and a birth date typed are less than a name; nobody takes the one for the other."""
    with serve_style(NAMELESS, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        day.type_birth_date_of(TANAKA_ICHIRO, NAMELESS)
        assert "ログインの経緯と入力で確認" in read_aloud(person.page)
        clearance = day.counter.end()
    assert clearance is not None
    assert clearance.assurances == ((NAMELESS.name, Assurance.PROVENANCE),)
    facts = dict(entries(day.counter, Kind.CLEARANCE)[-1].facts)
    assert facts[f"assurance:{NAMELESS.name}"] == "provenance"


def test_an_undeclared_session_that_outlives_its_logout_seals_the_counter(
    shared_day: StyleDay, playwright: Playwright, tmp_path: Path
) -> None:
    """Tried from inside and from outside; the same portal is declared in its own profile, and said so each time."""
    config = changed(style_config(shared_day.sites, tmp_path, (SIGNED,)), "signed", logout={"kills_session": True})
    with open_blocking_counter(config) as counter:
        day = StyleDay(sites=shared_day.sites, counter=counter, state_dir=tmp_path)
        day.sites.reset()
        with serve_on(day, playwright, SIGNED, TANAKA_ICHIRO) as person:
            person.log_in(TANAKA_ICHIRO)
            eventually(lambda: counter.view.portals[0].state is HolderState.AGREE)
            clearance = counter.end()
        assert proof(clearance, Area.LOGGED_OUT, "signed").finding is Finding.PROVED
        assert proof(clearance, Area.SESSION_DEAD, "signed").finding is Finding.NOT_PROVED
        assert counter.view.seal is SealReason.NOT_CLEARED
        tries = [one for one in day.sites.requests if one.path == "/logout"]
        assert len(tries) == 2
