"""Login by card at the identity provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.patience import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.people import Resident


class CardLogin:
    """The identity provider's two screens: card and PIN, or going on with the card of before."""

    CARD = "マイナンバーカードでログイン"
    CONTINUE = "ログインの継続"

    def __init__(self, page: Page) -> None:
        self.page = page

    def offers_to_continue(self) -> bool:
        """Whether the provider still knows somebody and asks for no card."""
        return self.page.get_by_role("heading", name=self.CONTINUE, exact=True).is_visible()

    def choose_another_card(self) -> None:
        """Leave whom the provider still knows; the next screen asks for a card."""
        self.page.get_by_role("link", name="別のカードを使う").click(timeout=PATIENCE_MS)

    def go_on(self) -> None:
        """Log in without a card, as whoever the provider still knows."""
        self.page.get_by_role("button", name="このまま続ける").click(timeout=PATIENCE_MS)

    def fill(self, resident: Resident) -> None:
        """Lay down the resident's card; the resident types the PIN."""
        self.page.get_by_label("カード番号").fill(resident.card_id, timeout=PATIENCE_MS)
        self.page.get_by_label("暗証番号").fill(resident.pin)

    def submit(self) -> None:
        """Send card and PIN: from here on the provider knows the resident, and so does every portal that asks it."""
        self.page.get_by_role("button", name="ログイン", exact=True).click(timeout=PATIENCE_MS)
