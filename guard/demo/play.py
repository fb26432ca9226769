"""Plays one accident twice: the way staff worked then, and at the guarded counter."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.account import MyPage
from flows.mock.hosts import POINT
from flows.plain import clean_page
from flows.points import PointSite
from guard.core.events import Ending
from guard.core.view import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Playwright

    from flows.accidents import LeftLoggedIn
    from flows.mock import MockPortals
    from flows.people import Resident
    from flows.site import Site
    from guard.blocking import BlockingCounter
    from guard.core.clearance import Clearance
    from guard.core.verdict import Reason
    from guard.demo.pictures import Album, Shot


@dataclass(kw_only=True)
class Unguarded:
    """What happened in the plain browser."""

    misattribution: str | None = None
    """Whose money went to whom, by the portal's own books; None if nothing went astray."""
    shots: list[Shot] = field(default_factory=list)


@dataclass(kw_only=True)
class Guarded:
    """What happened at the guarded counter."""

    first_clearance: Clearance | None = None
    """Of A, who went home without a logout."""
    next_citizen_after: float = 0.0
    """Seconds from the end of A's visit until the counter was clear for B."""
    stopped_by: Reason | None = None
    """Why the submission in A's session was stopped; None if it was not."""
    astray: str | None = None
    served_properly: bool = False
    """Whether B, under B's own login, got what B came for, by the portal's own books."""
    shots: list[Shot] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """True only if every part of the promise was kept."""
        cleared = self.first_clearance is not None and self.first_clearance.clean
        return cleared and self.stopped_by is not None and self.astray is None and self.served_properly


@dataclass(frozen=True, kw_only=True)
class Played:
    """One accident, played twice."""

    accident: LeftLoggedIn
    unguarded: Unguarded
    guarded: Guarded

    @property
    def proved(self) -> bool:
        """True only if the accident happened without the guard and was stopped with it."""
        return self.unguarded.misattribution is not None and self.guarded.held


def play_unguarded(accident: LeftLoggedIn, portals: MockPortals, browser: Browser, album: Album) -> Unguarded:
    """One browser for everybody: A goes home, nobody logs out, B is served on the same page."""
    portals.reset()
    result = Unguarded()
    with clean_page(browser) as page:
        accident.first_citizen_leaves(page)
        outcome = accident.second_citizen_is_served(page)
        result.shots.append(album.take(page, f"{accident.id}-unguarded", "ガードなし / without the guard"))
    if outcome.submitted:
        result.misattribution = accident.misattribution(portals.books)
    return result


class GuardedPlay:
    """The same two citizens at the guarded counter; then the very state of the accident, forced."""

    def __init__(
        self, portals: MockPortals, counter: BlockingCounter, playwright: Playwright, console: Page, album: Album
    ) -> None:
        self._portals = portals
        self._counter = counter
        self._playwright = playwright
        self._console = console
        self._album = album

    def play(self, accident: LeftLoggedIn) -> Guarded:
        """Play one accident; what the books say is read after each part."""
        self._portals.reset()
        result = Guarded()
        self._first_goes_home(accident, result)
        self._second_in_the_first_ones_session(accident, result)
        result.astray = accident.misattribution(self._portals.books)
        self._second_under_own_login(accident, result)
        result.astray = result.astray or accident.misattribution(self._portals.books)
        result.served_properly = accident.served_properly(self._portals.books)
        return result

    def _first_goes_home(self, accident: LeftLoggedIn, result: Guarded) -> None:
        """A interrupts and leaves. Nobody logs out; staff do no more than end the visit."""
        with self._visit(accident.first) as page:
            accident.first_citizen_leaves(page)
            self._shoot(result, page, accident, "ribbon", "帯: 対応中とログイン中が一致 / ribbon: both agree")
        left_at = time.monotonic()
        result.first_clearance = self._counter.end(Ending.INTERRUPTED)
        result.next_citizen_after = time.monotonic() - left_at

    def _second_in_the_first_ones_session(self, accident: LeftLoggedIn, result: Guarded) -> None:
        """The state of the accident: B is served, the portal is logged in as A, and B's data is submitted."""
        with self._visit(accident.second) as page:
            site = site_of(accident, page)
            site.open()
            site.log_in(accident.first)
            accident.attempt_in_leftover_session(page)
            stops = self._counter.view.stops
            result.stopped_by = stops[-1].reason if stops else None
            self._shoot(
                result, page, accident, "stop", "停止: 別の方がログイン中 / stopped: somebody else is logged in"
            )
            self._shoot(
                result, self._console, accident, "console", "受付画面: 理由と次にすること / console: why, what next"
            )
        self._counter.end(Ending.DISCARDED)

    def _second_under_own_login(self, accident: LeftLoggedIn, result: Guarded) -> None:
        with self._visit(accident.second) as page:
            accident.second_citizen_is_served(page)
            self._shoot(result, page, accident, "served", "本人のログインで完了 / done under B's own login")
        self._counter.end(Ending.DONE)
        self._counter.until(lambda view: view.phase is Phase.READY)
        self._shoot(result, self._console, accident, "clearance", "完了証跡 / clearance: nothing stayed")

    def _shoot(self, result: Guarded, page: Page, accident: LeftLoggedIn, what: str, caption: str) -> None:
        result.shots.append(self._album.take(page, f"{accident.id}-{what}", caption))

    @contextmanager
    def _visit(self, resident: Resident) -> Iterator[Page]:
        """The window of a new visit, joined by a Playwright of our own as QA would do it."""
        browser = self._playwright.chromium.connect_over_cdp(self._counter.open_visit(resident.citizen))
        try:
            context = browser.contexts[0]
            yield context.pages[0] if context.pages else context.wait_for_event("page")
        finally:
            browser.close()


def site_of(accident: LeftLoggedIn, page: Page) -> Site:
    """The portal where the accident's wrong booking is made, in this page."""
    return PointSite(page) if accident.portal == POINT else MyPage(page)
