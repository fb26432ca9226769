"""A browser that goes away: closed by staff, killed, crashed, or gone before it was needed."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as PlaywrightError

from flows.mock import IDP, POINT
from flows.people import KOBAYASHI_KEN, TANAKA_ICHIRO
from flows.site import NotAdvancedError
from guard.browser.cdp import GONE
from guard.core.clearance import Area, Finding
from guard.core.commands import Kind
from guard.core.events import Ending
from guard.core.identity import Jar, Known
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase, SealReason
from guard.errors import GuardError
from tests.day import (
    alive,
    crash,
    drivers,
    entries,
    eventually,
    kill,
    log_in,
    proof,
    sessions_in,
    settle,
    shown_browser,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from playwright.sync_api import Page, Request

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from guard.core.clearance import Clearance
    from guard.core.identity import Sighting
    from tests.conftest import Serve

pytestmark = pytest.mark.browser


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    assert portals.hosts
    yield shared
    portals.faults.mend()
    settle(shared)


def close_last_page(counter: BlockingCounter, page: Page) -> None:
    del counter
    page.close()


def end_by_alt_f4(counter: BlockingCounter, page: Page) -> None:
    del page
    with contextlib.suppress(*GONE):
        counter.call(shown_browser(counter).session.send, "Browser.close")


def last_ending(counter: BlockingCounter) -> str:
    return dict(entries(counter, Kind.VISIT_ENDING)[-1].facts)["ending"]


def cleared(counter: BlockingCounter) -> Clearance:
    counter.until(lambda view: view.phase is Phase.READY)
    clearance = counter.view.clearance
    assert clearance is not None
    return clearance


@pytest.mark.parametrize("close", [close_last_page, end_by_alt_f4], ids=["window closed", "alt+f4"])
def test_a_window_closed_by_staff_is_an_ordinary_end(
    close: Callable[[BlockingCounter, Page], None], portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """It is the municipal reports' own cure: logout and replay then run outside the browser, with the same proofs."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
        sessions = sessions_in(page)
        close(counter, page)
        counter.until(lambda view: view.phase is not Phase.SERVING)
    clearance = cleared(counter)
    assert clearance.clean, clearance.missing
    assert last_ending(counter) == Ending.WINDOW_CLOSED
    assert alive(portals, sessions) == {POINT: False, IDP: False}
    assert "honoured, then refused" in proof(clearance, Area.SESSION_DEAD, "point").detail
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN)


def test_a_browser_killed_in_a_visit_is_logged_out_from_outside_and_replaced(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
        sessions = sessions_in(page)
        kill(shown_browser(counter))
        counter.until(lambda view: view.phase is not Phase.SERVING)
    clearance = cleared(counter)
    assert last_ending(counter) == Ending.BROWSER_LOST
    assert clearance.clean, clearance.missing
    assert alive(portals, sessions) == {POINT: False, IDP: False}
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN)


def test_a_look_beside_a_login_does_not_take_its_session_away(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """Portals answer a session that is over by taking its cookie away: login and look wait for each other."""
    with serve(TANAKA_ICHIRO) as page:
        portals.faults.of(IDP).identity_delay = 1.2
        log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
        eventually(lambda: not counter.counter.supervisor.looks.any_under_way)
        assert set(sessions_in(page)) == {POINT, IDP}
        portals.faults.of(IDP).identity_delay = 0.0


def logged_in(portals: MockPortals) -> list[sqlite3.Row]:
    """The logins at the identity provider, by its own store."""
    return portals._store.all("SELECT * FROM session WHERE host = ? AND subject IS NOT NULL", IDP)


def test_a_look_beside_the_answer_to_a_login_waits_for_it(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """One that was asked before the answer, and answered after it, would take the new session's cookie away."""
    looks: list[Future[Sighting]] = []

    def look_at_login(request: Request) -> None:
        if request.url.endswith("/authenticate"):
            eventually(lambda: logged_in(portals))
            portals.faults.of(IDP).identity_delay = 1.0
            browser = shown_browser(counter)
            jar = Jar(portal="idp", context=browser.jars.default_context)
            looks.append(aside.submit(counter.call, browser.logins.look, jar))
            time.sleep(0.5)  # for a look that does not wait to be asked under the session before
            portals.faults.of(IDP).withholds_answers = False

    with ThreadPoolExecutor(1) as aside, serve(TANAKA_ICHIRO) as page:
        portals.faults.of(IDP).withholds_answers = True
        page.on("request", look_at_login)
        log_in(page, TANAKA_ICHIRO)
        (look,) = looks
        assert isinstance(look.result().holder, Known)
        assert set(sessions_in(page)) == {POINT, IDP}


def test_a_browser_killed_before_the_answer_to_a_login_is_never_called_clean_by_guess(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """Only the portal knows the session that the login began: nobody can end it, and nobody may call it dead."""

    def kill_at_login(request: Request) -> None:
        if request.url.endswith("/authenticate"):
            eventually(lambda: logged_in(portals))
            kill(shown_browser(counter))

    with serve(TANAKA_ICHIRO) as page:
        portals.faults.of(IDP).withholds_answers = True
        page.on("request", kill_at_login)
        with contextlib.suppress(PlaywrightError, NotAdvancedError):
            log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.phase is not Phase.SERVING)
        portals.faults.of(IDP).withholds_answers = False
    clearance = cleared(counter)
    assert logged_in(portals)
    dead = proof(clearance, Area.SESSION_DEAD, IDP.partition(".")[0])
    assert dead.finding is Finding.NOT_PROVED
    assert "the last login" in dead.detail
    assert counter.view.seal is SealReason.NOT_CLEARED
    assert proof(clearance, Area.PROFILE_GONE).finding is Finding.PROVED


def test_a_browser_killed_before_a_visit_is_replaced_without_a_seal(counter: BlockingCounter, serve: Serve) -> None:
    old = shown_browser(counter)
    kill(old)
    counter.until(lambda view: view.generation != old.generation and view.phase is Phase.READY)
    assert counter.view.seal is None
    assert not old.user_data_dir.exists()
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN)


def test_a_standby_killed_in_its_sleep_is_replaced_at_need(counter: BlockingCounter, serve: Serve) -> None:
    with serve(TANAKA_ICHIRO):
        standby = counter.counter._standby._next
        assert standby is not None
        eventually(standby.done)
        dead = standby.result()
        kill(dead)
        eventually(lambda: not dead.alive)
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert shown_browser(counter).generation > dead.generation
    assert not dead.user_data_dir.exists()
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN)


def test_a_page_whose_renderer_crashes_does_not_blind_the_guard(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """The sentinel shares the crashed renderer; the next submission is still judged, and the visit ends clean."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        sessions = sessions_in(page)
        for page_ in shown_browser(counter).pages.open:
            crash(counter, page_)
        second = page.context.new_page()
        second.goto(f"https://{POINT}/")
        second.evaluate("void fetch('/apply/service', {method: 'POST', body: 'x=1'}).catch(() => 0)")
        eventually(lambda: counter.answered and counter.answered[-1].submission.path == "/apply/service")
        assert counter.answered[-1].verdict.passed, counter.answered[-1].verdict
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert alive(portals, sessions) == {POINT: False, IDP: False}


def test_a_sentinel_that_was_closed_comes_back_at_the_next_look(counter: BlockingCounter, serve: Serve) -> None:
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
        browser = shown_browser(counter)
        for sentinel in list(browser.logins._sentinels.values()):
            (target,) = sentinel.targets
            counter.call(browser.session.send, "Target.closeTarget", {"targetId": target})
        page.evaluate("void fetch('/apply/service', {method: 'POST', body: 'x=1'}).catch(() => 0)")
        eventually(lambda: counter.answered and counter.answered[-1].submission.path == "/apply/service")
        assert counter.answered[-1].verdict.passed, counter.answered[-1].verdict
        assert counter.view.phase is Phase.SERVING


def test_playwrights_own_process_may_end_and_the_counter_goes_on(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """Only Python scripts need it. The visit is cleared, the next browser comes, and its page can be had again."""
    of_the_test = drivers()
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        sessions = sessions_in(page)
        counter.call(shown_browser(counter).page)
        (driver,) = drivers() - of_the_test
        driver.kill()
        clearance = counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert counter.view.seal is None
    assert alive(portals, sessions) == {POINT: False, IDP: False}
    counter.open_visit(KOBAYASHI_KEN.citizen)
    again = counter.call(shown_browser(counter).page)
    assert counter.call(again.title)
    counter.end()


def test_a_second_visit_is_declined_while_one_is_open(counter: BlockingCounter, serve: Serve) -> None:
    with serve(TANAKA_ICHIRO):
        with pytest.raises(GuardError, match="visit_already_open"):
            counter.open_visit(KOBAYASHI_KEN.citizen)
        assert counter.view.citizen_name == TANAKA_ICHIRO.name


def test_two_threads_may_ask_one_counter(counter: BlockingCounter, serve: Serve) -> None:
    """A test that drives pages in one thread and reads the counter in another must not mix them up."""
    with serve(TANAKA_ICHIRO), ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(counter.until, lambda view: view.phase is Phase.SERVING) for _ in range(20)]
        second = threads.submit(counter.open_visit, KOBAYASHI_KEN.citizen)
        assert {one.result().citizen_name for one in asked} == {TANAKA_ICHIRO.name}
        with pytest.raises(GuardError, match="visit_already_open"):
            second.result()


def test_end_pressed_twice_makes_one_handover(counter: BlockingCounter, serve: Serve) -> None:
    before = len(entries(counter, Kind.CLEARANCE))
    with serve(TANAKA_ICHIRO):
        counter.call(counter.counter.desk.end, Ending.DONE)
        counter.call(counter.counter.desk.end, Ending.DISCARDED)
        counter.end()
    assert len(entries(counter, Kind.CLEARANCE)) == before + 1
    assert last_ending(counter) == Ending.DONE
    assert counter.view.seal is None


def test_the_next_window_closed_during_the_handover_is_replaced(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """The clean window is there before the portal has answered; whoever closes it must find another one."""
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        portals.faults.of(POINT).identity_delay = 2.0
        old = shown_browser(counter)
        counter.call(counter.counter.desk.end, Ending.DONE)
        eventually(lambda: counter.counter.supervisor._coming is not shown_browser(counter), within=15)
        coming = counter.counter.supervisor._coming
        assert coming is not None
        eventually(lambda: coming.pages.open)
        assert counter.view.phase is Phase.CLOSING
        kill(coming)
        clearance = counter.end()
    assert clearance is not None
    assert clearance.generation == old.generation
    portals.faults.mend()
    counter.until(lambda view: view.phase is Phase.READY and view.generation > coming.generation)
    settle(counter)
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN)


def test_the_end_of_a_visit_does_not_wait_for_a_look_that_hangs(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        portals.faults.of(POINT).identity_delay = 3.0
        page.evaluate("void fetch('/apply/service', {method: 'POST', body: 'x=1'}).catch(() => 0)")
        eventually(lambda: counter.counter.supervisor.looks.any_under_way)
        profile = shown_browser(counter).user_data_dir
        began = time.monotonic()
        counter.call(counter.counter.desk.end, Ending.DONE)
        eventually(lambda: not profile.exists())
        assert time.monotonic() - began < 6.0
        counter.end()
    assert counter.answered[-1].verdict.reason is Reason.VISIT_CLOSING
    assert portals.arrived("POST", POINT, "/apply/service") == ()


def test_a_signal_to_the_browser_is_an_end_like_alt_f4(counter: BlockingCounter, serve: Serve) -> None:
    """A session manager that closes all programs sends SIGTERM, which the browser obeys."""
    with serve(TANAKA_ICHIRO):
        os.kill(shown_browser(counter)._process.pid, signal.SIGTERM)
        counter.until(lambda view: view.phase is not Phase.SERVING)
    assert cleared(counter).clean
    assert last_ending(counter) in {Ending.WINDOW_CLOSED, Ending.BROWSER_LOST}
