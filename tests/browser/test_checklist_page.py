"""The checklist walked as citizen and as staff, and its paper as the console's own browser prints it."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from guard.browser.cdp import ProtocolError
from guard.browser.console_window import ConsoleWindow
from guard.browser.executable import find_browser
from guard.console.app import create_app
from guard.console.citizen import Paper
from guard.console.server import ConsoleServer
from guard.core.checklist import Checklist, Confirmer, Item
from guard.core.commands import Refusal
from guard.tasks import Tasks
from tests.browser.lab import wait_until
from tests.browser.test_console_page import (
    ONCE,
    READY,
    SERVING,
    Counter,
    browser_type_launch_args,  # noqa: F401 (a fixture)
    counter_showing,
    opened,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PROVED = frozenset({Item.LOGGED_OUT, Item.WINDOW_CLOSED})
LIST = Checklist(visit_id="a1b2c3", proved=PROVED)
ENDED = replace(READY, checklist=LIST)
BY_CITIZEN = replace(READY, checklist=replace(LIST, confirmed_by=frozenset({Confirmer.CITIZEN})))
BY_BOTH = replace(READY, checklist=replace(LIST, confirmed_by=frozenset(Confirmer)))
INK = """canvas => { const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return all.filter((value, at) => at % 4 === 3 && value > 0).length }"""


@pytest.fixture
def counter() -> Iterator[Counter]:
    with counter_showing(ENDED) as counter:
        yield counter


@pytest.fixture
def console(counter: Counter, page: Page) -> Page:
    return opened(counter, page)


@pytest.fixture
def citizen(console: Page) -> Page:
    """The citizen's page, in a window of its own."""
    with console.expect_popup() as opened:
        console.get_by_role("link", name="ご本人用の画面を開く").click()
    opened.value.set_default_timeout(5000)
    return opened.value


def sign(page: Page) -> None:
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=6)
    page.mouse.up()


def test_the_citizen_signs_confirms_and_keeps_the_signature_on_paper_alone(counter: Counter, citizen: Page) -> None:
    """Over the wire go two ticks, and that somebody is there; the drawing stays on the page until it is left."""
    sent: list[tuple[str, str | None]] = []
    citizen.on("request", lambda request: sent.append((request.url, request.post_data)) if request.post_data else None)
    counter.desk.next = BY_CITIZEN
    sign(citizen)
    drawn = citizen.locator("canvas").evaluate(INK)
    assert drawn > 100
    for box in citizen.get_by_role("checkbox").all():
        box.check()
    citizen.get_by_role("button", name="確認しました", exact=True).click()
    expect(citizen.get_by_text("ありがとうございました")).to_be_visible()
    assert counter.desk.asked == [("checklist", "a1b2c3", Confirmer.CITIZEN, frozenset({*Item} - PROVED))]
    assert citizen.locator("canvas").evaluate(INK) == drawn, "still there to be printed"
    said = {url.rsplit("/", 1)[-1]: sorted(re.findall(r"(\w+)=", body or "")) for url, body in sent}
    assert said == {"activity": ["csrf"], "citizen": ["card_returned", "csrf", "lang", "of", "papers_taken"]}
    assert len([url for url, _ in sent if url.endswith("/citizen")]) == 1
    citizen.reload()
    assert citizen.locator("canvas").evaluate(INK) == 0


def test_a_signature_can_be_cleared(citizen: Page) -> None:
    sign(citizen)
    citizen.get_by_role("button", name="サインを消す").click()
    assert citizen.locator("canvas").evaluate(INK) == 0


def test_what_is_not_ticked_is_said_and_the_signature_stays(counter: Counter, citizen: Page) -> None:
    counter.desk.refusal = Refusal.CHECKLIST_OPEN
    sign(citizen)
    citizen.get_by_role("checkbox").first.check()
    citizen.get_by_role("button", name="確認しました", exact=True).click()
    expect(citizen.get_by_text("チェックしていない項目があります")).to_be_visible()
    expect(citizen.get_by_role("checkbox").first).to_be_checked()
    assert citizen.locator("canvas").evaluate(INK) > 100


def test_the_citizens_page_is_theirs_only_until_the_next_visit(counter: Counter, citizen: Page) -> None:
    """It may stay open on a screen of its own; a signature of the last citizen does not."""
    sign(citizen)
    counter.show(SERVING)
    expect(citizen.get_by_text("ただいま、確認していただくことはありません。")).to_be_visible()
    assert citizen.locator("canvas").count() == 0
    assert "山田" not in citizen.content()


def test_the_citizen_reads_english(citizen: Page) -> None:
    citizen.get_by_role("link", name="English").click()
    expect(citizen.get_by_role("checkbox", name="I have my card back")).to_be_visible()


def test_staff_see_the_citizens_word_and_add_theirs(counter: Counter, console: Page) -> None:
    """Beside reception, which keeps the focus and what is typed."""
    name = console.get_by_label("氏名", exact=True)
    expect(name).to_be_focused()
    name.fill("田中")
    counter.show(BY_CITIZEN)
    part = console.locator('[data-part="checklist"]')
    expect(part.get_by_role("listitem").filter(has_text="ご本人の確認")).to_contain_text("✓")
    for box in part.get_by_role("checkbox").all():
        box.check()
    expect(name).to_have_value("田中")
    counter.desk.next = BY_BOTH
    part.get_by_role("button", name="チェックした内容で確認する").click()
    expect(part.get_by_role("button")).to_have_count(0)
    assert counter.desk.asked == [("checklist", "a1b2c3", Confirmer.STAFF, frozenset({*Item} - PROVED))]


def test_the_next_visit_opens_past_an_open_checklist(counter: Counter, console: Page) -> None:
    counter.desk.next = SERVING
    console.get_by_label("氏名", exact=True).fill("山田 太郎")
    console.get_by_label("生年月日", exact=True).fill("1980-04-01")
    console.get_by_label("生年月日", exact=True).press("Enter")
    expect(console.get_by_role("heading", name="山田 太郎 様")).to_be_visible()


def test_on_paper_stand_the_items_and_no_control(citizen: Page) -> None:
    """A line to write the name on by hand; no button, no link, no hint."""
    citizen.emulate_media(media="print")
    expect(citizen.get_by_text("氏名(手書き):")).to_be_visible()
    for name in ("確認しました", "印刷する", "サインを消す"):
        expect(citizen.get_by_role("button", name=name, exact=True)).to_be_hidden()
    expect(citizen.get_by_text("手続きの画面を閉じ")).to_be_visible()


class Window:
    """The console in its real window, which makes the paper."""

    def __init__(self, counter: Counter, work_dir: Path) -> None:
        self.counter = counter
        self.paper = Paper(counter="窓口1")
        self.server = ConsoleServer(create_app(counter.desk, token=ONCE, paper=self.paper))
        counter.do(self.server.start())
        counter.do(self._open(work_dir))

    async def _open(self, work_dir: Path) -> None:
        tasks = Tasks(lambda name, error: pytest.fail(f"{name}: {error}"))
        program = find_browser(Path(os.environ.get("GUARD_TEST_BROWSER", "/usr/bin/chromium"))).path
        self.window = await ConsoleWindow.open(program, work_dir, self.server.url, tasks, headless=True)
        self.paper.printer = self.window

    def run(self, script: str) -> object:
        """Run a script in the console's page, and give its value."""
        told: list[object] = []

        async def evaluate() -> None:
            browser = await self.window._process.connection.browser_session()
            target = next(
                one for one in (await browser.send("Target.getTargets"))["targetInfos"] if one["type"] == "page"
            )
            page = await browser.attach(target["targetId"])
            asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
            told.append((await page.send("Runtime.evaluate", asked))["result"].get("value"))

        self.counter.do(evaluate())
        return told[0]

    def save(self) -> bytes:
        """What the link 「PDFで保存」 gives."""
        fetched = self.run(_FETCHED)
        assert isinstance(fetched, list)
        assert fetched[0] == 200
        return base64.b64decode(fetched[1])

    def goes_to(self, path: str) -> None:
        self.run(f"location.assign({path!r})")
        wait_until(lambda: self._is_at(path), path)

    def _is_at(self, path: str) -> bool:
        try:
            return bool(self.run(f"document.readyState + location.pathname === 'complete' + {path!r}"))
        except ProtocolError:  # between two documents there is nobody to ask
            return False

    def close(self) -> None:
        self.counter.do(self.window.destroy())
        self.counter.do(self.server.stop())


_FETCHED = """(async () => { const answer = await fetch('/checklist.pdf');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return [answer.status, btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))]; })()"""
_SIGNED = """(() => { const pen = document.getElementById('signature').getContext('2d');
  pen.beginPath(); pen.moveTo(30, 30); pen.lineTo(600, 200); pen.stroke(); return true; })()"""


@pytest.fixture
def window(counter: Counter, tmp_path: Path) -> Iterator[Window]:
    window = Window(counter, tmp_path)
    window.goes_to("/")
    yield window
    window.close()


def test_the_pdf_is_one_sheet_of_a4(window: Window) -> None:
    """Made by the window's own browser, whatever that window shows; the citizen's page need not be open."""
    sheet = window.save()
    assert sheet.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    media = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert media is not None
    assert [round(float(side)) for side in media.groups()] == [595, 842]


def test_the_signature_is_on_the_pdf_while_the_citizens_page_shows_it(window: Window) -> None:
    """It is nowhere else: a page that is opened anew prints without."""
    window.goes_to("/citizen")
    blank = window.save()
    window.run(_SIGNED)
    signed = window.save()
    assert _ink(signed) > _ink(blank) + 500
    window.goes_to("/")
    without = window.save()
    assert abs(_ink(without) - _ink(blank)) < 100


def _ink(sheet: bytes) -> int:
    """Bytes that pictures take; the only picture on the sheet is the signature's field."""
    streams = re.findall(rb"/Subtype /Image.*?/Length (\d+)", sheet, re.DOTALL)
    return sum(int(length) for length in streams)
