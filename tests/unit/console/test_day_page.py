"""The day view over plain requests: its numbers, its charts, and staff's word on a stop."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import httpx
import pytest

from guard.console.app import create_app
from guard.console.charts import NAMES, WIDTH, chart
from guard.console.day_page import DayBook
from guard.core.commands import Refusal
from guard.core.day import AnswerOfDay, Day, VisitOfDay
from guard.core.verdict import Reason
from guard.texts import Texts
from tests.unit.console.test_app import BASE, ONCE, OWN, Desk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = Day(
    visits=(
        VisitOfDay(
            id="v1", person="A", opened_at=NOON, ended_at=NOON + timedelta(minutes=3), ending="discarded", cleared=True
        ),
        VisitOfDay(id="v2", person="B", opened_at=NOON + timedelta(minutes=4), ending="interrupted", released=1),
        VisitOfDay(id="v3", person="C", opened_at=NOON + timedelta(hours=2), cleared=False),
    ),
    answers=(
        AnswerOfDay(
            id=7, visit_id="v1", portal="point", request_class="submission", at=NOON, reason=Reason.SOMEONE_ELSE
        ),
        AnswerOfDay(
            id=9, visit_id="v2", portal="point", request_class="submission", at=NOON + timedelta(minutes=5), held_ms=420
        ),
    ),
)


class Book:
    """A day as a test says it was, and what staff said of it."""

    def __init__(self) -> None:
        self.day: Day | None = DAY
        self.asked: list[tuple[datetime, datetime]] = []
        self.marked: list[tuple[int, str | None, bool]] = []
        self.refusal: Refusal | None = None

    def read(self, begin: datetime, end: datetime) -> Day | None:
        self.asked.append((begin, end))
        return self.day

    def mark(self, stop: int, visit_id: str | None, false_stop: bool) -> Refusal | None:  # noqa: FBT001 - as `DayBook.mark`
        if self.refusal is None:
            self.marked.append((stop, visit_id, false_stop))
        return self.refusal


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def staff(book: Book) -> AsyncGenerator[httpx.AsyncClient, None]:
    day_book = DayBook(read=book.read, mark=book.mark)
    app = create_app(Desk(), token=ONCE, today=lambda: date(2026, 4, 1), book=day_book)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=OWN) as client:
        await client.get(f"/open?token={ONCE}")
        yield client


def figures(html: str) -> dict[str, str]:
    return dict(re.findall(r'data-figure="([a-z]+)">([^<]*)<', html))


def form(html: str, **changes: str) -> dict[str, str]:
    values = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', html))
    values["false"] = str(re.findall(r'name="false" value="([a-z]+)"', html)[0])
    return values | changes


async def test_the_day_is_told_in_numbers_from_midnight_to_midnight(book: Book, staff: httpx.AsyncClient) -> None:
    html = (await staff.get("/day")).text
    expected = {"visits": "3", "sent": "1", "stops": "1", "near": "1", "false": "0", "added": "0.00 秒"}
    assert figures(html) == expected
    (begin, end) = book.asked[0]
    assert begin.astimezone().isoformat()[:19] == "2026-04-01T00:00:00"
    assert end - begin == timedelta(days=1)
    for told in ("破棄", "中断", "対応中", "0.42 秒", Texts().reason(Reason.SOMEONE_ELSE).failed):
        assert told in html


async def test_the_day_is_told_in_english_too(staff: httpx.AsyncClient) -> None:
    html = (await staff.get("/")).text
    assert 'href="/day"' in html
    csrf = str(re.findall(r'name="csrf" value="([^"]*)"', html)[0])
    await staff.post("/language", data={"csrf": csrf})
    html = (await staff.get("/day")).text
    for told in ("Near misses", "Discarded", "Interrupted", "0.42 s", "Somebody other than the citizen served"):
        assert told in html
    assert not re.search("[ぁ-んァ-ン一-龥]", html)


async def test_charts_are_drawn_without_scripts_and_say_in_words_what_they_show(staff: httpx.AsyncClient) -> None:
    """A policy of the page forbids both inline styles and scripts; a screen reader hears label and value."""
    html = (await staff.get("/day")).text
    assert not re.search(r"<script(?! src)", html)
    assert "style=" not in html
    drawn = [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]  # noqa: S314 - our own page
    hour = NOON.astimezone().hour
    told = [[group.attrib["aria-label"] for group in svg if "aria-label" in group.attrib] for svg in drawn]
    assert told[0] == [f"{hour}:00: 2", f"{hour + 1}:00: 0", f"{hour + 2}:00: 1"]
    assert [line.rsplit(": ")[-1] for line in told[1]] == ["0.00 秒", "0.42 秒", "0.00 秒"]


def test_bars_are_as_long_as_their_values() -> None:
    drawn = chart("", [("a", 10, "10"), ("b", 5, "5"), ("c", 0.001, "0"), ("d", 0, "0")])
    first, second, third, none = (bar.length for bar in drawn.bars)
    assert (first, second, third, none) == (2 * second, second, 1, 0)
    assert NAMES + first < WIDTH
    assert chart("", [("a", 0, "0")]).bars[0].length == 0


async def test_staff_mark_a_stop_as_false_and_take_it_back(book: Book, staff: httpx.AsyncClient) -> None:
    """One button each way; a double click says it once."""
    html = (await staff.get("/day")).text
    for _ in range(2):
        answer = await staff.post("/day/stop", data=form(html))
        assert (answer.status_code, answer.headers["location"]) == (303, "/day")
    assert book.marked == [(7, "v1", True)]
    stop, sent = DAY.answers
    book.day = replace(DAY, answers=(replace(stop, false_stop=True), sent))
    html = (await staff.get("/day")).text
    assert (figures(html)["false"], figures(html)["near"]) == ("1", "0")
    await staff.post("/day/stop", data=form(html))
    assert book.marked[1:] == [(7, "v1", False)]


@pytest.mark.parametrize("wrong", [{"stop": "9"}, {"stop": "8"}, {"stop": "x"}, {"false": "perhaps"}])
async def test_a_made_up_mark_changes_nothing(book: Book, staff: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    """A release is no stop, and yesterday's are not to be judged here."""
    html = (await staff.get("/day")).text
    assert (await staff.post("/day/stop", data=form(html, **wrong))).status_code == 422
    assert (await staff.post("/day/stop", data=form(html, csrf="guess"))).status_code == 403
    assert book.marked == []


async def test_a_mark_that_is_declined_is_told(book: Book, staff: httpx.AsyncClient) -> None:
    book.refusal = Refusal.COUNTER_SEALED
    answer = await staff.post("/day/stop", data=form((await staff.get("/day")).text))
    assert answer.status_code == 422
    assert Texts().refusal(Refusal.COUNTER_SEALED) in answer.text


async def test_a_ledger_that_does_not_answer_is_told_in_place_of_numbers(book: Book, staff: httpx.AsyncClient) -> None:
    html = (await staff.get("/day")).text
    book.day = None
    answer = await staff.get("/day")
    assert answer.status_code == 200
    assert "受付表に書き込めません。" in answer.text
    assert figures(answer.text) == {}
    assert (await staff.post("/day/stop", data=form(html))).status_code == 422


async def test_a_day_before_its_first_visit_is_empty(book: Book, staff: httpx.AsyncClient) -> None:
    book.day = Day()
    html = (await staff.get("/day")).text
    assert figures(html)["added"] == "–"
    assert "<svg" not in html
    assert "今日は何も止めていません。" in html


async def test_a_reason_of_another_version_is_shown_as_it_is(book: Book, staff: httpx.AsyncClient) -> None:
    stop, _ = DAY.answers
    book.day = replace(DAY, answers=(replace(stop, reason="of_tomorrow", portal="<b>"),))
    html = (await staff.get("/day")).text
    assert "of_tomorrow" in html
    assert "<b>point" not in html
    assert "&lt;b&gt;" in html
