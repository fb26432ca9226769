"""A person who tries a profile as a script says, at the window over the bridge."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal
from playwright.sync_api import sync_playwright

from guard.trying.trial import Task
from guard.trying.walk import Wish, try_portal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page

    from guard.config import Config
    from guard.portal import Portal
    from guard.trying.trial import Mend

HELD_WITHIN = 10.0  # seconds


class Scripted:
    """Does one thing at the window for each task; a request that is held is let go once."""

    def __init__(self, steps: Mapping[Task, Callable[[Page], None]], *, name: str = "") -> None:
        self._steps = steps
        self._name = name
        self._done: set[Task] = set()
        self._answered = 0
        self.lines: list[str] = []
        """Everything that was told."""

    def told(self, line: str) -> None:
        self.lines.append(line)

    def at_window(self, task: Task, endpoint: str) -> Wish:
        if task in self._steps and task not in self._done:
            self._done.add(task)
            self._work(task, endpoint)
        if self._held > self._answered:
            self._answered += 1
            return Wish.LET_GO
        return Wish.DONE

    def shown_name(self) -> str:
        return self._name

    @property
    def _held(self) -> int:
        return sum(" is held: " in line for line in self.lines)

    def _work(self, task: Task, endpoint: str) -> None:
        """Do it; whoever uses the site sends something, and waits until it is held."""
        with sync_playwright() as playwright:
            browser = playwright.chromium.connect_over_cdp(endpoint)
            self._steps[task](browser.contexts[0].pages[0])
            deadline = time.monotonic() + HELD_WITHIN
            while task is Task.USE and self._held <= self._answered and time.monotonic() < deadline:
                time.sleep(0.05)
            browser.close()


def walk(portal: Portal, config: Config, person: Scripted, *, url: str | None = None) -> list[Mend]:
    """Try a profile in a loop of its own, as sync Playwright may have taken this thread's."""
    with start_blocking_portal("asyncio", name="trial") as loop:
        return loop.call(lambda: try_portal(portal, config, person, url=url, headless=True))
