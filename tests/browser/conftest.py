"""The lab, and a guarded counter on it that a whole module shares, because starting one takes most of a test's time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as PlaywrightError

from guard.blocking import BlockingCounter, open_blocking_counter
from guard.core.events import Ending
from guard.core.view import Phase
from tests.browser.lab import LAB, NOW, Lab, answered_at, lab_config, wait_until
from tests.browser.screen import Screen, virtual_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

    from guard.core.identity import Citizen
    from guard.supervisor import Answered


@dataclass
class Window:
    """The browser of an open visit, joined by Playwright, with what it must and must not have sent."""

    lab: Lab
    counter: BlockingCounter
    browser: Browser
    page: Page
    sent: dict[str, int] = field(default_factory=dict)
    """How often each path may have arrived by the end."""

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def start(self, citizen: Citizen | None) -> str:
        """Be logged in as this citizen, or nobody, on a page that has just been opened; returns the session."""
        session = self.lab.log_in(self.context, citizen)
        self._open_anew()
        return session

    def _open_anew(self) -> None:
        """Again, if the answer to what an earlier test sent comes in between."""
        for tries_left in (2, 1, 0):
            try:
                self.page.goto(f"https://{LAB}/")
            except PlaywrightError:
                if not tries_left:
                    raise
                self.page.wait_for_timeout(200)
            else:
                return

    def answer_at(self, path: str, number: int = 0) -> Answered:
        """The gate's answer to what was sent to a path."""
        wait_until(lambda: len(answered_at(self.counter, path)) > number, f"an answer at {path}")
        return answered_at(self.counter, path)[number]


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    """A virtual screen for the headed browsers of one file's tests."""
    with virtual_screen() as screen:
        yield screen


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """One lab for the whole run."""
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def lab_counter(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """A guarded counter on the lab."""
    with open_blocking_counter(lab_config(lab, tmp_path_factory.mktemp("counter"))) as counter:
        yield counter


@contextmanager
def open_window(lab: Lab, counter: BlockingCounter, playwright: Playwright, citizen: Citizen = NOW) -> Iterator[Window]:
    """A visit of its own; leaving ends it, if it is open still."""
    browser = playwright.chromium.connect_over_cdp(counter.open_visit(citizen))
    try:
        context = browser.contexts[0]
        page = context.pages[0] if context.pages else context.wait_for_event("page")
        yield Window(lab, counter, browser, page)
    finally:
        browser.close()
        if counter.view.phase is Phase.SERVING:
            counter.end(Ending.DONE)


@pytest.fixture(scope="module")
def shared_window(lab: Lab, lab_counter: BlockingCounter, playwright: Playwright) -> Iterator[Window]:
    """One visit of NOW for a whole module."""
    with open_window(lab, lab_counter, playwright) as window:
        yield window


@pytest.fixture
def window(lab: Lab, lab_counter: BlockingCounter, playwright: Playwright) -> Iterator[Window]:
    """A visit of NOW for one test, in a browser that no test used before."""
    with open_window(lab, lab_counter, playwright) as window:
        yield window
        lab.answers.clear()  # before the farewell, which would wait for a portal that hangs
