"""The guard as a library, used the way README shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import guard
from flows.mock.hosts import POINT
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from guard.core.events import Ending
from tests.day import counter_file

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from flows.mock import MockPortals
    from flows.people import Resident

pytestmark = pytest.mark.browser


async def log_in(page: Page, resident: Resident) -> None:
    await page.goto(f"https://{POINT}/login")
    await page.get_by_label("カード番号").fill(resident.card_id)
    await page.get_by_label("暗証番号").fill(resident.pin)
    await page.get_by_role("button", name="ログイン", exact=True).click()
    await page.wait_for_url(f"https://{POINT}/")


async def test_a_visit_gives_its_verdicts_and_at_its_end_a_clearance(portals: MockPortals, tmp_path: Path) -> None:
    """Leaving the block runs the handover; the next visit starts in a browser that knows nobody."""
    config = guard.load_config(counter_file(portals, tmp_path))
    async with guard.open_counter(config, headless=True) as counter:
        async with counter.visit(guard.Citizen(name=TANAKA_ICHIRO.name, birth_date=TANAKA_ICHIRO.birth_date)) as visit:
            await log_in(visit.page, SATO_HANAKO)
            stopped = "() => fetch('/apply/service', {method: 'POST', body: 'x'}).then(() => false, () => true)"
            assert await visit.page.evaluate(stopped)
            assert visit.verdicts[-1].reason is guard.Reason.SOMEONE_ELSE
            assert visit.verdicts[0].passed
        assert counter.clearance is not None
        assert counter.clearance.clean, counter.clearance.missing
        async with counter.visit(guard.Citizen(name=TANAKA_ICHIRO.name)) as visit:
            await visit.page.goto(f"https://{POINT}/")
            assert await visit.page.locator("#holder").text_content() == "ゲスト"
        with pytest.raises(guard.GuardError, match="visit_already_open"):
            async with counter.visit(guard.Citizen(name=TANAKA_ICHIRO.name)), counter.visit(guard.Citizen(name="B")):
                pass
        assert await counter.desk.end(Ending.DONE) is not None
    assert portals.books.misattributed() == ()
