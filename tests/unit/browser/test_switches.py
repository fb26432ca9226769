"""The browser's command line, and the proxy script that closes WebSockets."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from guard.browser import switches
from guard.browser.switches import ALWAYS, city_script, pac_script, switches_for
from guard.config import BrowserSettings, TestNetwork
from guard.errors import BrowserError
from tests.browser.office import handing_out

if TYPE_CHECKING:
    from pathlib import Path

CITY = "function FindProxyForURL(url, host) { return host === 'point.example' ? 'PROXY city:8080' : 'DIRECT'; }"


def _ask(script: str, url: str, host: str = "point.example") -> str:
    """What a browser would be told."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node to run the proxy script")
    call = f"{script}\nconsole.log(FindProxyForURL({json.dumps(url)}, {json.dumps(host)}))"
    return subprocess.run([node, "-e", call], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("url", ["ws://point.example/", "wss://point.example/", "WSS://point.example/"])
@pytest.mark.parametrize("city", [None, CITY])
def test_web_sockets_lead_nowhere(url: str, city: str | None) -> None:
    """Whatever the city's own script says."""
    assert _ask(pac_script("DIRECT", city), url) == "PROXY 127.0.0.1:9"


def test_everything_else_goes_where_the_city_sends_it() -> None:
    assert _ask(pac_script("PROXY city:3128", None), "https://point.example/") == "PROXY city:3128"
    assert _ask(pac_script("DIRECT", CITY), "https://point.example/") == "PROXY city:8080"
    assert _ask(pac_script("DIRECT", CITY), "https://other.example/", "other.example") == "DIRECT"


@pytest.mark.parametrize("broken", ["<!doctype html>FindProxyForURL", "throw FindProxyForURL", "var other = 1;"])
def test_a_script_that_does_not_run_leads_nowhere(broken: str) -> None:
    """A browser connects straight where its script fails as a whole, and WebSockets with it."""
    assert _ask(pac_script("DIRECT", broken), "https://point.example/") == "PROXY 127.0.0.1:9"


async def test_the_offices_script_is_fetched_as_it_is() -> None:
    with handing_out(CITY) as address:
        assert await city_script(BrowserSettings(pac_url=address)) == CITY
    assert await city_script(BrowserSettings()) is None


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        (CITY, 404, r"could not be read \(HTTPStatusError\)"),
        ("<!doctype html><title>認証", 200, "is no proxy script"),
    ],
)
async def test_another_answer_than_a_script_is_told_with_its_address(script: str, status: int, said: str) -> None:
    with handing_out(script, status=status) as address, pytest.raises(BrowserError, match=said) as told:
        await city_script(BrowserSettings(pac_url=address))
    assert address in str(told.value)
    assert "Correct pac_url under [browser]" in str(told.value)


async def test_a_script_that_cannot_be_reached_is_told_with_its_address() -> None:
    with handing_out(CITY) as address:
        pass
    with pytest.raises(BrowserError, match=r"could not be read \(ConnectError\)") as told:
        await city_script(BrowserSettings(pac_url=address))
    assert address in str(told.value)
    assert "Correct pac_url under [browser]" in str(told.value)


def test_the_script_goes_along_as_a_switch() -> None:
    made = switches_for(
        BrowserSettings(allow_no_sandbox=True, proxy="http://city:3128"), None, headless=True, script=None
    )
    (pac,) = [switch for switch in made if switch.startswith("--proxy-pac-url=")]
    assert base64.b64decode(pac.partition("base64,")[2]).decode() == pac_script("PROXY city:3128", None)


def test_no_switch_of_a_test_driver_slips_in() -> None:
    """F15: each of these weakens the browser of a counter, and the debugging port would open it to anybody."""
    made = " ".join(switches_for(BrowserSettings(allow_no_sandbox=True), None, headless=False, script=None))
    for unwanted in (
        "--disable-extensions",
        "--disable-prompt-on-repost",
        "--disable-popup-blocking",
        "--remote-debugging-port",
        "--enable-automation",
        "--ignore-certificate-errors",
        "--headless",
    ):
        assert unwanted not in made


def test_features_are_switched_off_in_one_list() -> None:
    """A browser takes the last of two equal switches alone."""
    names = [switch.partition("=")[0] for switch in ALWAYS]
    assert len(names) == len(set(names))


def test_root_needs_leave_to_run_without_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "needs_no_sandbox", lambda: True)
    with pytest.raises(BrowserError, match="allow_no_sandbox"):
        switches_for(BrowserSettings(), None, headless=True, script=None)
    assert "--no-sandbox" in switches_for(BrowserSettings(allow_no_sandbox=True), None, headless=True, script=None)
    monkeypatch.setattr(switches, "needs_no_sandbox", lambda: False)
    assert "--no-sandbox" not in switches_for(BrowserSettings(allow_no_sandbox=True), None, headless=True, script=None)


def test_a_test_network_moves_its_own_names_alone(tmp_path: Path) -> None:
    network = TestNetwork(
        hosts={"point.portal.test": 4433}, ca_file=tmp_path / "ca.pem", trusted_spki=("A" * 43 + "=",)
    )
    made = switches_for(BrowserSettings(allow_no_sandbox=True), network, headless=True, script=None)
    assert "--host-resolver-rules=MAP point.portal.test:443 127.0.0.1:4433" in made
