"""What a portal has staff save for the citizen: there under its own name during the visit, gone and told after it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from guard.core.commands import Kind
from tests.browser.lab import NOW
from tests.day import entries, eventually, shown_browser

if TYPE_CHECKING:
    from guard.blocking import BlockingCounter

pytestmark = pytest.mark.browser

SAVE = """
const receipt = Object.assign(document.createElement('a'), { download: '申込控え.txt' });
receipt.href = URL.createObjectURL(new Blob(['控え']));
receipt.click();
"""


def test_a_saved_receipt_keeps_its_name_until_the_end_of_the_visit(lab_counter: BlockingCounter) -> None:
    """By staff's own click: no Playwright has joined, which would give names of its own."""
    lab_counter.open_visit(NOW)
    browser = shown_browser(lab_counter)
    (page,) = browser.pages.open
    lab_counter.call(page.session.send, "Runtime.evaluate", {"expression": SAVE, "userGesture": True})
    receipt = browser.user_data_dir / "downloads" / "申込控え.txt"
    eventually(receipt.exists)
    assert receipt.read_text() == "控え"
    clearance = lab_counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert clearance.downloads == 1
    assert ("downloads", "1") in entries(lab_counter, Kind.CLEARANCE)[-1].facts
    assert not receipt.exists()
    lab_counter.open_visit(NOW)
    following = lab_counter.end()
    assert following is not None
    assert following.downloads == 0


def test_a_saved_receipt_is_opened_and_printed_under_its_own_name_during_the_visit(
    lab_counter: BlockingCounter,
) -> None:
    """As staff open it from the list of downloads, for the citizen to take home.

    A browser without a window has no printer and no dialog: what it prints is a PDF, of the very pages that the
    printer would get.
    """
    lab_counter.open_visit(NOW)
    browser = shown_browser(lab_counter)
    (page,) = browser.pages.open
    save = SAVE.replace("控え'])", "<meta charset=utf-8>控え'])").replace(".txt", ".html")
    lab_counter.call(page.session.send, "Runtime.evaluate", {"expression": save, "userGesture": True})
    receipt = browser.user_data_dir / "downloads" / "申込控え.html"
    eventually(receipt.exists)
    lab_counter.call(browser.session.send, "Target.createTarget", {"url": receipt.as_uri()})
    eventually(lambda: [one.url for one in browser.pages.open if one.url == receipt.as_uri()])
    (shown,) = [one for one in browser.pages.open if one.url == receipt.as_uri()]
    asked = {"expression": "document.readyState + document.body?.innerText"}
    eventually(lambda: "控え" in lab_counter.call(shown.session.send, "Runtime.evaluate", asked)["result"]["value"])
    printed = lab_counter.call(shown.session.send, "Page.printToPDF", {})["data"]
    assert base64.b64decode(printed).startswith(b"%PDF")
    clearance = lab_counter.end()
    assert clearance is not None
    assert clearance.clean, clearance.missing
    assert (clearance.downloads, receipt.exists()) == (1, False)
