"""The reception list as spreadsheets and people write it: good rows count, bad ones are told by their place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from guard.console.fields import Fault
from guard.console.reception_list import read_list

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 4, 1)
HEADER = "ticket,name,kana,birth_date,alias\n"
SATO = "12,佐藤 花子,サトウ ハナコ,S55.4.1,\n"
LEE = '13,李 明,,1990-05-06,"山本 明、Li Ming"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reception.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_list_is_read_in_whatever_a_spreadsheet_writes(file: Path, encoding: str, line_end: str) -> None:
    file.write_bytes((HEADER + SATO + LEE).replace("\n", line_end).encode(encoding))
    listed = read_list(file, TODAY)
    assert listed.faults == ()
    sato, lee = listed.expected
    assert sato.values() == {
        "ticket": "12", "name": "佐藤 花子", "birth_date": "S55.4.1", "kana": "サトウ ハナコ",
        "alias": "", "address": "",
    }  # fmt: skip
    assert (lee.ticket, lee.alias) == ("13", "山本 明、Li Ming")


def test_columns_are_found_by_name_in_any_order_and_others_do_not_matter(file: Path) -> None:
    file.write_text(" Name ,room,TICKET,birth_date,Address\n佐藤 花子,3,12,19800401,朝日1-23-7\n\n,,,,\n")
    listed = read_list(file, TODAY)
    assert [(one.ticket, one.name, one.kana, one.address) for one in listed.expected] == [
        ("12", "佐藤 花子", "", "朝日1-23-7")
    ]
    assert listed.faults == ()


@pytest.mark.parametrize(
    ("row", "column", "fault", "digits", "characters"),
    [
        (",山田 太郎,,1980-04-01,", "ticket", Fault.TICKET_MISSING, 0, 0),
        ("14,,,1980-04-01,", "name", Fault.NAME_MISSING, 0, 0),
        (f"14,{'山' * 201},,1980-04-01,", "name", Fault.TEXT_TOO_LONG, 0, 201),
        ("14,山田 太郎,,,", "birth_date", Fault.BIRTH_DATE_MISSING, 0, 0),
        ("14,山田 太郎,,800401,", "birth_date", Fault.BIRTH_DATE_UNREADABLE, 6, 0),
        ("14,山田 太郎,,1980-02-30,", "birth_date", Fault.NO_SUCH_DAY, 0, 10),
        ("14,山田 太郎,,2027-01-01,", "birth_date", Fault.IN_THE_FUTURE, 0, 10),
        ("１２,山田 太郎,,1980-04-01,", "ticket", Fault.TICKET_TWICE, 2, 0),
        ("14,山田 太郎,1980-04-01", "", Fault.ROW_UNEVEN, 0, 0),
    ],
)
def test_a_bad_row_is_told_by_its_place_and_hides_no_other(
    file: Path, row: str, column: str, fault: Fault, digits: int, characters: int
) -> None:
    """By the kind of value, never by the value: a name in a message would be on the screen all day."""
    file.write_text(f"{HEADER}{SATO}{row}\n{LEE}")
    listed = read_list(file, TODAY)
    assert [one.ticket for one in listed.expected] == ["12", "13"]
    (told,) = listed.faults
    assert (told.file, told.line, told.column, told.fault) == ("reception.csv", 3, column, fault)
    assert (told.digits, told.characters) == (digits, characters)
    assert "山田" not in repr(listed)


def test_a_row_with_two_faults_tells_both(file: Path) -> None:
    file.write_text(HEADER + "14,,,きのう,\n")
    faults = read_list(file, TODAY).faults
    assert [(told.column, told.fault) for told in faults] == [
        ("name", Fault.NAME_MISSING),
        ("birth_date", Fault.BIRTH_DATE_UNREADABLE),
    ]


def test_a_quote_that_never_ends_leaves_what_was_before_it(file: Path) -> None:
    file.write_text(HEADER + SATO + '13,"李 明,,1990-05-06,\n' + LEE)
    listed = read_list(file, TODAY)
    assert [one.ticket for one in listed.expected] == ["12"]
    assert [told.fault for told in listed.faults] == [Fault.ROW_UNEVEN]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (None, [Fault.LIST_UNREADABLE]),
        (b"\xff\xfe\x00\x81", [Fault.LIST_NOT_TEXT]),
        (b"", [Fault.COLUMN_MISSING] * 3),
        (b"ticket,birth_date\n1,19800401\n", [Fault.COLUMN_MISSING]),
        (b"ticket,name,birth_date\n" + b"x" * 200_000, [Fault.ROW_BROKEN]),
        (b" " * (4 * 1024 * 1024 + 1), [Fault.LIST_NOT_TEXT]),
    ],
)
def test_a_file_that_is_no_list_says_so(file: Path, content: bytes | None, faults: list[Fault]) -> None:
    """Reception goes on by typing."""
    if content is not None:
        file.write_bytes(content)
    listed = read_list(file, TODAY)
    assert listed.expected == ()
    assert [told.fault for told in listed.faults] == faults


def test_a_number_is_found_in_whatever_width_it_is_typed(file: Path) -> None:
    file.write_text(HEADER + SATO.replace("12,", "A-12,"))
    listed = read_list(file, TODAY)
    assert listed.of_ticket("ａ－１２ ") == listed.expected[0]
    assert listed.of_ticket("A-1") is None
