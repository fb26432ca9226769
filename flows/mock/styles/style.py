"""One style: its sites, its profile, and how people use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.core.clearance import Finding
from guard.core.view import HolderState

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.mock.styles.site import StyleSite
    from flows.people import Resident

PATIENCE = 15_000  # milliseconds


class StylePage:
    """A person at one of the small applications; subclasses for those with another way in."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        page.set_default_timeout(PATIENCE)

    def open(self) -> None:
        """The first page."""
        self.page.goto(self.origin + "/")

    def log_in(self, resident: Resident) -> None:
        """Log in, and wait until the page says so."""
        self.page.fill("#person", resident.subject)
        self.page.click("#log-in")
        self.page.wait_for_selector("#apply")

    def apply(self) -> None:
        """Press the button that books; does not wait."""
        self.page.click("#apply", no_wait_after=True)

    def wait_until_applied(self) -> None:
        """Wait for the page that says it is done."""
        self.page.wait_for_selector("#done")

    def log_out(self) -> None:
        """As a careful person does."""
        self.page.click("#log-out")
        self.page.wait_for_selector("#person")


@dataclass(frozen=True, kw_only=True)
class Style:
    """A way to keep sessions, with all that a test of it needs."""

    name: str
    """Of the profile `config/portals/styles/{name}.toml`, and of the portal in it."""
    sites: tuple[type[StyleSite], ...]
    """The first is the one that books."""
    people: type[StylePage] = StylePage
    logged_out: Finding = Finding.PROVED
    """What the clearance says when somebody was logged in."""
    session_dead: Finding = Finding.PROVED
    after_login: HolderState = HolderState.AGREE
    """What staff see of the citizen's login before they submit."""
    before_login: HolderState = HolderState.NOBODY
    names_holder: bool = True
    """False where staff type the birth date after the login, and somebody else cannot be told by name."""

    @property
    def origin(self) -> str:
        return f"https://{self.sites[0].host}"
