"""What a browser writes long after the visit that left it, on its way out, or not before much has come together.

No handover ever lets it come so far. So the detectors are shown these files where they are written after all: in a
browser without a guard that closes in an orderly way, and in a visit that fills two gigabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.blocking import open_blocking_counter
from guard.browser.executable import find_browser
from guard.browser.profile import write_preferences
from guard.browser.residue import found_in
from guard.browser.switches import needs_no_sandbox
from guard.core.leftovers import Place
from tests.browser.conftest import open_window
from tests.browser.lab import LAB, NOW, Lab, lab_config, wait_until
from tests.day import shown_browser

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

pytestmark = pytest.mark.browser

WRITTEN = (
    (Place.HSTS, "1 host(s) in TransportSecurity"),
    (Place.NETWORK_STATE, "1 server(s) in Network Persistent State"),
    (Place.NETWORK_STATE, "1 row(s) of nel_policies in Reporting and NEL"),
)
REPORT_TO = f'{{"group": "nel", "max_age": 3600, "endpoints": [{{"url": "https://{LAB}/reports"}}]}}'
HEADERS = (
    ("strict-transport-security", "max-age=3600"),
    ("alt-svc", 'h3=":443"; ma=3600'),
    ("report-to", REPORT_TO),
    ("nel", '{"report_to": "nel", "max_age": 3600}'),
)
PIECE, PIECES = 20, 150  # megabytes, and how many of them a page makes at most; the limit is two gigabytes
HOLD_MORE = """async (megabytes) => {
  window.held ??= [];
  window.held.push(new Blob([new Uint8Array(megabytes << 20).fill(held.length + 1)]));
  await held.at(-1).slice(0, 1).arrayBuffer();
}"""
WITHIN_A_STEP = 60_000  # milliseconds


@pytest.fixture(scope="module")
def written(lab: Lab, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> frozenset[tuple[Place, str]]:
    """What is found in the profile of a browser that saw one page and was closed."""
    profile = tmp_path_factory.mktemp("closed") / "profile"
    write_preferences(profile)
    path = lab.page("<p>remember", path="/remembered", headers=HEADERS)
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=find_browser().path,
        chromium_sandbox=not needs_no_sandbox(),
        args=lab.switches(),
    )
    try:
        context.new_page().goto(f"https://{LAB}{path}")
        early = frozenset(found_in(profile))
    finally:
        context.close()
    assert not early & set(WRITTEN)
    return frozenset(found_in(profile))


@pytest.mark.parametrize("seen", WRITTEN, ids=lambda seen: seen[1])
def test_what_the_browser_writes_on_its_way_out_is_found(
    seen: tuple[Place, str], written: frozenset[tuple[Place, str]]
) -> None:
    assert seen in written


@pytest.mark.all_day
def test_what_a_page_holds_beyond_two_gigabytes_is_found_on_the_disk_and_gone_with_the_visit(
    lab: Lab, tmp_path: Path, playwright: Playwright
) -> None:
    """Below that limit (or a fifth of the memory) the browser writes no temporary file of what is to be sent."""
    with (
        open_blocking_counter(lab_config(lab, tmp_path)) as counter,
        open_window(lab, counter, playwright) as window,
    ):
        window.start(NOW)
        window.page.set_default_timeout(WITHIN_A_STEP)
        profile = shown_browser(counter).user_data_dir
        assert Place.UPLOADS not in dict(found_in(profile))
        for _ in range(PIECES):
            window.page.evaluate(HOLD_MORE, PIECE)
            if any((profile / "Default" / "blob_storage").glob("*/*")):
                break
        wait_until(lambda: Place.UPLOADS in dict(found_in(profile)), "the detector to see it")
        clearance = counter.end()
        assert clearance is not None
        assert clearance.clean, clearance.missing
        assert not profile.exists()
        assert Place.UPLOADS not in dict(found_in(shown_browser(counter).user_data_dir))
