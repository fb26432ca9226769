"""Reception over plain requests: typed in or from the list, and a number that is used twice on one day."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest

from guard.console.app import create_app
from guard.console.reception import Reception
from guard.core.identity import Citizen
from tests.unit.console.test_app import BASE, ONCE, OWN, Desk, hidden

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from datetime import datetime
    from pathlib import Path

ROWS = "ticket,name,kana,birth_date,alias\n12,佐藤 花子,サトウ ハナコ,S55.4.1,\n13,李 明,,1990-05-06,山本 明;Li Ming\n"
SATO = Citizen(name="佐藤 花子", kana="サトウ ハナコ", birth_date=date(1980, 4, 1))
LEE = Citizen(name="李 明", birth_date=date(1990, 5, 6), aliases=("山本 明", "Li Ming"))
USED = "この番号は今日すでに使われています。"


class Tickets:
    """Knows what a test says was used."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.since: datetime | None = None

    def tickets_used(self, tickets: Iterable[str], since: datetime) -> frozenset[str]:
        self.since = since
        return frozenset(self.used & set(tickets))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def tickets() -> Tickets:
    return Tickets()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "reception.csv"
    file.write_text(ROWS)
    return file


def keep(file: Path, text: str | None) -> None:
    """Have reception save its list, or lose it."""
    if text is None:
        file.unlink()
    else:
        file.write_text(text)


async def client(desk: Desk, reception: Reception) -> AsyncGenerator[httpx.AsyncClient, None]:
    app = create_app(desk, token=ONCE, today=lambda: date(2026, 4, 1), reception=reception)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=OWN) as client:
        await client.get(f"/open?token={ONCE}")
        yield client


@pytest.fixture
async def by_list(desk: Desk, file: Path, tickets: Tickets) -> AsyncGenerator[httpx.AsyncClient, None]:
    async for one in client(desk, Reception(file, tickets)):
        yield one


@pytest.fixture
async def typed(desk: Desk, tickets: Tickets) -> AsyncGenerator[httpx.AsyncClient, None]:
    async for one in client(desk, Reception(None, tickets)):
        yield one


def fields(html: str) -> dict[str, str]:
    """Name and value of the fields of the form that opens a visit."""
    form = html[html.index('action="/do/open"') :]
    return dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', form))


@pytest.mark.parametrize(("ticket", "citizen"), [("１２", SATO), ("13", LEE)])
async def test_a_number_fills_the_form_and_one_more_key_opens(
    desk: Desk, by_list: httpx.AsyncClient, ticket: str, citizen: Citizen
) -> None:
    """Nothing opens before staff have seen the name; what is filled in can be sent as it stands."""
    answer = await by_list.post("/do/fill", data=await hidden(by_list, ticket=ticket))
    assert answer.status_code == 200
    assert desk.asked == []
    assert re.search(r'id="open-name"[^>]* autofocus', answer.text)
    assert (await by_list.post("/do/open", data=fields(answer.text))).status_code == 303
    assert desk.asked == [citizen]
    assert desk.tickets == [ticket if ticket.isascii() else "12"]


async def test_the_list_shows_numbers_and_initials_alone(by_list: httpx.AsyncClient) -> None:
    """Names of people who only wait are not on the screen."""
    html = (await by_list.get("/")).text
    assert re.findall(r'<button name="ticket" value="(\d+)" lang="ja">([^<]*)<', html) == [
        ("12", "12 番 佐●"),
        ("13", "13 番 李●"),
    ]
    assert "花子" not in html
    assert re.search(r'id="fill-ticket"[^>]* autofocus', html)


async def test_who_was_received_today_is_off_the_list(by_list: httpx.AsyncClient, tickets: Tickets) -> None:
    tickets.used = {"12"}
    html = (await by_list.get("/")).text
    assert re.findall(r'<button name="ticket" value="(\d+)"', html) == ["13"]
    assert tickets.since is not None
    assert (tickets.since.isoformat()[:19], tickets.since.utcoffset() is not None) == ("2026-04-01T00:00:00", True)


@pytest.mark.parametrize(
    ("ticket", "told"), [("", "番号札の番号を入力してください。"), ("99", "この番号は受付名簿にありません。")]
)
async def test_a_number_that_fills_nothing_is_told_at_its_field(
    desk: Desk, by_list: httpx.AsyncClient, ticket: str, told: str
) -> None:
    answer = await by_list.post("/do/fill", data=await hidden(by_list, ticket=ticket))
    assert answer.status_code == 422
    assert 'id="fill-ticket-fault"' in answer.text
    assert told in answer.text
    assert desk.asked == []


async def test_a_number_used_today_is_told_and_staff_can_go_on_knowingly(
    desk: Desk, typed: httpx.AsyncClient, tickets: Tickets
) -> None:
    """The word of staff counts for the number that they saw, and for no other that they type afterwards."""
    tickets.used = {"12", "15"}
    form = await hidden(typed, name="佐藤 花子", kana="サトウ ハナコ", birth_date="S55.4.1", ticket=" 12 ")
    answer = await typed.post("/do/open", data=form)
    assert answer.status_code == 422
    assert 'id="open-ticket-fault"' in answer.text
    assert USED in answer.text
    assert (desk.asked, fields(answer.text)["name"]) == ([], "佐藤 花子")
    assert fields(answer.text)["used_ticket"] == "12"
    other = await typed.post("/do/open", data=form | {"ticket": "15", "used_ticket": "12"})
    assert USED in other.text
    assert (await typed.post("/do/open", data=form | {"used_ticket": "12"})).status_code == 303
    assert (desk.asked, desk.tickets) == ([SATO], ["12"])


async def test_without_a_list_everybody_is_typed_in_and_a_number_is_optional(
    desk: Desk, typed: httpx.AsyncClient
) -> None:
    html = (await typed.get("/")).text
    assert "/do/fill" not in html
    assert (await typed.post("/do/fill", data=await hidden(typed, ticket="12"))).status_code == 422
    form = await hidden(typed, name="李 明", birth_date="19900506", alias="山本 明、Li Ming、", ticket="", address="")
    assert (await typed.post("/do/open", data=form)).status_code == 303
    assert (desk.asked, desk.tickets) == ([LEE], [None])


async def test_an_address_goes_with_the_citizen(desk: Desk, typed: httpx.AsyncClient) -> None:
    form = await hidden(typed, name="李 明", birth_date="19900506", address=" 朝日1-23-7\t101 ")
    assert (await typed.post("/do/open", data=form)).status_code == 303
    assert desk.asked == [Citizen(name="李 明", birth_date=date(1990, 5, 6), address="朝日1-23-7 101")]


async def test_endless_texts_are_told_at_their_fields(desk: Desk, typed: httpx.AsyncClient) -> None:
    form = await hidden(
        typed, name="李 明", birth_date="19900506", alias="あ" * 201, address="東" * 201, ticket="1" * 201
    )
    answer = await typed.post("/do/open", data=form)
    assert 'id="open-alias-fault"' in answer.text
    assert 'id="open-address-fault"' in answer.text
    assert 'id="open-ticket-fault"' in answer.text
    assert desk.asked == []


async def test_a_bad_row_is_shown_by_its_place_in_both_languages(by_list: httpx.AsyncClient, file: Path) -> None:
    """The page is drawn anew from the file each time, so a mended list is seen at once."""
    keep(file, ROWS + "14,山田 太郎,,800401,\n")
    html = (await by_list.get("/")).text
    assert "reception.csv 4行目 birth_date (数字6桁) 日付として読めません。" in html
    assert "山田" not in html
    await by_list.post("/language", data={"csrf": (await hidden(by_list))["csrf"]})
    assert "reception.csv, line 4 birth_date (6 digits) This cannot be read" in (await by_list.get("/")).text
    keep(file, None)
    assert "reception.csv The file of the reception list cannot be opened." in (await by_list.get("/")).text
    keep(file, ROWS)
    assert "reception.csv" not in (await by_list.get("/")).text
