"""Behind an office's proxy: portals are reached as the office says, and no WebSocket goes through it."""

from __future__ import annotations

import secrets
import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as PlaywrightError

from flows.mock import IDP, POINT
from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings
from guard.demo.run import mock_config
from tests.browser.conftest import Window, open_window
from tests.browser.lab import LAB, NOW, OTHER, STRANGER, lab_config, wait_until
from tests.browser.office import handing_out, office_proxy
from tests.day import alive, log_in, sessions_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

    from flows.mock import MockPortals
    from tests.browser.lab import Lab
    from tests.browser.office import OfficeProxy
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser

QUIET = 0.7  # seconds in which a plain browser has long connected
CITY = f"""function FindProxyForURL(url, host) {{
  return dnsDomainIs(host, "{LAB}") ? "PROXY ADDRESS" : "DIRECT";
}}"""


@pytest.fixture
def proxy(lab: Lab) -> Iterator[OfficeProxy]:
    with office_proxy(lab.hosts) as proxy:
        yield proxy


@contextmanager
def behind(lab: Lab, playwright: Playwright, folder: Path, **settings: str) -> Iterator[Window]:
    """A visit at a counter whose browser has these settings of its way out."""
    browser = BrowserSettings(allow_no_sandbox=needs_no_sandbox(), **settings)  # type: ignore[arg-type]  # two of many
    config = lab_config(lab, folder, browser=browser)
    with open_blocking_counter(config) as counter, open_window(lab, counter, playwright) as window:
        yield window


def _sockets(page: Page) -> str:
    """Have a page open WebSockets to a portal that it speaks to, and to a host that nothing else leads to."""
    name = secrets.token_hex(6)
    page.goto(f"https://{LAB}/")
    for host in (LAB, OTHER, STRANGER):
        page.evaluate("address => void new WebSocket(address)", f"wss://{host}/socket/{name}")
    return name


def _arrivals(lab: Lab, name: str) -> list[str]:
    return [one.host for one in list(lab.arrivals) if one.path.endswith(name)]


def _portals_in(proxy: OfficeProxy) -> set[str]:
    """Which of the lab's hosts were reached through the proxy; the browser's maker has hosts of its own."""
    return {host for host in (LAB, OTHER, STRANGER) if f"{host}:443" in proxy.tunnels}


def _submits_and_opens_no_socket(window: Window) -> None:
    """What a visit is for gets through, seen by a sentinel that takes the same way; a WebSocket does not."""
    window.start(NOW)
    path = f"/sink/{secrets.token_hex(6)}"
    window.page.evaluate("path => { fetch(path, {method: 'POST', body: 'x'}) }", path)
    assert window.answer_at(path).verdict.passed
    wait_until(lambda: window.lab.at(path), "the submission")
    name = _sockets(window.page)
    threading.Event().wait(QUIET)
    assert _arrivals(window.lab, name) == []


def test_a_plain_browser_gets_its_web_sockets_through_the_proxy(
    lab: Lab, proxy: OfficeProxy, playwright: Playwright
) -> None:
    """Or the tests below would prove nothing."""
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        chromium_sandbox=not needs_no_sandbox(),
        args=[f"--proxy-server={proxy.address}", *lab.switches()],
    )
    name = _sockets(browser.new_page())
    wait_until(lambda: set(_arrivals(lab, name)) == {LAB, OTHER, STRANGER}, "the plain browser's sockets")
    assert _portals_in(proxy) == {LAB, OTHER, STRANGER}
    browser.close()


def test_everything_but_web_sockets_goes_through_the_offices_proxy(
    lab: Lab, proxy: OfficeProxy, playwright: Playwright, tmp_path: Path
) -> None:
    with behind(lab, playwright, tmp_path, proxy=f"http://{proxy.address}") as window:
        _submits_and_opens_no_socket(window)
        window.page.goto(f"https://{OTHER}/")
        assert _portals_in(proxy) == {LAB, OTHER}


def test_logout_and_replay_from_outside_go_through_the_offices_proxy(
    portals: MockPortals, tmp_path: Path, serve_at: ServeAt
) -> None:
    """The guard's own connections: an office's network lets no other way out."""
    with office_proxy(portals.hosts) as proxy:
        browser = BrowserSettings(allow_no_sandbox=needs_no_sandbox(), proxy=f"http://{proxy.address}")
        config = mock_config(portals, tmp_path).model_copy(update={"browser": browser})
        with open_blocking_counter(config) as counter, serve_at(counter, TANAKA_ICHIRO) as page:
            log_in(page, TANAKA_ICHIRO)
            sessions, by_browser = sessions_in(page), len(proxy.tunnels)
            clearance = counter.end()
        assert clearance is not None
        assert clearance.clean, clearance.missing
        assert f"{POINT}:443" in proxy.tunnels[by_browser:]
    assert alive(portals, sessions) == {POINT: False, IDP: False}


def test_the_offices_own_script_leads_each_portal_its_way(
    lab: Lab, proxy: OfficeProxy, playwright: Playwright, tmp_path: Path
) -> None:
    """One portal through the proxy, another straight; WebSockets to neither."""
    with (
        handing_out(CITY.replace("ADDRESS", proxy.address)) as address,
        behind(lab, playwright, tmp_path, pac_url=address) as window,
    ):
        _submits_and_opens_no_socket(window)
        path = f"/straight/{secrets.token_hex(6)}"
        window.page.goto(f"https://{OTHER}{path}")
        assert len(lab.at(path)) == 1
        assert _portals_in(proxy) == {LAB}


def test_a_script_that_does_not_run_leads_nowhere(lab: Lab, playwright: Playwright, tmp_path: Path) -> None:
    """A browser connects straight where its script fails, and WebSockets with it."""
    with (
        handing_out("function FindProxyForURL(url, host) { return 'DIRECT'") as address,
        behind(lab, playwright, tmp_path, pac_url=address) as window,
    ):
        path, name = f"/straight/{secrets.token_hex(6)}", secrets.token_hex(6)
        with pytest.raises(PlaywrightError, match="ERR_PROXY_CONNECTION_FAILED"):
            window.page.goto(f"https://{LAB}{path}")
        window.page.wait_for_function("() => location.protocol === 'chrome-error:'")
        window.page.evaluate("address => void new WebSocket(address)", f"wss://{LAB}/socket/{name}")
        threading.Event().wait(QUIET)
        assert (_arrivals(lab, name), lab.at(path)) == ([], [])
