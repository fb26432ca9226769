"""The citizen's page and its paper, as requests and answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from guard.console.app import create_app
from guard.console.citizen import Paper
from guard.core.checklist import Checklist, Confirmer, Item
from guard.core.commands import Refusal
from guard.core.view import CounterView, Phase
from guard.errors import BrowserError
from guard.labels import Label
from guard.texts import Language, Texts
from tests.unit.console.test_app import BASE, ONCE, OWN, Desk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

LIST = Checklist(visit_id="a1b2c3", proved=frozenset({Item.LOGGED_OUT, Item.WINDOW_CLOSED}))
ENDED = CounterView(phase=Phase.READY, generation=2, checklist=LIST)


class Press:
    """A printer that prints its path, or fails."""

    def __init__(self) -> None:
        self.broken = False

    async def pdf(self, path: str) -> bytes:
        if self.broken:
            raise BrowserError("gone", mend="Open it.")
        return b"%PDF " + path.encode()


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.now = ENDED
    return desk


@pytest.fixture
def paper() -> Paper:
    return Paper(counter="窓口<1>", now=lambda: datetime(2026, 4, 1, 9, 30, tzinfo=UTC))


@pytest.fixture
async def client(desk: Desk, paper: Paper) -> AsyncGenerator[httpx.AsyncClient, None]:
    app = create_app(desk, token=ONCE, paper=paper)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=OWN) as client:
        await client.get(f"/open?token={ONCE}")
        yield client


async def form(client: httpx.AsyncClient, **fields: str) -> dict[str, str]:
    html = (await client.get("/citizen")).text
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', html)[0] for name in ("csrf", "of")} | fields


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_says_where_when_and_what(client: httpx.AsyncClient, language: Language) -> None:
    """Counter, time, number and all items in the language asked for; it takes no script or style of its own."""
    html = (await client.get(f"/citizen?lang={language}")).text
    texts = Texts(language)
    assert f'<html lang="{language}">' in html
    for word in ("窓口&lt;1&gt;", "2026-04-01 09:30", "a1b2c3", *(texts.item_plain(item) for item in Item)):
        assert word in html
    assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=", html)


async def test_only_what_people_know_can_be_ticked(client: httpx.AsyncClient) -> None:
    """Logged out and window closed have no box."""
    html = (await client.get("/citizen")).text
    assert re.findall(r'type="checkbox" name="([^"]+)"', html) == ["card_returned", "papers_taken"]


async def test_the_citizens_word_reaches_the_counter(client: httpx.AsyncClient, desk: Desk) -> None:
    said = await form(client, card_returned="on", papers_taken="on")
    assert (await client.post("/citizen", data=said)).status_code == 200
    ticked = frozenset({Item.CARD_RETURNED, Item.PAPERS_TAKEN})
    assert desk.asked == [("a1b2c3", Confirmer.CITIZEN, ticked)]


async def test_what_is_declined_is_told_and_stays_ticked(client: httpx.AsyncClient, desk: Desk) -> None:
    desk.refusal = Refusal.CHECKLIST_OPEN
    answer = await client.post("/citizen", data=await form(client, papers_taken="on", lang="en"))
    assert answer.status_code == 422
    assert Texts(Language.EN).refusal(Refusal.CHECKLIST_OPEN) in answer.text
    assert 'name="papers_taken" checked' in answer.text
    assert 'name="card_returned" checked' not in answer.text


async def test_a_forged_confirmation_changes_nothing(client: httpx.AsyncClient, desk: Desk) -> None:
    said = await form(client, csrf="forged", card_returned="on", papers_taken="on")
    assert (await client.post("/citizen", data=said)).status_code == 403
    assert desk.asked == []


async def test_between_visits_the_page_asks_for_nothing(client: httpx.AsyncClient, desk: Desk) -> None:
    """It may stand open before the next citizen: nothing of the last visit is on it."""
    desk.now = CounterView(phase=Phase.SERVING, generation=2, visit_id="v2", citizen_name="佐藤 花子")
    html = (await client.get("/citizen")).text
    assert Texts().label(Label.CITIZEN_NOTHING) in html
    for trace in ("佐藤", "a1b2c3", "<form", "<canvas"):
        assert trace not in html


async def test_the_pdf_is_what_the_consoles_own_browser_prints(client: httpx.AsyncClient, paper: Paper) -> None:
    paper.printer = Press()
    answer = await client.get("/checklist.pdf")
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF /citizen", "application/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename=checklist-a1b2c3.pdf"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("broken", [False, True])
async def test_without_a_window_the_answer_says_why_there_is_no_pdf(
    client: httpx.AsyncClient,
    paper: Paper,
    broken: bool,  # noqa: FBT001 (a case)
) -> None:
    """Headless, or its browser has gone: 503, and the mend; the counter is not sealed for a sheet of paper."""
    if broken:
        paper.printer = press = Press()
        press.broken = True
    answer = await client.get("/checklist.pdf")
    assert (answer.status_code, answer.text) == (503, Texts().label(Label.NO_PRINTER) + "\n")


async def test_there_is_no_paper_of_nothing(client: httpx.AsyncClient, desk: Desk, paper: Paper) -> None:
    paper.printer = Press()
    desk.now = CounterView(phase=Phase.READY, generation=2)
    assert (await client.get("/checklist.pdf")).status_code == 404


async def test_staff_confirm_in_the_console(client: httpx.AsyncClient, desk: Desk) -> None:
    """The list stands beside reception, and its form says whose it is."""
    html = (await client.get("/")).text
    assert html.index('data-part="reception"') < html.index('data-part="checklist"')
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', html)[-1] for name in ("csrf", "once", "visit", "of")}
    answer = await client.post("/do/checklist", data=fields | {"papers_taken": "on"})
    assert answer.status_code == 303
    assert desk.asked == [("a1b2c3", Confirmer.STAFF, frozenset({Item.PAPERS_TAKEN}))]


async def test_a_card_on_the_reader_is_named_in_the_console(client: httpx.AsyncClient, desk: Desk) -> None:
    left = Checklist(visit_id="a1b2c3", proved=frozenset(), card_on_reader=True)
    desk.now = CounterView(phase=Phase.READY, generation=2, checklist=left)
    assert Texts().refusal(Refusal.CARD_STILL_THERE) in (await client.get("/")).text
