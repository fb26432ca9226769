"""The browser's command line, and the proxy script that closes WebSockets."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from guard.browser import switches
from guard.browser.switches import ALWAYS, pac_script, switches_for
from guard.config import BrowserSettings, TestNetwork
from guard.errors import BrowserError

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
