"""Declared fields in a real browser: whatever way a page sends a number, it is read, or nothing is sent."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from guard.blocking import BlockingCounter, open_blocking_counter
from guard.core.verdict import Reason
from tests.browser.lab import LAB, NOW, Lab, lab_config, profile, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.conftest import Window

pytestmark = pytest.mark.browser

FIELDS = [
    {"path": "/form/.*", "name": "number", "kind": "payment_id"},
    {"path": "/json/.*", "name": "to.number", "kind": "payment_id", "body": "json"},
]
FORM = """<form method=post action="PATH" enctype="{enctype}"><input name=csrf><input name=number value="NUMBER">
<input type=file name=scan></form>"""
SUBMIT = "document.forms[0].submit()"
PARTS = "const f = new FormData(); f.append('scan', new Blob(['x'], {type: 'text/plain'}), 'n.txt');"
FETCH = "fetch('PATH', {method: 'POST', credentials: 'include', %s}).catch(() => 0)"
JSON = "headers: {'Content-Type': 'application/json'}, body: JSON.stringify({to: {number: 'NUMBER'}})"

READ = {
    "a form": ("/form/", FORM.format(enctype="application/x-www-form-urlencoded"), SUBMIT),
    "a form with a file from disk": ("/form/", FORM.format(enctype="multipart/form-data"), SUBMIT),
    "fetch of a form's parts": ("/form/", "", f"{PARTS} f.append('number', 'NUMBER'); {FETCH % 'body: f'}"),
    "fetch of JSON": ("/json/", "", FETCH % JSON),
    "fetch that outlives its page": ("/json/", "", FETCH % f"keepalive: true, {JSON}"),
    "a beacon": ("/form/", "", "navigator.sendBeacon('PATH', new URLSearchParams({number: 'NUMBER'}))"),
}
UNREAD = {
    "JSON under another name": ("/json/", "", FETCH % JSON.replace("application/json", "text/plain")),
    "a beacon of text": ("/form/", "", "navigator.sendBeacon('PATH', 'number=NUMBER')"),
    "bytes of no kind": ("/form/", "", FETCH % "body: new Uint8Array([110, 61, 49])"),
    "two of the same name": ("/form/", "", FETCH % "body: new URLSearchParams('number=NUMBER&number=2')"),
    "a number in a file": ("/form/", "", f"{PARTS} f.append('number', new File(['NUMBER'], 'n')); {FETCH % 'body: f'}"),
    "nothing": ("/form/", "", FETCH % "body: ''"),
}


@pytest.fixture(scope="module")
def lab_counter(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """A counter on the lab whose profile declares fields."""
    config = lab_config(lab, tmp_path_factory.mktemp("counter"), portals=(profile("lab", LAB, fields=FIELDS),))
    with open_blocking_counter(config) as counter:
        yield counter


def drive(window: Window, road: tuple[str, str, str], folder: Path) -> tuple[str, str]:
    """Send a number nobody had before; returns it, and the path it goes to."""
    where, html, script = road
    number, path = f"SP{secrets.randbelow(10**8):08}", where + secrets.token_hex(4)
    page = window.lab.page(html.replace("PATH", path).replace("NUMBER", number))
    window.page.goto(f"https://{LAB}{page}")
    if html:
        file = folder / "scan.jpg"
        file.write_bytes(b"\xff\xd8 not in the event")
        window.page.set_input_files("input[type=file]", file)
    act = script.replace("PATH", path).replace("NUMBER", number)
    window.page.evaluate("act => void setTimeout(() => (0, eval)(act), 0)", f"{{ {act} }}")
    return number, path


@pytest.mark.parametrize("road", READ)
def test_a_number_is_read_back_however_it_is_sent_and_arrives_unchanged(
    road: str, shared_window: Window, tmp_path: Path
) -> None:
    window, counter = shared_window, shared_window.counter
    window.start(NOW)
    number, path = drive(window, READ[road], tmp_path)
    asked = counter.until(lambda view: view.read_back is not None).read_back
    assert asked is not None
    assert "".join(asked.groups) == number
    assert window.lab.at(path) == []
    assert counter.call(counter.counter.desk.read_back, asked.submission_id, number[-4:]) is None
    wait_until(lambda: window.lab.at(path), f"an arrival at {path}")
    (arrival,) = window.lab.at(path)
    assert number.encode() in arrival.body
    assert (b"not in the event" in arrival.body) is (road == "a form with a file from disk")


@pytest.mark.parametrize("road", UNREAD)
def test_what_cannot_be_read_for_certain_is_not_sent(road: str, shared_window: Window, tmp_path: Path) -> None:
    shared_window.start(NOW)
    _, path = drive(shared_window, UNREAD[road], tmp_path)
    assert shared_window.answer_at(path).verdict.reason is Reason.PAYLOAD_UNREADABLE
    assert shared_window.lab.at(path) == []
