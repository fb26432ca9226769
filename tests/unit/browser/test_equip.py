from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, cast

import pytest

from guard.browser import equip as module
from guard.browser.equip import equip
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings, Config
from guard.errors import BrowserError
from tests.unit.trying.trials import portal

if TYPE_CHECKING:
    from pathlib import Path

    from guard.browser.guarded import Setup

NOBODY = cast("Any", None)


def _config(state_dir: Path) -> Config:
    browser = BrowserSettings(allow_no_sandbox=needs_no_sandbox())
    return Config(counter="窓口1", portals=(portal(),), state_dir=state_dir, browser=browser)


async def _equipped(config: Config) -> Setup:
    async with AsyncExitStack() as stack:
        return await equip(config, NOBODY, NOBODY, NOBODY, stack, headless=True)


@pytest.fixture
def _no_browser_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    async def golden(*_: object) -> str:
        return "golden"

    monkeypatch.setattr(module, "ensure_golden", golden)


@pytest.mark.usefixtures("_no_browser_runs")
async def test_a_profile_that_an_earlier_run_left_is_gone_before_a_browser_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold a citizen's session."""
    gone: list[Path] = []
    monkeypatch.setattr(module, "stray_profiles", lambda work_dir: [work_dir / "stray"])
    monkeypatch.setattr(module, "remove_profile", gone.append)

    setup = await _equipped(_config(tmp_path))

    assert gone == [tmp_path / "browsers" / "stray"]
    assert setup.work_dir == tmp_path / "browsers"
    assert setup.work_dir.stat().st_mode & 0o077 == 0
    assert "--headless" in setup.switches


async def test_a_folder_that_cannot_be_made_is_named_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / "browsers").write_text("in the way")

    with pytest.raises(BrowserError, match="cannot be made"):
        await _equipped(_config(tmp_path))
