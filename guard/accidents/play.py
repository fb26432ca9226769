"""Plays accident classes at both counters: one plain browser, and one guarded counter for each way of profiles."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from playwright.sync_api import Error as PlaywrightError

from flows.accidents import Portals
from flows.accidents.ledger import astray
from flows.accidents.people import CAST
from flows.mock import MockPortals
from flows.mock.card_reader import MockReader
from flows.plain import plain_browser, restoring_browser
from flows.site import NotAdvancedError
from guard.accidents.guarded import GuardedCounter
from guard.accidents.plain import PlainCounter
from guard.accidents.played import Found, Guarded, Played
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.browser.executable import find_browser
from guard.config import CardSettings
from guard.core.payload import FieldKind
from guard.demo.run import mock_config
from guard.errors import GuardError
from guard.form_fields import FieldRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Playwright

    from flows.accidents import Accident, Counter
    from guard.config import Config

F = TypeVar("F", bound=Found)

FIELDS = {
    "point": (FieldRule(path="/apply/service", name="payment_id", kind=FieldKind.PAYMENT_ID),),
    "mypage": (
        FieldRule(path="/account/number", name="number", kind=FieldKind.ACCOUNT_NUMBER),
        FieldRule(path="/account/number", name="holder_kana", kind=FieldKind.ACCOUNT_HOLDER),
    ),
}
"""What the profiles show as an example; see `config/portals/point.toml`."""


class Player:
    """Plays one class after another; what it opens on the way is closed with the block of `open_player`."""

    def __init__(self, playwright: Playwright, portals: MockPortals, rooms: ExitStack, *, headed: bool) -> None:
        self._playwright = playwright
        self._portals = portals
        self._rooms = rooms
        self._headless = not headed
        self._executable = find_browser().path
        self._plain = plain_browser(playwright, portals, executable=self._executable, headless=self._headless)
        rooms.callback(self._plain.close)
        self._counters: dict[tuple[Portals, bool], BlockingCounter] = {}
        self._reader = MockReader()

    def play_unguarded(self, accident: Accident) -> Found:
        """The way staff worked; the browser and its cookies are this class's own."""
        self._portals.reset()
        with self._folder() as profile:
            counter = PlainCounter(self._portals, lambda: self._browser_for(accident, profile), self._plain)
            try:
                return self._watched(Found(), accident, counter)
            finally:
                counter.close()

    def play_guarded(self, accident: Accident) -> Guarded:
        """The same steps under the guard."""
        self._portals.reset()
        done = Guarded()
        reader = self._reader if accident.reader else None
        counter = GuardedCounter(
            self._portals, self._counter_for(accident), self._playwright, self._plain, done, reader
        )
        self._watched(done, accident, counter)
        counter.settle()
        return done

    def play(self, accident: Accident) -> Played:
        return Played(accident=accident, unguarded=self.play_unguarded(accident), guarded=self.play_guarded(accident))

    def _watched(self, found: F, accident: Accident, counter: Counter) -> F:
        began = time.monotonic()
        try:
            accident.steps(counter)
        except (AssertionError, GuardError, NotAdvancedError, PlaywrightError, TimeoutError) as error:
            found.broken = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        found.seconds = time.monotonic() - began
        found.astray = astray(self._portals.books)
        found.as_meant = accident.as_meant(self._portals.books)
        return found

    def _browser_for(self, accident: Accident, profile: Path) -> BrowserContext:
        if accident.restores:
            return restoring_browser(
                self._playwright, self._portals, profile, executable=self._executable, headless=self._headless
            )
        return self._plain.new_context(locale="ja-JP")

    def _counter_for(self, accident: Accident) -> BlockingCounter:
        """The counter with these profiles, with or without a card reader, opened at its first use."""
        kind = accident.portals, accident.reader
        if kind not in self._counters:
            config = described(mock_config(self._portals, self._rooms.enter_context(self._folder())), accident.portals)
            config = config.model_copy(update={"card": CardSettings(required=accident.reader)})
            counter = open_blocking_counter(config, headless=self._headless, card_service=self._reader)
            self._counters[kind] = self._rooms.enter_context(counter)
        return self._counters[kind]

    @staticmethod
    @contextmanager
    def _folder() -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="guard-accidents-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)


@contextmanager
def open_player(playwright: Playwright, *, headed: bool = False) -> Iterator[Player]:
    """Mock portals that know the whole cast, and a player on them, while the block lasts."""
    with MockPortals(CAST) as portals, ExitStack() as rooms:
        yield Player(playwright, portals, rooms, headed=headed)


def described(config: Config, portals: Portals) -> Config:
    """The counter with its profiles as an accident class wants them."""
    silent = {"birth_date": None, "subject_id": None}
    profiles = list(config.portals)
    for place, one in enumerate(profiles):
        if portals is Portals.FIELDS_DECLARED:
            profiles[place] = one.model_copy(update={"fields": FIELDS.get(one.name, ())})
        elif portals is Portals.NO_BIRTH_DATE:
            profiles[place] = one.model_copy(update={"holder": one.holder.model_copy(update=silent)})
    return config.model_copy(update={"portals": tuple(profiles)})
