"""What staff and citizens do at a portal in any browser, and how far they come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from flows.account import MyPage
from flows.points import Points, PointSite
from flows.site import NotAdvancedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from flows.people import BankAccount, Cashless, Resident
    from flows.site import Site


class Ending(StrEnum):
    """How far the second citizen's journey came."""

    SUBMITTED = "submitted"
    """The portal accepted and showed its done page."""
    REFUSED = "refused"
    """The portal itself said no."""
    STOPPED = "stopped"
    """The page did not advance; the portal said nothing."""
    NO_LEFTOVER = "no_leftover"
    """Nobody was logged in, so nothing was attempted in anybody's session."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one journey."""

    ending: Ending
    screen: str = ""
    """Heading of the screen on which it ended."""
    notice: str = ""
    """What the portal said, with REFUSED."""
    holder: str | None = None
    """Whose name the header showed when the journey began; None for the guest sign."""

    @property
    def submitted(self) -> bool:
        """Whether the portal took what was sent."""
        return self.ending is Ending.SUBMITTED


def serve(site: Site, resident: Resident, journey: Callable[[], None]) -> Outcome:
    """Serve the resident the way staff did: log in only if the screen says that nobody is."""
    return _outcome(site, journey, log_in=resident)


def attempt(site: Site, journey: Callable[[], None]) -> Outcome:
    """Go through the journey in the session that is there, if there is one."""
    return _outcome(site, journey, log_in=None)


def leave_half_way(page: Page, resident: Resident) -> None:
    """The resident logs in at the point site, gets as far as the second screen, and goes home."""
    site = PointSite(page)
    site.open()
    site.log_in(resident)
    site.begin()
    site.choose_service(resident.cashless)


def apply_for(page: Page, resident: Resident, *wanted: Points, cashless: Cashless | None = None) -> Outcome:
    """Apply for points with what the resident brought, as `serve` does."""
    site = PointSite(page)
    return serve(site, resident, lambda: site.apply(cashless or resident.cashless, *(wanted or (Points.CARD,))))


def register_for(page: Page, resident: Resident, account: BankAccount | None = None) -> Outcome:
    """Register an account for the resident, their own if none is given, as `serve` does."""
    site = MyPage(page)
    return serve(site, resident, lambda: _register(site, resident, account or resident.account))


def log_in_at(site: Site, resident: Resident) -> None:
    """Open the portal and log the resident in, whoever was there before."""
    site.open()
    site.log_in(resident)


def _register(site: MyPage, resident: Resident, account: BankAccount) -> None:
    site.begin()
    site.agree()
    site.confirm_basic_data()
    site.give_person(resident)
    site.give_account(account)
    site.submit()


def _outcome(site: Site, journey: Callable[[], None], *, log_in: Resident | None) -> Outcome:
    holder: str | None = None
    try:
        if not site.is_open():
            site.open()
        holder = site.shown_holder()
        if holder is None:
            if log_in is None:
                return Outcome(ending=Ending.NO_LEFTOVER, screen=site.screen())
            site.log_in(log_in)
        journey()
    except NotAdvancedError as error:
        ending = Ending.REFUSED if error.notice else Ending.STOPPED
        return Outcome(ending=ending, screen=error.screen, notice=error.notice, holder=holder)
    except PlaywrightError:
        # An input that cannot be filled: an overlay, a page of the guard's own, a browser taken away.
        return Outcome(ending=Ending.STOPPED, screen=site.screen(), holder=holder)
    return Outcome(ending=Ending.SUBMITTED, screen=site.screen(), holder=holder)
