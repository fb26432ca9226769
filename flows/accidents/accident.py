"""What an accident is: who came, what staff did, and what the books say afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from flows.site import NotAdvancedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from playwright.sync_api import Page

    from flows.mock.books import Books
    from flows.people import Resident
    from flows.site import Site
    from guard.grammar import Words


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
        return self.ending is Ending.SUBMITTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Accident:
    """A published accident as an executable scenario.

    The callables work on any sync `Page`, whoever drives it. `first_citizen_leaves` raises if A's own part does not
    run as published; the two others never raise for a page that does not advance, they say so in their outcome.
    """

    id: str
    place: Words
    day: date
    """The day that the report names: of the accident, or of its discovery where the report knows only that."""
    source: str
    """The report it is taken from."""
    what_happens: Words
    portal: str
    """Host of the portal where the wrong booking is made."""
    first: Resident
    """A, who goes home without having been logged out."""
    second: Resident
    """B, who is served next."""
    first_citizen_leaves: Callable[[Page], None]
    """What staff do with A until A goes home, still logged in."""
    second_citizen_is_served: Callable[[Page], Outcome]
    """What staff do with B, taking any session on show for B's; on the guest sign they log B in first."""
    attempt_in_leftover_session: Callable[[Page], Outcome]
    """B's data submitted in the session that is there; never logs in."""
    misattribution: Callable[[Books], str | None]
    """Whose points or account went to whom, in Japanese and English; None if nothing went astray."""
    served_properly: Callable[[Books], bool]
    """Whether B has what B came for, under B's own name, and nothing of A's or B's went astray."""


def serve(site: Site, resident: Resident, journey: Callable[[], None]) -> Outcome:
    """Serve the resident the way staff did: log in only if the screen says that nobody is."""
    return _outcome(site, journey, log_in=resident)


def attempt(site: Site, journey: Callable[[], None]) -> Outcome:
    """Go through the journey in the session that is there, if there is one."""
    return _outcome(site, journey, log_in=None)


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
