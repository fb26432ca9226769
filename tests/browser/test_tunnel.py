"""A guarded day in a browser that Playwright started, as on systems whose Python cannot hand over a pipe.

Run here on whatever system the tests run; only what is Windows' own is not run.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from flows.accidents import SHOWN
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import PointSite
from guard.blocking import open_blocking_counter
from guard.browser import launch
from guard.core.events import Ending
from guard.core.verdict import Reason
from guard.core.view import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Playwright

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from guard.config import Config
    from tests.conftest import Serve

pytestmark = pytest.mark.browser


@pytest.fixture
def counter(guard_config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockingCounter]:
    """A counter whose browsers Playwright starts."""
    monkeypatch.setattr(launch, "hands_over_pipes", lambda: False)
    with open_blocking_counter(guard_config) as counter:
        yield counter


def test_the_day_of_the_accident_ends_well(portals: MockPortals, counter: BlockingCounter, serve: Serve) -> None:
    """A leaves without a logout, B's data does not go out under A, and B's own application does."""
    accident = SHOWN[0]
    with serve(accident.first) as page:
        accident.first_citizen_leaves(page)
        clearance = counter.end(Ending.INTERRUPTED)
    assert clearance is not None
    assert clearance.clean, clearance.missing
    with serve(accident.second) as page:
        site = PointSite(page)
        site.open()
        assert site.shown_holder() is None
        site.log_in(accident.first)
        assert not accident.attempt_in_leftover_session(page).submitted
        assert counter.view.stops[-1].reason is Reason.SOMEONE_ELSE
        assert "送信を止めました" in drawn(page)
    with serve(accident.second) as page:
        assert accident.second_citizen_is_served(page).submitted
        assert accident.second.name in drawn(page)
        assert all(sentinel.hidden for sentinel in sentinels(counter))
    assert accident.served_properly(portals.books)
    assert accident.misattribution(portals.books) is None


def test_the_counter_says_at_its_start_that_playwright_carries_the_gate(counter: BlockingCounter) -> None:
    assert any("Playwright starts it" in note for note in counter.counter.notes)


def test_the_next_browser_stands_by_without_a_window(counter: BlockingCounter) -> None:
    """Whatever starts it, it shows nothing, and so takes nobody's focus, before its turn."""
    standby = counter.call(counter.counter._standby._take)
    try:
        targets = counter.call(standby.session.send, "Target.getTargets")["targetInfos"]
        assert [target for target in targets if target["type"] == "page"] == []
    finally:
        counter.call(standby.destroy)


def test_a_window_closed_by_staff_ends_the_visit_with_a_logout(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    with serve(SATO_HANAKO) as page:
        site = PointSite(page)
        site.open()
        site.log_in(SATO_HANAKO)
        page.close()
        view = counter.until(lambda view: view.phase is Phase.READY)
    assert view.clearance is not None
    assert view.clearance.clean, view.clearance.missing
    assert view.seal is None
    assert portals.hosts


def test_a_killed_browser_is_followed_by_a_clean_one(counter: BlockingCounter, serve: Serve) -> None:
    """The session is ended from outside, under the cookies that the guard kept."""
    with serve(SATO_HANAKO) as page:
        site = PointSite(page)
        site.open()
        site.log_in(SATO_HANAKO)
        psutil.Process(pid_of(counter)).kill()
        view = counter.until(lambda view: view.phase is Phase.READY)
        assert view.clearance is not None
        assert view.clearance.clean, view.clearance.missing
    with serve(TANAKA_ICHIRO) as page:
        site = PointSite(page)
        site.open()
        assert site.shown_holder() is None


def test_a_portals_question_waits_for_staff(counter: BlockingCounter, serve: Serve) -> None:
    """Playwright answers "no" for whoever starts a browser with it and does not listen: logouts then fail."""
    with serve(TANAKA_ICHIRO) as page:
        questions: list[Any] = []
        page.on("dialog", lambda question: questions.append(question))  # noqa: PLW0108  # Playwright marks it
        PointSite(page).open()
        page.evaluate("setTimeout(() => { window.said = confirm('ログアウトしますか') })")
        page.wait_for_timeout(1000)
        questions[0].accept()
        assert page.evaluate("window.said") is True
    assert counter.view.seal is None


def test_a_download_keeps_its_name_and_lies_in_the_profile_that_is_thrown_away(
    counter: BlockingCounter, playwright: Playwright
) -> None:
    """Playwright would keep it under a name of its own, in a folder that the wipe does not know."""
    endpoint = counter.open_visit(TANAKA_ICHIRO.citizen)
    with joined(playwright, endpoint) as page:
        PointSite(page).open()
        page.evaluate(
            "() => { const link = document.createElement('a'); link.download = '控え.txt';"
            " link.href = URL.createObjectURL(new Blob(['控え'])); link.click(); }"
        )
        downloads = browser_of(counter).user_data_dir / "downloads"
        wait_until((downloads / "控え.txt").is_file, "the download")
    counter.end()
    assert not downloads.exists()


# -- what the tests are written with ---------------------------------------------------------------


@contextmanager
def joined(playwright: Playwright, endpoint: str) -> Iterator[Page]:
    browser: Browser = playwright.chromium.connect_over_cdp(
        endpoint, no_defaults=True
    )  # a guest's own defaults rename downloads
    try:
        yield browser.contexts[0].pages[0]
    finally:
        browser.close()


def drawn(page: Page) -> str:
    """All text of ribbon and overlay, read through the browser, as no script of the page could."""
    root = page.context.new_cdp_session(page).send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    return " ".join(text for node in _nodes(root) if node.get("shadowRootType") == "closed" for text in _texts(node))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in (*node.get("children", ()), *node.get("shadowRoots", ())):
        yield from _nodes(child)


def _texts(node: dict[str, Any]) -> Iterator[str]:
    return (each["nodeValue"] for each in _nodes(node) if each["nodeName"] == "#text")


def browser_of(counter: BlockingCounter) -> Any:
    return counter.counter.supervisor.browser


def sentinels(counter: BlockingCounter) -> list[Any]:
    return list(browser_of(counter).logins._sentinels.values())


def pid_of(counter: BlockingCounter) -> int:
    pid: int = browser_of(counter)._process.pid
    return pid


def wait_until(met: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 5
    while not met():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within five seconds: {what}")
        time.sleep(0.02)
