"""What is special about bearer tokens, and about pages that never navigate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from flows.mock.styles.bearer_indexeddb import BEARER_INDEXEDDB
from flows.mock.styles.bearer_local import BEARER_LOCAL, BearerLocalSite
from flows.mock.styles.bearer_memory import BEARER_MEMORY, BearerMemorySite
from flows.mock.styles.bearer_session import BEARER_SESSION, BearerSessionSite
from flows.mock.styles.claims import CLAIMS, ClaimsSite
from flows.mock.styles.spa_csrf import SPA_CSRF, SpaCsrfSite
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.browser import scripts
from guard.core.clearance import Area, Finding
from guard.core.commands import Kind
from guard.core.identity import Jar, Obscurity, Unclear
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase, SealReason
from tests.day import entries, eventually, proof, shown_browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from flows.mock.styles import Style
    from flows.mock.styles.spa import BearerSite
    from flows.people import Resident
    from guard.browser.cdp import Session
    from guard.core.clearance import Clearance
    from tests.browser.styles.conftest import ServeStyle, StyleDay

pytestmark = pytest.mark.browser


def _state(day: StyleDay, style: Style) -> HolderState:
    (seen,) = [one for one in day.counter.view.portals if one.portal == style.name]
    return seen.state


def _stops(day: StyleDay) -> list[Reason]:
    return [stop.reason for stop in day.counter.view.stops]


def _findings(clearance: Clearance | None, style: Style) -> tuple[Finding, Finding]:
    areas = (Area.LOGGED_OUT, Area.SESSION_DEAD)
    logged_out, dead = (proof(clearance, area, style.name).finding for area in areas)
    return logged_out, dead


def _apply_under(page: Page, token: str) -> None:
    """Send an application under a token of one's own choice, whatever the page's storage holds."""
    options = f"{{method: 'POST', headers: {{Authorization: 'Bearer {token}'}}}}"
    page.evaluate(f"() => void fetch('/api/apply', {options}).catch(() => 0)")


def _token_for(day: StyleDay, site: type[BearerSite], resident: Resident) -> str:
    return day.sites.site(site).sessions.start(resident.subject).id


@pytest.mark.parametrize("style", [BEARER_LOCAL, BEARER_MEMORY, BEARER_SESSION], ids=lambda style: style.name)
def test_a_renewed_token_is_still_the_citizens(style: Style, day: StyleDay, serve_style: ServeStyle) -> None:
    """The page takes a new token and applies under it at once: nothing is stopped, and both tokens are proved dead."""
    with serve_style(style, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        person.page.evaluate("async () => { await spa.renew(); await spa.apply(); }")
        person.wait_until_applied()
        assert _stops(day) == []
        clearance = day.counter.end()
    assert day.sites.site(style.sites[0]).booked == [TANAKA_ICHIRO.subject]
    assert _findings(clearance, style) == (Finding.PROVED, Finding.PROVED)


@pytest.fixture
def set_grace(day: StyleDay) -> Iterator[Callable[[float], BearerLocalSite]]:
    """Have the site honour dead tokens for some seconds more."""
    site = day.sites.site(BearerLocalSite)

    def set_to(seconds: float) -> BearerLocalSite:
        site.grace = seconds
        return site

    yield set_to
    site.grace = 0.0


def test_a_token_renewed_just_before_the_logout_is_dead_when_its_seconds_of_grace_are_over(
    day: StyleDay, serve_style: ServeStyle, set_grace: Callable[[float], BearerLocalSite]
) -> None:
    """Trap 2: both tokens name the citizen after the logout, and then nobody; the journal says how long that took."""
    site = set_grace(1.5)
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day, BEARER_LOCAL) is HolderState.AGREE)
        old = person.page.evaluate("() => spa.kept.load()")
        person.page.evaluate("() => spa.renew()")
        new = person.page.evaluate("() => spa.kept.load()")
        assert site.named_by(old) == site.named_by(new) == TANAKA_ICHIRO.subject
        clearance = day.counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert day.counter.view.seal is None
    assert site.named_by(old) is site.named_by(new) is None
    detail = proof(clearance, Area.SESSION_DEAD, BEARER_LOCAL.name).detail
    (seconds,) = re.findall(r"2 replay\(s\) honoured, then refused (.*) s after the logout", detail)
    assert 0.25 <= float(seconds) < day.counter.counter.config.handover.wipe_within
    (facts,) = [entry.facts for entry in entries(day.counter, Kind.CLEARANCE) if entry.visit_id == clearance.visit_id]
    assert detail in dict(facts)[f"session_dead:{BEARER_LOCAL.name}"]


def test_a_grace_longer_than_the_handover_has_time_for_seals_the_counter(
    day: StyleDay, serve_style: ServeStyle, set_grace: Callable[[float], BearerLocalSite]
) -> None:
    """As a portal whose logout ends nothing: what was not seen to die is not called dead."""
    set_grace(60.0)
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day, BEARER_LOCAL) is HolderState.AGREE)
        clearance = day.counter.end()
    assert _findings(clearance, BEARER_LOCAL) == (Finding.NOT_PROVED, Finding.NOT_PROVED)
    detail = proof(clearance, Area.SESSION_DEAD, BEARER_LOCAL.name).detail
    assert re.fullmatch(r"the old session is still alive on the server \d+\.\d s after the logout", detail)
    assert day.counter.view.seal is SealReason.NOT_CLEARED


def test_a_token_that_expired_in_the_visit_is_proved_dead(day: StyleDay, serve_style: ServeStyle) -> None:
    """No request told of its end: its replay was honoured when somebody was first seen under it, and is refused now."""
    site = day.sites.site(BearerLocalSite)
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: shown_browser(day.counter).logins._honoured)
        site.sessions.end(site.sessions.load(person.page.evaluate("() => spa.kept.load()")))
        person.open()
        person.log_in(TANAKA_ICHIRO)
        clearance = day.counter.end()
    assert _findings(clearance, BEARER_LOCAL) == (Finding.PROVED, Finding.PROVED)
    assert "2 replay(s)" in proof(clearance, Area.SESSION_DEAD, BEARER_LOCAL.name).detail


@pytest.mark.parametrize("style", [BEARER_INDEXEDDB, BEARER_SESSION], ids=lambda style: style.name)
def test_a_page_that_logs_out_by_itself_is_a_guest_and_its_token_dead(
    style: Style, day: StyleDay, serve_style: ServeStyle
) -> None:
    """The storage is empty then; the replay of before tells that the refusal means something."""
    with serve_style(style, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day, style) is HolderState.AGREE)
        person.log_out()
        clearance = day.counter.end()
    assert _findings(clearance, style) == (Finding.PROVED, Finding.PROVED)
    assert day.sites.site(style.sites[0]).logged_in == set()


def test_a_logout_that_sends_nothing_is_declared_and_not_called_proved(day: StyleDay, serve_style: ServeStyle) -> None:
    """The page forgets its token, the server does not: whoever kept it is still logged in."""
    with serve_style(CLAIMS, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day, CLAIMS) is HolderState.AGREE)
        person.log_out()
        clearance = day.counter.end()
    assert _findings(clearance, CLAIMS) == (Finding.DECLARED, Finding.DECLARED)
    assert proof(clearance, Area.SESSION_DEAD, CLAIMS.name).detail == "the old session is still alive on the server"


def test_a_stored_token_that_cannot_be_read_is_not_nobody(day: StyleDay, serve_style: ServeStyle) -> None:
    """To ask without it would find a guest, and let somebody log in over whoever the page has logged in."""
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(SATO_HANAKO)
        token = person.page.evaluate("() => spa.kept.load()")
        person.page.evaluate("() => Object.keys(localStorage).forEach(key => localStorage.setItem(key, '{not json'))")
        _apply_under(person.page, token)
        eventually(lambda: _stops(day))
        assert _stops(day)[-1] in {Reason.HOLDER_UNREADABLE, Reason.SOMEONE_ELSE}
        sighting = day.counter.call(
            shown_browser(day.counter).logins.look, Jar(portal=BEARER_LOCAL.name, context=_context(day))
        )
        assert sighting.holder == Unclear(why=Obscurity.NOT_UNDERSTOOD)
    assert day.sites.site(BearerLocalSite).booked == []


def _context(day: StyleDay) -> str:
    return shown_browser(day.counter).jars.default_context


def test_a_request_under_another_token_than_the_stored_one_is_stopped(day: StyleDay, serve_style: ServeStyle) -> None:
    """The storage holds the citizen's token, the request somebody else's: it is not what was looked at."""
    theirs = _token_for(day, BearerLocalSite, SATO_HANAKO)
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        _apply_under(person.page, theirs)
        eventually(lambda: day.counter.view.stops)
        assert _stops(day) == [Reason.SESSION_CHANGED]
    assert day.sites.site(BearerLocalSite).booked == []
    assert day.sites.site(BearerLocalSite).logged_in == set(), "the token that came up in the visit ends with it"


def test_the_storage_may_change_hands_while_a_request_is_under_way(day: StyleDay, serve_style: ServeStyle) -> None:
    """The request carries the citizen's token, the storage holds somebody else's by now."""
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        mine = person.page.evaluate("() => spa.kept.load()")
        theirs = _token_for(day, BearerLocalSite, SATO_HANAKO)
        person.page.evaluate(
            "async (token) => { await spa.kept.save(token); await spa.call('GET', '/api/me') }", theirs
        )
        eventually(lambda: _state(day, BEARER_LOCAL) is HolderState.SOMEONE_ELSE)
        _apply_under(person.page, mine)
        eventually(lambda: day.counter.view.stops)
        assert _stops(day) == [Reason.SOMEONE_ELSE]
    assert day.sites.site(BearerLocalSite).booked == []


def test_a_storage_that_comes_late_to_the_guard_hides_no_login(
    day: StyleDay, serve_style: ServeStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes of one origin share it, and each change needs its time; nothing would tell of the login again."""
    late = 2

    async def call(page: Session, function: str, *arguments: object, within: float) -> object:
        nonlocal late
        value = await scripts.call(page, function, *arguments, within=within)
        if function is scripts.READ_TOKEN and value is not None and late:
            late, value = late - 1, None
        return value

    monkeypatch.setattr("guard.browser.sentinel.call", call)
    with serve_style(BEARER_LOCAL, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: not late)
        eventually(lambda: _state(day, BEARER_LOCAL) is HolderState.AGREE)


def test_each_tab_has_a_token_of_its_own_and_all_of_them_end(day: StyleDay, serve_style: ServeStyle) -> None:
    """The token of the tab that submits is the one that is asked about, and the end of the visit ends every one."""
    with serve_style(BEARER_SESSION, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        other = BEARER_SESSION.people(person.page.context.new_page(), BEARER_SESSION.origin)
        other.open()
        other.log_in(TANAKA_ICHIRO)
        person.apply()
        person.wait_until_applied()
        assert _stops(day) == []
        clearance = day.counter.end()
    assert _findings(clearance, BEARER_SESSION) == (Finding.PROVED, Finding.PROVED)
    assert day.sites.site(BearerSessionSite).logged_in == set()


def test_a_token_that_was_only_in_a_closed_windows_memory_is_ended_from_outside(
    day: StyleDay, serve_style: ServeStyle
) -> None:
    with serve_style(BEARER_MEMORY, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        eventually(lambda: _state(day, BEARER_MEMORY) is HolderState.AGREE)
        person.page.close()
        eventually(lambda: day.counter.view.phase is Phase.READY)
    assert _findings(day.counter.view.clearance, BEARER_MEMORY) == (Finding.PROVED, Finding.PROVED)
    assert day.sites.site(BearerMemorySite).logged_in == set()


def test_the_servers_word_counts_and_not_what_the_page_shows(day: StyleDay, serve_style: ServeStyle) -> None:
    """The session changed hands in the background: the page still greets the citizen, and books for nobody."""
    with serve_style(SPA_CSRF, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        person.page.evaluate("(person) => spa.call('POST', '/api/login', { person })", SATO_HANAKO.subject)
        assert TANAKA_ICHIRO.name in person.page.inner_text("#greeting")
        person.apply()
        eventually(lambda: day.counter.view.stops)
        assert _stops(day) == [Reason.SOMEONE_ELSE]
        assert TANAKA_ICHIRO.name in person.page.inner_text("#greeting")
    assert day.sites.site(SpaCsrfSite).booked == []


@pytest.mark.parametrize("kind", ["expired", "forged", "none at all"])
def test_claims_that_the_server_refuses_name_nobody(kind: str, day: StyleDay, serve_style: ServeStyle) -> None:
    """Whatever a token says of itself, it counts only while the portal accepts it."""
    site = day.sites.site(ClaimsSite)
    token = site.issue(TANAKA_ICHIRO.subject, lifetime=-1.0 if kind == "expired" else 60.0)
    token = {"expired": token, "forged": token[:-4] + "AAAA", "none at all": "no-jwt"}[kind]
    with serve_style(CLAIMS, TANAKA_ICHIRO) as person:
        person.page.wait_for_selector("#person")
        person.page.evaluate("async (token) => { await spa.kept.save(token); void spa.apply().catch(() => 0); }", token)
        eventually(lambda: day.counter.view.stops)
        assert _stops(day) == [Reason.NOBODY_LOGGED_IN]
    assert site.booked == []


def test_a_tokens_value_stands_in_no_record(
    day: StyleDay, serve_style: ServeStyle, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the journal, the logs, the clearance, nor anywhere else in the folder that the counter writes to."""
    with serve_style(CLAIMS, TANAKA_ICHIRO) as person:
        person.log_in(TANAKA_ICHIRO)
        token = str(person.page.evaluate("() => spa.kept.load()"))
        person.apply()
        person.wait_until_applied()
        clearance = day.counter.end()
    signature = token.rpartition(".")[2]
    said = (*capfd.readouterr(), repr(clearance), repr(day.counter.view), repr(entries(day.counter)))
    files = [file.read_bytes() for file in day.state_dir.rglob("*") if file.is_file()]
    assert any(CLAIMS.name.encode() in file for file in files), "the journal lies there"
    assert not any(part in text for text in said for part in (token, signature))
    assert not any(part.encode() in file for file in files for part in (token, signature))
