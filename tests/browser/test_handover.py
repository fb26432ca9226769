"""From one citizen to the next: what is proved, and what seals the counter because it cannot be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import trustme

from flows.account import MyPage
from flows.mock import IDP, MYPAGE, POINT, IdentityFault, LogoutFault
from flows.people import KOBAYASHI_KEN, TANAKA_ICHIRO
from flows.points import Points
from guard.blocking import open_blocking_counter
from guard.config import HandoverSettings
from guard.core.clearance import Area, Finding
from guard.core.commands import Kind
from guard.core.events import Ending
from guard.core.verdict import Reason
from guard.core.view import Phase, SealReason
from guard.demo.run import mock_config
from tests.day import (
    alive,
    changed,
    entries,
    eventually,
    log_in,
    opened,
    proof,
    sessions_in,
    settle,
    shown_browser,
    waiting,
    works_on,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.conftest import Serve, ServeAt

pytestmark = pytest.mark.browser

WIPED_WITHIN = 5.0  # seconds after "end": the promise to every citizen, which no bound of a slow machine may stretch
SETTLE_WITHIN = 8.0
SENDS_ON_AND_ON = """void setInterval(
  () => fetch("/apply/service", {method: "POST", body: "payment_id=1"}).catch(() => 0), 200
)"""


@pytest.fixture(scope="module")
def shared(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """One counter for this file; it asks the point site before every submission."""
    config = mock_config(served_portals, tmp_path_factory.mktemp("state"))
    with open_blocking_counter(changed(config, max_age=0.0)) as counter:
        yield counter


@pytest.fixture(scope="module")
def shared_hasty(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """One with less patience than others for what follows the wipe: a portal that hangs costs the test seconds only."""
    limits = HandoverSettings(settle_within=SETTLE_WITHIN)
    config = mock_config(served_portals, tmp_path_factory.mktemp("state"))
    with open_blocking_counter(config.model_copy(update={"handover": limits})) as counter:
        yield counter


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    yield from _left_as_found(shared, portals)


@pytest.fixture
def hasty(shared_hasty: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    yield from _left_as_found(shared_hasty, portals)


def _left_as_found(counter: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    yield counter
    portals.faults.mend()
    settle(counter)


def test_every_session_of_a_visit_is_dead_on_the_server(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """Both portals and the identity provider, whose own session nobody thinks of, are logged out and replayed."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        my_page = MyPage(page)
        my_page.open()
        my_page.log_in_with_one_click()
        sessions = sessions_in(page)
        assert alive(portals, sessions) == {POINT: True, MYPAGE: True, IDP: True}
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert alive(portals, sessions) == {POINT: False, MYPAGE: False, IDP: False}
    for portal in ("point", "mypage", "idp"):
        assert proof(clearance, Area.LOGGED_OUT, portal).finding is Finding.PROVED
        assert "honoured, then refused" in proof(clearance, Area.SESSION_DEAD, portal).detail


def test_a_session_that_the_browser_never_sent_back_is_ended_too(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """The provider sets its session with the answer to the card, and the browser goes on to the portal."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        clearance = counter.end()
        # The mock's own log: nothing but the guard ever came back to the provider with that session.
        with_session = {one.session for one in portals.requests if one.host == IDP and one.path == "/whoami"}
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert "honoured, then refused" in proof(clearance, Area.SESSION_DEAD, "idp").detail
    assert not any(alive(portals, {IDP: value})[IDP] for value in with_session if value)


def test_a_login_over_a_login_leaves_neither_of_the_two_alive(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """A second card is laid down without a logout, after the portal's cookie was lost: the first session lives on."""
    with serve(TANAKA_ICHIRO) as page:
        site = log_in(page, TANAKA_ICHIRO)
        first = sessions_in(page)
        page.context.clear_cookies(domain=POINT)
        site.log_in(KOBAYASHI_KEN)
        second = sessions_in(page)
        assert first[POINT] != second[POINT]
        assert alive(portals, {POINT: first[POINT]}) == {POINT: True}
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert alive(portals, first) == {POINT: False, IDP: False}
    assert alive(portals, second) == {POINT: False, IDP: False}
    assert proof(clearance, Area.SESSION_DEAD, "point").detail.startswith("2 replay(s)")


def test_a_citizen_who_logs_out_at_the_portal_does_not_seal_the_counter(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """Good practice must not cost a leader's visit: the replay was made before the page's own logout went out."""
    with serve(TANAKA_ICHIRO) as page:
        site = log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].holder_name is not None)
        sessions = sessions_in(page)
        site.log_out()
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert counter.view.seal is None
    assert alive(portals, sessions) == {POINT: False, IDP: False}


def test_a_second_login_of_the_same_citizen_does_not_seal_the_counter(counter: BlockingCounter, serve: Serve) -> None:
    """The portal itself ends the first session at the second login; that is an end, not a proof that is missing."""
    with serve(TANAKA_ICHIRO) as page:
        site = log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].holder_name is not None)
        site.log_in(TANAKA_ICHIRO)
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing


def test_a_logout_that_answers_500_seals_the_counter_and_names_the_proof(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        portals.faults.of(POINT).logout = LogoutFault.SERVER_ERROR
        clearance = counter.end()
    assert clearance is not None
    assert {(one.area, one.portal) for one in clearance.missing} == {
        (Area.LOGGED_OUT, "point"),
        (Area.SESSION_DEAD, "point"),
    }
    assert counter.view.seal is SealReason.NOT_CLEARED
    assert counter.view.seal_detail == "logged_out, session_dead"
    assert "still alive" in proof(clearance, Area.SESSION_DEAD, "point").detail
    counter.lift("L-1")
    with serve(KOBAYASHI_KEN):
        assert counter.view.phase is Phase.SERVING


def test_a_logout_that_only_clears_the_cookie_is_found_out_by_the_replay(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """The browser shows the guest page; the session lives on for whoever kept its id."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        sessions = sessions_in(page)
        portals.faults.of(POINT).logout = LogoutFault.COOKIE_ONLY
        clearance = counter.end()
    assert proof(clearance, Area.LOGGED_OUT, "point").finding is Finding.PROVED
    assert proof(clearance, Area.SESSION_DEAD, "point").finding is Finding.NOT_PROVED
    assert counter.view.seal is SealReason.NOT_CLEARED
    assert alive(portals, sessions) == {POINT: True, IDP: False}


@pytest.mark.parametrize("logout", [LogoutFault.SERVER_ERROR, LogoutFault.COOKIE_ONLY], ids=lambda fault: fault.value)
def test_a_portal_that_rotates_its_session_is_not_believed_because_an_old_id_is_refused(
    logout: LogoutFault, portals: MockPortals, tmp_path: Path, serve_at: ServeAt
) -> None:
    """There every old id is refused, logout or not; only the newest one proves anything."""
    portals.faults.of(POINT).rotates = True
    with opened(portals, tmp_path, session={"rotates": True}) as counter, serve_at(counter, TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        portals.faults.of(POINT).logout = logout
        clearance = counter.end()
    assert proof(clearance, Area.SESSION_DEAD, "point").finding is Finding.NOT_PROVED


def test_a_declared_fault_of_a_portal_is_shown_in_the_clearance_and_seals_nothing(
    portals: MockPortals, tmp_path: Path, serve_at: ServeAt
) -> None:
    portals.faults.of(POINT).logout = LogoutFault.COOKIE_ONLY
    with opened(portals, tmp_path, logout={"kills_session": False}) as counter:
        with serve_at(counter, TANAKA_ICHIRO) as page:
            log_in(page, TANAKA_ICHIRO)
            clearance = counter.end()
        assert proof(clearance, Area.SESSION_DEAD, "point").finding is Finding.DECLARED
        assert clearance is not None
        assert clearance.clean
        assert counter.view.seal is None
        (entry,) = entries(counter, Kind.CLEARANCE)
        assert dict(entry.facts)["session_dead:point"].startswith("declared")


def test_a_portal_that_rotates_its_session_is_served_and_cleared(
    portals: MockPortals, tmp_path: Path, serve_at: ServeAt
) -> None:
    """A new id with every answer: pinning the sighted one would cut the journey, and every look would end it."""
    portals.faults.of(POINT).rotates = True
    with opened(portals, tmp_path, session={"rotates": True}) as counter:
        with serve_at(counter, TANAKA_ICHIRO) as page:
            site = log_in(page, TANAKA_ICHIRO)
            site.apply(TANAKA_ICHIRO.cashless, Points.CARD)
            clearance = counter.end()
        assert clearance is not None
        assert clearance.clean, clearance.missing
        assert all(answered.verdict.passed for answered in counter.answered)
    (booked,) = portals.books.point_applications()
    assert booked.holder_subject == booked.owner_subject == TANAKA_ICHIRO.subject


@pytest.mark.parametrize("trouble", ["hangs", "down"])
def test_the_browser_is_wiped_in_time_whatever_the_portal_does(
    trouble: str, portals: MockPortals, hasty: BlockingCounter, serve_at: ServeAt
) -> None:
    """The next citizen sits down within minutes; A's session must not stand there while the network hangs."""
    with serve_at(hasty, TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        profile = shown_browser(hasty).user_data_dir
        if trouble == "down":
            portals.faults.take_down(POINT)
        else:
            portals.faults.of(POINT).identity = IdentityFault.HANGS
        page.evaluate(SENDS_ON_AND_ON)
        began = time.monotonic()
        hasty.call(hasty.counter.desk.end, Ending.DONE)
        eventually(lambda: not profile.exists() and not works_on(profile))
        wiped = time.monotonic() - began
        clearance = hasty.end()
        took = time.monotonic() - began
    assert wiped <= WIPED_WITHIN
    assert took < SETTLE_WITHIN + 2.0
    assert hasty.view.seal is SealReason.NOT_CLEARED
    assert clearance is not None
    assert {one.portal for one in clearance.missing} == {"point"}
    assert proof(clearance, Area.SESSION_DEAD, "idp").finding is Finding.PROVED
    assert portals.arrived("POST", POINT, "/apply/service") == ()
    portals.faults.mend()
    hasty.lift("L-1")
    with serve_at(hasty, KOBAYASHI_KEN):
        assert hasty.view.phase is Phase.SERVING


def test_a_portal_that_does_not_say_who_is_logged_in_is_logged_out_all_the_same(
    portals: MockPortals, hasty: BlockingCounter, serve_at: ServeAt
) -> None:
    """Its identity endpoint hangs and its logout works: no proof, but no session that lives on either."""
    with serve_at(hasty, TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        sessions = sessions_in(page)
        portals.faults.of(POINT).identity = IdentityFault.HANGS
        clearance = hasty.end()
    assert proof(clearance, Area.SESSION_DEAD, "point").finding is Finding.NOT_PROVED
    portals.faults.mend()
    assert alive(portals, sessions) == {POINT: False, IDP: False}


def test_the_next_browser_is_another_process_on_another_profile_without_a_cookie(
    counter: BlockingCounter, serve: Serve
) -> None:
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        old = shown_browser(counter)
        pids = [process.pid for process in works_on(old.user_data_dir)]
        assert pids
        clearance = counter.end()
    new = shown_browser(counter)
    assert not works_on(old.user_data_dir)
    assert not old.user_data_dir.exists()
    assert new.user_data_dir != old.user_data_dir
    assert new.generation > old.generation
    assert counter.call(new.session.send, "Storage.getCookies")["cookies"] == []
    for area in (Area.PROCESS_GONE, Area.PROFILE_GONE, Area.BROWSER_CLEAN):
        assert proof(clearance, area).finding is Finding.PROVED


def test_a_word_of_the_last_visit_in_the_next_browser_seals_the_counter(counter: BlockingCounter, serve: Serve) -> None:
    """The search is tried on something to find, or it proves nothing."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        standby = counter.counter._standby._next
        assert standby is not None
        eventually(standby.done)
        planted = standby.result().user_data_dir / "Default" / "planted"
        planted.write_bytes(sessions_in(page)[POINT].encode("utf-16-le"))
        clearance = counter.end()
    found = proof(clearance, Area.BROWSER_CLEAN)
    assert found.finding is Finding.NOT_PROVED
    assert found.detail == "word in Default/planted"
    assert counter.view.seal is SealReason.NOT_CLEARED


def test_a_cookie_in_the_next_browser_seals_the_counter(counter: BlockingCounter, serve: Serve) -> None:
    with serve(TANAKA_ICHIRO):
        standby = counter.counter._standby._next
        assert standby is not None
        eventually(standby.done)
        cookie = {"name": "point_sid", "value": "left", "domain": POINT, "path": "/"}
        counter.call(standby.result().session.send, "Storage.setCookies", {"cookies": [cookie]})
        clearance = counter.end()
    assert proof(clearance, Area.BROWSER_CLEAN).detail == f"cookie point_sid of {POINT}"
    assert counter.view.seal is SealReason.NOT_CLEARED


def test_the_clearance_is_in_the_journal_before_the_next_visit_opens(counter: BlockingCounter, serve: Serve) -> None:
    for resident in (TANAKA_ICHIRO, KOBAYASHI_KEN):
        with serve(resident):
            pass
    kinds = [entry.kind for entry in entries(counter, Kind.VISIT_OPENED, Kind.VISIT_ENDING, Kind.CLEARANCE)]
    assert kinds[-6:] == 2 * [Kind.VISIT_OPENED, Kind.VISIT_ENDING, Kind.CLEARANCE]


def test_a_submission_held_at_the_end_is_stopped_and_never_sent(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        portals.faults.of(POINT).identity = IdentityFault.HANGS
        page.evaluate("void fetch('/apply/service', {method: 'POST', body: 'payment_id=1'}).catch(() => 0)")
        eventually(lambda: waiting(counter))
        counter.call(counter.counter.desk.end, Ending.DONE)
        portals.faults.mend()
        counter.end()
    assert [answered.verdict.reason for answered in counter.answered][-1] is Reason.VISIT_CLOSING
    assert portals.arrived("POST", POINT, "/apply/service") == ()
    assert entries(counter, Kind.STOPPED)[-1].sequence < entries(counter, Kind.CLEARANCE)[-1].sequence


def test_a_network_that_refuses_the_guards_own_connections_leaves_the_death_unproved(
    portals: MockPortals, tmp_path: Path, serve_at: ServeAt
) -> None:
    """A refusal after the logout proves nothing where the same replay was refused before it."""
    other_ca = tmp_path / "other-ca.pem"
    trustme.CA().cert_pem.write_to_path(other_ca)  # what the browser trusts by pin, the guard's own client refuses
    config = mock_config(portals, tmp_path / "state")
    assert config.test_network is not None
    network = config.test_network.model_copy(update={"ca_file": other_ca})
    with open_blocking_counter(config.model_copy(update={"test_network": network})) as counter:
        with serve_at(counter, TANAKA_ICHIRO) as page:
            log_in(page, TANAKA_ICHIRO)
            sessions = sessions_in(page)
            clearance = counter.end()
        assert counter.view.seal is SealReason.NOT_CLEARED
    assert proof(clearance, Area.LOGGED_OUT, "point").finding is Finding.PROVED
    dead = proof(clearance, Area.SESSION_DEAD, "point")
    assert dead.finding is Finding.NOT_PROVED
    assert dead.detail == "the replay before the logout was not honoured (unreachable), so it proves nothing"
    assert alive(portals, sessions) == {POINT: False, IDP: False}
