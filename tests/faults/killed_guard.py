"""Run by a test as a guard of its own, to be killed: brings a visit to a point, and waits there.

`python -m tests.faults.killed_guard counter.toml "submission held"` prints `hold` where the site is to think about
who is logged in, waits for a line, and prints `there` at the point.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from guard.blocking import open_blocking_counter
from guard.config import load_config
from tests.day import changed
from tests.faults.points import CITIZEN, POINTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from guard.blocking import BlockingCounter


def step(word: str) -> None:
    print(word, flush=True)  # noqa: T201  # how this program speaks to its test
    sys.stdin.readline()


@dataclass(frozen=True)
class FarScene:
    """A visit far from the portals: they are the test's."""

    counter: BlockingCounter
    page: Page

    def hold(self) -> None:
        step("hold")


def main() -> None:
    config = changed(load_config(sys.argv[1]), max_age=0.0)
    (point,) = [point for point in POINTS if point.name == sys.argv[2]]
    with open_blocking_counter(config) as counter, sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(counter.open_visit(CITIZEN.citizen))
        point.reach(FarScene(counter, browser.contexts[0].pages[0]))
        step("there")


if __name__ == "__main__":
    main()
