"""The journey at the my-page portal in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.account import MyPage
from flows.mock import MYPAGE
from flows.people import SUZUKI_MISAKI

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.mock import MockPortals


def test_a_citizen_registers_their_own_account(page: Page, portals: MockPortals) -> None:
    """Nine screens, one POST that matters, no policy violated on the way."""
    complaints: list[str] = []
    site = MyPage(page)
    site.log_in(SUZUKI_MISAKI)
    page.on("console", lambda message: complaints.append(message.text))
    site.register(SUZUKI_MISAKI)
    assert site.screen() == MyPage.DONE
    (row,) = portals.books.accounts()
    assert (row.holder_name, row.owner_name) == (SUZUKI_MISAKI.name, SUZUKI_MISAKI.name)
    assert len(portals.arrived("POST", MYPAGE, "/account/register")) == 1
    assert complaints == []
