"""Tests of `guard.scan.jars`; the decoding itself is tested with a browser in tests/browser/test_scan.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from guard.browser.carried import Carried
from guard.config import BrowserSettings, Config
from guard.portal import Portal, load_portal
from guard.scan.jars import Jar, _switches
from tests.unit.profiles import POINT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def point(tmp_path: Path) -> Portal:
    (tmp_path / "point.toml").write_text(POINT.replace('identity_provider = "idp"', ""))
    return load_portal(tmp_path / "point.toml")


def cookie(name: str, value: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "value": value, "domain": "point.portal.test", "path": "/", **changes}


def test_a_portal_gets_the_cookies_that_a_browser_would_send_it(point: Portal) -> None:
    jar = Jar(
        [
            cookie("point_session", "general"),
            cookie("point_session", "special", path="/my"),
            cookie("theme", "dark", domain=".portal.test"),
            cookie("foreign", "x", domain="other.test"),
        ]
    )

    expected = "point_session=special; point_session=general; theme=dark"
    assert jar.carried(point) == Carried(cookie=expected)


@pytest.mark.parametrize(
    "cookies",
    [
        [],
        [cookie("theme", "dark")],
        [cookie("point_session", "")],  # the browser could not decode it, or the portal emptied it
        [cookie("point_session", "s", partitionKey={"topLevelSite": "https://other.test"})],
    ],
)
def test_without_a_session_nobody_is_asked(point: Portal, cookies: list[dict[str, Any]]) -> None:
    assert Jar(cookies).carried(point) is None


@pytest.mark.parametrize("has_keyring", [True, False])
def test_the_browser_that_decodes_has_no_network_and_the_right_key(
    point: Portal,
    tmp_path: Path,
    has_keyring: bool,  # noqa: FBT001
) -> None:
    """No proxy script opens a way; the keyring is asked only where it holds the key."""
    browser = BrowserSettings(allow_no_sandbox=True, proxy="http://proxy.test:8080")
    config = Config(counter="窓口1", state_dir=tmp_path, browser=browser, portals=(point,))

    switches = _switches(config, has_keyring=has_keyring)

    assert "--proxy-server=127.0.0.1:9" in switches
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in switches
    assert not any("pac-url" in switch for switch in switches)
    assert ("--password-store=basic" in switches) is not has_keyring
    assert "--no-startup-window" in switches
