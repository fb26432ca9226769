"""The counter put together, as far as that can be looked at without a browser."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from guard.browser import preflight as looks
from guard.config import Config
from guard.core.view import CounterView, Phase
from guard.core.weakness import Weakness
from guard.counter import OpenCounter
from guard.grammar import HolderReading, Locator, Reading, Session, Words
from guard.portal import Portal
from guard.texts import Texts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenCounter:
    """A counter that was not started: whoever waits, and the browser that is shown, are named by hand."""
    monkeypatch.setattr(looks, "needs_no_sandbox", lambda: False)
    monkeypatch.setattr(looks, "weaker_here", list)
    monkeypatch.setattr(looks, "POLICY_DIRS", (tmp_path / "policies",))
    portal = Portal(
        name="point",
        title=Words(ja="サイト", en="site"),
        origins=("https://point.portal.test",),
        session=Session(cookies=("sid",)),
        holder=HolderReading(path="/whoami", reading=Reading.JSON, guest="guest", name=Locator(select="name")),
    )
    counter = OpenCounter(Config(counter="窓口1", portals=(portal,), state_dir=tmp_path), headless=True)
    ready = CounterView(phase=Phase.READY, generation=1)
    desk = SimpleNamespace(
        view=lambda: ready, asks_pins=lambda: True, binds_at_login=lambda: False, mark_stop=lambda *_: None
    )
    counter.desk, counter._lookup = cast("Any", desk), cast("Any", SimpleNamespace(day=lambda *_: None))
    counter.supervisor = cast("Any", SimpleNamespace(browser=_browser(shows_sentinels=False)))
    return counter


def _browser(*, shows_sentinels: bool) -> SimpleNamespace:
    return SimpleNamespace(logins=SimpleNamespace(shows_sentinels=shows_sentinels))


async def test_the_console_tells_staff_what_the_terminal_tells_engineers(counter: OpenCounter, tmp_path: Path) -> None:
    """Looked at when the page is drawn: a policy that came overnight is told in the morning."""
    url = await counter.serve_console()
    try:
        async with httpx.AsyncClient(headers={"Sec-Fetch-Site": "none"}, follow_redirects=True, trust_env=False) as one:
            assert "起動時の点検: 問題ありません" in (await one.get(url)).text
            assert counter.notes == []
            (tmp_path / "policies").mkdir()
            (tmp_path / "policies" / "city.json").write_text(json.dumps({"ProxyMode": "direct"}))
            page = (await one.get(url.partition("/open")[0] + "/")).text
    finally:
        await counter._stack.aclose()
    assert "問題ありません" not in page
    assert all(told in page for told in (*Texts().weakness(Weakness.POLICY), "(ProxyMode)"))
    (note,) = counter.notes
    assert note.startswith("Policy ProxyMode = 'direct'")


async def test_tabs_that_show_in_a_visit_are_told_after_it_as_well(
    counter: OpenCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next browser has no sentinel yet, and would tell of it when somebody has closed one."""

    async def cannot(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("guard.counter.hand_over", cannot)
    monkeypatch.setattr(counter, "_wiped_after_fault", _nothing)
    counter.supervisor.fault = lambda *_: None  # type: ignore[method-assign]  # noted elsewhere
    counter._outside = counter._standby = cast("Any", SimpleNamespace(prepare=lambda: None, show_next=None))
    assert counter.preflight() == ()
    await counter._handed_over(cast("Any", _browser(shows_sentinels=True)), "v1")
    assert [one.weakness for one in counter.preflight()] == [Weakness.SENTINELS_SHOWN]


async def _nothing(*_: object) -> None:
    pass
