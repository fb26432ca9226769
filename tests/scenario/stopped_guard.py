"""Run by a test as a guard of its own, to be stopped and continued: logs in, and submits when it is told to.

`python -m tests.scenario.stopped_guard counter.toml`; it prints one word for each step and waits for a line between.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.config import load_config
from guard.core.commands import Kind
from guard.core.submission import RequestClass
from guard.core.view import HolderState
from tests.day import changed, entries, eventually, log_in
from tests.scenario.killed_guard import step


def main() -> None:
    config = changed(load_config(sys.argv[1]), max_age=60.0)
    with open_blocking_counter(config) as counter, sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(counter.open_visit(TANAKA_ICHIRO.citizen))
        page = browser.contexts[0].pages[0]
        log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
        page.wait_for_timeout(1500)  # the last look ahead of need is over
        step("logged in")
        page.evaluate("void fetch('/apply/service', {method: 'POST', body: 'payment_id=1'}).catch(() => 0)")
        sent = RequestClass.SUBMISSION
        eventually(lambda: [one for one in counter.answered if one.submission.request_class is sent])
        verdict = counter.answered[-1].verdict
        step(f"{verdict.reason} {len(entries(counter, Kind.RESUMED))}")


if __name__ == "__main__":
    main()
