"""A login by client certificate: chosen once, remembered by the browser's process, and gone with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from flows.mock.styles import StyleSites
from flows.mock.styles.attribute import ATTRIBUTE, AttributeSite
from flows.mock.styles.basic import BASIC
from flows.mock.styles.certificate import CERTIFICATE, CertificateSite
from flows.mock.styles.residents import TOOLS
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.browser.profile import PREFERENCES
from guard.core.clearance import Area, Finding
from guard.core.identity import Jar, Nobody
from guard.core.verdict import Reason
from guard.core.view import HolderState, SealReason
from tests.browser.screen import skip_without
from tests.browser.styles.conftest import style_config
from tests.day import eventually, proof, shown_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page
    from starlette.requests import Request
    from starlette.responses import Response

    from flows.mock.styles import Style
    from flows.people import Resident
    from guard.blocking import BlockingCounter
    from guard.core.clearance import Clearance
    from tests.browser.screen import Screen
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser

DIALOG_WITHIN = 2000  # milliseconds: no event tells of a dialog, and Chromium takes no key in one that just came


class CurtSite(AttributeSite):
    """Hangs up after its front page, so that the next request needs another connection."""

    async def _home(self, request: Request) -> Response:
        answer = await super()._home(request)
        answer.headers["Connection"] = "close"
        return answer


CURT = replace(ATTRIBUTE, sites=(CurtSite,))
STYLES = (BASIC, CERTIFICATE, CURT)


@pytest.fixture(scope="module")
def sites() -> Iterator[StyleSites]:
    with StyleSites(STYLES) as sites:
        yield sites


@pytest.fixture
def home(sites: StyleSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HOME of the test's own: the browser looks there for certificates, and nobody else's are touched."""
    skip_without(TOOLS)
    sites.reset()
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def _state(counter: BlockingCounter, style: Style = CERTIFICATE) -> HolderState:
    (seen,) = [one for one in counter.view.portals if one.portal == style.name]
    return seen.state


def _findings(clearance: Clearance | None, style: Style = CERTIFICATE) -> list[tuple[Finding, str]]:
    found = [proof(clearance, area, style.name) for area in (Area.LOGGED_OUT, Area.SESSION_DEAD)]
    return [(one.finding, one.detail) for one in found]


def _chosen_by_itself(resident: Resident) -> dict[str, object]:
    """What the policy AutoSelectCertificateForUrls makes a browser do, as it stands in a profile."""
    setting = {"setting": {"filters": [{"SUBJECT": {"CN": resident.subject}}]}}
    sites = {f"{CERTIFICATE.origin}:443,*": setting}
    return {"content_settings": {"exceptions": {"auto_select_certificate": sites}}}


@pytest.mark.display
def test_a_certificate_chosen_by_hand_is_forgotten_with_the_browser(
    screen: Screen, home: Path, sites: StyleSites, serve_at: ServeAt, tmp_path: Path
) -> None:
    """Trap 7: the process presents it ever after, to the guard's question too; the next browser presents none."""
    sites.residents.lay_down((TANAKA_ICHIRO,), home)
    config = style_config(sites, tmp_path / "state", (CERTIFICATE,))
    with open_blocking_counter(config, headless=False) as counter:
        with serve_at(counter, TANAKA_ICHIRO) as page:
            page.evaluate("url => void setTimeout(() => location.assign(url))", f"{CERTIFICATE.origin}/my/")
            page.wait_for_timeout(DIALOG_WITHIN)
            screen.press("Return")
            eventually(lambda: _state(counter) is HolderState.AGREE)
            person = CERTIFICATE.people(page, CERTIFICATE.origin)
            person.apply()
            person.wait_until_applied()
            before = len(sites.requests)
            clearance = counter.end()
        assert [finding for finding, _ in _findings(clearance)] == [Finding.PROVED, Finding.PROVED]
        assert "honoured before" in _findings(clearance)[0][1]
        assert [one.path for one in sites.requests[before:]] == ["/my/who"]  # the last look; then nobody came
    assert sites.site(CertificateSite).booked == [TANAKA_ICHIRO.subject]


@pytest.mark.parametrize("cards", [(), (SATO_HANAKO, TANAKA_ICHIRO)], ids=["no card", "two cards"])
def test_nobody_is_logged_in_before_a_certificate_is_chosen(
    cards: tuple[Resident, ...], home: Path, sites: StyleSites, serve_at: ServeAt, tmp_path: Path
) -> None:
    """The hidden page is refused a choice at once, where people get a dialog; it never waits, and never chooses."""
    sites.residents.lay_down(cards, home)
    config = style_config(sites, tmp_path / "state", (CERTIFICATE,))
    with open_blocking_counter(config) as counter, serve_at(counter, TANAKA_ICHIRO):
        browser = shown_browser(counter)
        jar = Jar(portal=CERTIFICATE.name, context=browser.jars.default_context)
        assert counter.call(browser.logins.look, jar).holder == Nobody()
    assert {one.path for one in sites.requests} == ({"/my/who"} if not cards else set())


@pytest.mark.display
def test_people_log_in_by_the_browsers_own_dialog(
    screen: Screen, sites: StyleSites, serve_at: ServeAt, tmp_path: Path
) -> None:
    """The guard answers for its own page alone: whoever stands at the window is asked, types, and is seen."""
    config = style_config(sites, tmp_path / "state", (BASIC,))
    with open_blocking_counter(config, headless=False) as counter, serve_at(counter, TANAKA_ICHIRO) as page:
        page.goto(f"{BASIC.origin}/")
        eventually(lambda: _state(counter, BASIC) is HolderState.NOBODY)
        page.click("#log-in", no_wait_after=True)
        page.wait_for_timeout(DIALOG_WITHIN)
        screen.type(TANAKA_ICHIRO.subject)
        screen.press("Tab")
        screen.type(TANAKA_ICHIRO.pin)
        screen.press("Return")
        page.wait_for_selector("#apply")
        eventually(lambda: _state(counter, BASIC) is HolderState.AGREE)


def test_a_browser_that_logs_in_by_itself_is_never_called_logged_out(
    home: Path, sites: StyleSites, serve_at: ServeAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate in the machine's store, chosen by policy: each next browser is the last citizen again."""
    sites.residents.lay_down((SATO_HANAKO, TANAKA_ICHIRO), home)
    profile = PREFERENCES["profile"] | _chosen_by_itself(TANAKA_ICHIRO)
    monkeypatch.setitem(PREFERENCES, "profile", profile)
    with open_blocking_counter(style_config(sites, tmp_path / "state", (CERTIFICATE,))) as counter:
        with serve_at(counter, TANAKA_ICHIRO) as page:
            CERTIFICATE.people(page, CERTIFICATE.origin).log_in(TANAKA_ICHIRO)
            eventually(lambda: _state(counter) is HolderState.AGREE)
            clearance = counter.end()
        said = "the next browser is no guest: somebody is logged in"
        assert _findings(clearance) == [(Finding.NOT_PROVED, said)] * 2
        assert counter.view.seal is SealReason.NOT_CLEARED
        counter.lift("L-1")
        with serve_at(counter, SATO_HANAKO) as page:
            person = CERTIFICATE.people(page, CERTIFICATE.origin)
            person.log_in(TANAKA_ICHIRO)
            person.apply()
            eventually(lambda: counter.view.stops)
            assert counter.view.stops[-1].reason is Reason.SOMEONE_ELSE
    assert sites.site(CertificateSite).booked == []


def _resumes(page: Page, resumed: list[bool], since: int) -> bool:
    """Ask again; a connection that was opened beside another, before its ticket came, has nothing to go on with."""
    page.goto(f"{CURT.origin}/")
    return any(resumed[since:])


def test_no_tls_session_outlives_the_browser(sites: StyleSites, serve_at: ServeAt, tmp_path: Path) -> None:
    """Trap 7: within a browser a connection resumes the one before; the first of the next starts from nothing."""
    resumed = sites.resumed(CurtSite)
    with open_blocking_counter(style_config(sites, tmp_path, (CURT,))) as counter:
        for resident in (TANAKA_ICHIRO, SATO_HANAKO):
            before = len(resumed)
            with serve_at(counter, resident) as page:
                page.goto(f"{CURT.origin}/")
                eventually(partial(_resumes, page, resumed, before + 1))
                assert not resumed[before]
