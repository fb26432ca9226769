"""Run by a test as a guard of its own, to be killed: opens a visit, logs in, holds a submission, and waits.

`python -m tests.scenario.killed_guard counter.toml`; it prints one word for each step and waits for a line between.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.config import load_config
from tests.day import changed, eventually, log_in, sessions_in, waiting


def step(word: str) -> None:
    print(word, flush=True)  # noqa: T201  # how this program speaks to its test
    sys.stdin.readline()


def main() -> None:
    config = changed(load_config(sys.argv[1]), max_age=0.0)
    with open_blocking_counter(config) as counter, sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(counter.open_visit(TANAKA_ICHIRO.citizen))
        page = browser.contexts[0].pages[0]
        log_in(page, TANAKA_ICHIRO)
        step(f"session {sessions_in(page)['point.portal.test']}")
        page.evaluate("void fetch('/apply/service', {method: 'POST', body: 'payment_id=1'}).catch(() => 0)")
        eventually(lambda: waiting(counter))
        step("held")


if __name__ == "__main__":
    main()
