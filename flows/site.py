"""What the page objects have in common: the header, pressing on to the next screen, logging out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from flows.login import CardLogin
from flows.patience import PATIENCE, PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, Request

    from flows.people import Resident

_GLANCE_MS = 250


class NotAdvancedError(Exception):
    """The next screen did not come.

    `screen` is the heading of the screen that stayed; `notice` is what the portal says about it, empty if the
    portal says nothing because it was never asked.
    """

    def __init__(self, screen: str, notice: str) -> None:
        super().__init__(f"the page stays at {screen!r}" + (f": {notice}" if notice else ""))
        self.screen = screen
        self.notice = notice


class Site:
    """One portal in one page. Every step either leads to its screen or raises `NotAdvancedError`."""

    base_url: str
    home_heading: str

    def __init__(self, page: Page, base_url: str | None = None) -> None:
        self.page = page
        if base_url is not None:
            self.base_url = base_url

    def open(self) -> None:
        """Go to the portal's home page."""
        self._advance(lambda: self._go("/"), self.home_heading)

    def is_open(self) -> bool:
        """Whether the page shows this portal already."""
        return self.page.url.startswith(f"{self.base_url}/")

    def shown_holder(self) -> str | None:
        """The name in the header, or None for the guest sign. This is what staff could have looked at."""
        sign = self.page.locator("#holder")
        name = (sign.text_content(timeout=PATIENCE_MS) or "").strip()
        return None if name == "ゲスト" else name

    def log_in(self, resident: Resident) -> None:
        """Log the resident in with their own card, whoever used the identity provider before."""
        self._advance(lambda: self._go("/login"), CardLogin.CARD, CardLogin.CONTINUE)
        card_login = CardLogin(self.page)
        if card_login.offers_to_continue():
            self._advance(card_login.choose_another_card, CardLogin.CARD)
        card_login.fill(resident)
        self._advance(card_login.submit, self.home_heading)

    def log_in_with_one_click(self) -> None:
        """Log in as whoever the identity provider still knows."""
        self._advance(lambda: self._go("/login"), CardLogin.CONTINUE)
        self._advance(CardLogin(self.page).go_on, self.home_heading)

    def log_out(self) -> None:
        """Menu, logout, confirm, done page."""
        self.page.get_by_text("メニュー", exact=True).click(timeout=PATIENCE_MS)
        link = self.page.get_by_role("link", name="ログアウト")
        self._advance(lambda: link.click(timeout=PATIENCE_MS), "ログアウトの確認")
        self._press("ログアウトする", "ログアウトしました")

    def screen(self) -> str:
        """The heading on show; empty where there is none."""
        try:
            return (self.page.locator("main h1").first.text_content(timeout=1000) or "").strip()
        except PlaywrightError:
            return ""

    def _go(self, path: str) -> None:
        self.page.goto(self.base_url + path, wait_until="commit", timeout=PATIENCE_MS)

    def _press(self, button: str, *leads_to: str) -> None:
        found = self.page.get_by_role("button", name=button, exact=True)
        self._advance(lambda: found.click(timeout=PATIENCE_MS), *leads_to)

    def _advance(self, act: Callable[[], None], *leads_to: str) -> None:
        """Do something and wait for one of the headings; give up early on a notice or an aborted request."""
        aborted: list[Request] = []
        # A notice that is on show already says nothing about the step that comes.
        ends = self._any_of(leads_to) if self._notice() else self._any_of(leads_to).or_(self.page.get_by_role("alert"))

        def watch(request: Request) -> None:
            if request.is_navigation_request():
                aborted.append(request)

        self.page.on("requestfailed", watch)
        try:
            act()
            arrived = self._wait(ends, aborted) and self._any_of(leads_to).is_visible()
        except PlaywrightError:
            # A click under an overlay, a refused connection, a browser taken away: the step was not made.
            arrived = False
        finally:
            self.page.remove_listener("requestfailed", watch)
        if not arrived:
            raise NotAdvancedError(self.screen(), self._notice())

    @staticmethod
    def _wait(ends: Locator, aborted: list[Request]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not aborted and time.monotonic() < deadline:
            try:
                ends.first.wait_for(timeout=_GLANCE_MS)
            except PlaywrightTimeout:
                continue
            return True
        return False

    def _any_of(self, headings: tuple[str, ...]) -> Locator:
        found = self.page.get_by_role("heading", name=headings[0], exact=True)
        for heading in headings[1:]:
            found = found.or_(self.page.get_by_role("heading", name=heading, exact=True))
        return found

    def _notice(self) -> str:
        try:
            return " ".join(self.page.get_by_role("alert").all_text_contents())
        except PlaywrightError:
            return ""
