from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from guard.browser import preflight as module
from guard.browser.preflight import IN_THE_WAY, preflight
from guard.config import BrowserSettings, Config
from guard.core.weakness import Found, Weakness
from guard.grammar import HolderReading, Locator, Reading, Session, Words
from guard.portal import Portal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setattr(module, "needs_no_sandbox", lambda: False)
    portal = Portal(
        name="point",
        title=Words(ja="サイト", en="site"),
        origins=("https://point.portal.test",),
        session=Session(cookies=("sid",)),
        holder=HolderReading(path="/whoami", reading=Reading.JSON, guest="guest", name=Locator(select="name")),
    )
    return Config(counter="窓口1", portals=(portal,), state_dir=tmp_path)


def test_an_ordinary_machine_gets_no_note(config: Config, tmp_path: Path) -> None:
    assert preflight(config, [tmp_path / "nothing"]) == ()


@pytest.mark.parametrize("policy", sorted(IN_THE_WAY))
def test_each_policy_in_the_way_is_named_with_its_value_and_file(policy: str, config: Config, tmp_path: Path) -> None:
    file = tmp_path / "city.json"
    file.write_text(json.dumps({policy: 0, "HomepageLocation": "https://city.example"}))
    (found,) = preflight(config, [tmp_path])
    assert (found.weakness, found.name) == (Weakness.POLICY, policy)
    assert found.note == f"Policy {policy} = 0 in {file} {IN_THE_WAY[policy]}."


@pytest.mark.parametrize("content", ["{", "[1]", ""])
def test_a_policy_file_that_the_browser_cannot_read_is_passed_over(
    content: str, config: Config, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text(content)
    assert preflight(config, [tmp_path]) == ()


def test_root_is_told_that_the_sandbox_is_off(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "needs_no_sandbox", lambda: True)
    (found,) = preflight(config, [])
    assert found.weakness is Weakness.NO_SANDBOX
    assert "allow_no_sandbox" in found.note


def test_a_proxy_script_is_named_as_what_the_guards_own_connections_do_not_follow(config: Config) -> None:
    browser = BrowserSettings(pac_url="http://proxy.city.example/proxy.pac")
    (found,) = preflight(config.model_copy(update={"browser": browser}), [])
    assert found.weakness is Weakness.PAC_NOT_FOLLOWED
    assert "pac_url" in found.note


def test_a_system_that_hands_over_no_pipes_says_what_that_costs(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "weaker_here", lambda: ["Playwright starts it"])
    assert preflight(config, []) == (Found(weakness=Weakness.THROUGH_PLAYWRIGHT, note="Playwright starts it"),)
