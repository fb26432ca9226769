from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from guard.browser import launch as launching
from guard.browser.executable import find_browser
from guard.browser.preflight import preflight
from guard.browser.process import BrowserProcess
from guard.browser.switches import needs_no_sandbox
from guard.browser.tunnel import start_through_tunnel
from guard.config import load_config
from guard.errors import BrowserError
from guard.tasks import Tasks
from tests.unit.profiles import COUNTER, IDP, POINT

if TYPE_CHECKING:
    from pathlib import Path

    from guard.config import Config


def counter_config(folder: Path) -> Config:
    for name, text in {"point.toml": POINT, "idp.toml": IDP, "counter.toml": COUNTER}.items():
        (folder / name).write_text(text, "utf-8")
    return load_config(folder / "counter.toml")


def _remember(road: str, taken: list[str]) -> Any:
    async def start(*_: object) -> None:
        taken.append(road)

    return start


@pytest.mark.parametrize(("platform", "road"), [("linux", "pipe"), ("darwin", "pipe"), ("win32", "tunnel")])
async def test_playwright_starts_the_browser_only_where_no_pipe_can_be_handed_over(
    platform: str, road: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(BrowserProcess, "start", _remember("pipe", taken))
    monkeypatch.setattr(launching, "start_through_tunnel", _remember("tunnel", taken))
    await launching.launch(tmp_path / "browser", (), tmp_path, Tasks(lambda *_: None))
    assert taken == [road]


async def test_a_browser_that_playwright_cannot_start_is_named_with_the_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No stack trace of Playwright's for staff; and its own process is not left behind."""
    monkeypatch.setattr(launching, "hands_over_pipes", lambda: False)
    missing = tmp_path / "no-browser-here"
    with pytest.raises(BrowserError) as refusal:
        await launching.launch(missing, (), tmp_path / "profile", Tasks(lambda *_: None))
    assert str(missing) in str(refusal.value)
    assert refusal.value.mend


@pytest.mark.browser
@pytest.mark.parametrize("after", [0.0, 0.2, 0.5, 0.8])
async def test_a_start_that_is_given_up_leaves_nothing_running(after: float, tmp_path: Path) -> None:
    """The counter closes while its standby is being made."""
    before = _children()
    tasks = Tasks(lambda *_: None)
    switches = ["--headless", "--no-startup-window", *(["--no-sandbox"] if needs_no_sandbox() else [])]
    starting = tasks.start(start_through_tunnel(find_browser().path, switches, tmp_path, tasks), "standby")
    await asyncio.sleep(after)
    starting.cancel()
    await asyncio.wait([starting])
    await tasks.stop()
    assert _children() == before


def _children() -> set[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return {child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE}


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_preflight_says_when_playwright_carries_the_gate(
    system: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    said = any("Playwright starts it" in one.note for one in preflight(counter_config(tmp_path), ()))
    assert said is (system == "win32")
