"""A counter on the small applications, one style at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.mock.styles import STYLES, Style, StyleSites
from flows.plain import plain_browser
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings, Config, TestNetwork
from guard.core.confirmation import Answers
from guard.core.events import Ending
from guard.core.view import HolderState, Phase
from guard.portal import load_portal
from tests.day import settle

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Playwright

    from flows.mock.styles.style import StylePage
    from flows.people import Resident

PROFILES = Path(__file__).parents[3] / "config" / "portals" / "styles"
ServeStyle = Callable[[Style, "Resident"], "AbstractContextManager[StylePage]"]


@dataclass(frozen=True, kw_only=True)
class StyleDay:
    """The sites and the counter on them."""

    sites: StyleSites
    counter: BlockingCounter
    state_dir: Path

    def type_birth_date_of(self, resident: Resident, style: Style) -> None:
        """What staff do in the console after a login at a portal that names nobody; at the others there is no need."""
        if not style.names_holder:
            self.counter.until(lambda view: HolderState.NOT_BY_NAME in {one.state for one in view.portals})
            typed = Answers(birth_date=resident.birth_date)
            refusal = self.counter.call(self.counter.counter.desk.confirm, style.name, typed, "職員 一")
            assert refusal is None


def style_config(sites: StyleSites, state_dir: Path, styles: tuple[Style, ...] = STYLES) -> Config:
    """A counter on the sites of these styles."""
    return Config(
        counter="窓口1",
        portals=tuple(load_portal(PROFILES / f"{style.name}.toml") for style in styles),
        state_dir=state_dir,
        browser=BrowserSettings(allow_no_sandbox=needs_no_sandbox()),
        test_network=TestNetwork(hosts=sites.hosts, ca_file=sites.ca_file, trusted_spki=sites.spki),
    )


@contextmanager
def plain_style_browser(playwright: Playwright, sites: StyleSites) -> Iterator[Browser]:
    """A browser without a guard that reaches and trusts the sites."""
    browser = plain_browser(playwright, sites)
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="package")
def shared_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StyleDay]:
    """One counter for every style: its profiles stand side by side in one configuration."""
    state_dir = tmp_path_factory.mktemp("state")
    with StyleSites(STYLES) as sites, open_blocking_counter(style_config(sites, state_dir)) as counter:
        yield StyleDay(sites=sites, counter=counter, state_dir=state_dir)


@pytest.fixture
def day(shared_day: StyleDay) -> Iterator[StyleDay]:
    """That counter between two visits, and sites that know of nobody."""
    shared_day.sites.reset()
    yield shared_day
    settle(shared_day.counter)


@contextmanager
def serve_on(day: StyleDay, playwright: Playwright, style: Style, resident: Resident) -> Iterator[StylePage]:
    """A visit of a resident on the style's first page; leaving the block ends one that is open still."""
    browser = playwright.chromium.connect_over_cdp(day.counter.open_visit(resident.citizen))
    try:
        context = browser.contexts[0]
        page = context.pages[0] if context.pages else context.wait_for_event("page")
        person = style.people(page, style.origin)
        person.open()
        yield person
    finally:
        browser.close()
        if day.counter.view.phase is Phase.SERVING:
            day.counter.end(Ending.DONE)


@pytest.fixture
def serve_style(day: StyleDay, playwright: Playwright) -> ServeStyle:
    """`serve_on` the counter of the day."""
    return partial(serve_on, day, playwright)
