"""Run by a test as `guard counter` with a visit open and logged in, as if staff had done that at console and portal."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from flows.people import TANAKA_ICHIRO
from guard.cli import app
from guard.core.view import HolderState
from guard.counter import OpenCounter, open_counter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from guard.config import Config


async def serve_tanaka(counter: OpenCounter) -> None:
    await counter.desk.open_visit(TANAKA_ICHIRO.citizen)
    browser = counter.supervisor.browser
    assert browser is not None
    page = await browser.page()
    await page.goto("https://point.portal.test/login")
    await page.get_by_label("カード番号").fill(TANAKA_ICHIRO.card_id)
    await page.get_by_label("暗証番号").fill(TANAKA_ICHIRO.pin)
    await page.get_by_role("button", name="ログイン", exact=True).click()
    await counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
    for cookie in await page.context.cookies():
        print("session", cookie["domain"], cookie["value"])  # noqa: T201  # for the test


@asynccontextmanager
async def with_visit(config: Config, *, headless: bool) -> AsyncIterator[OpenCounter]:
    async with open_counter(config, headless=headless) as counter:
        await serve_tanaka(counter)
        yield counter


if __name__ == "__main__":
    with patch("guard.run.open_counter", with_visit):
        app()
