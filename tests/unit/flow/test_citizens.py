"""The citizens file as spreadsheets and people write it: read whole, or refused by its first fault, in one sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from guard import Citizen
from guard.flow.citizens import read_citizens
from guard.flow.complaints import FlowInputError

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 4, 1)
HEADER = "name,birth_date,card_id,service\n"
SATO = "佐藤 花子,S55.4.1,C-1,さくらペイ\n"
LEE = '"李 明",1990-05-06,,\n'
TAKES = {"service": ("さくらペイ", "そらペイ")}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_is_read_in_whatever_a_spreadsheet_writes(file: Path, encoding: str, line_end: str) -> None:
    file.write_bytes((HEADER + SATO + "\n" + LEE).replace("\n", line_end).encode(encoding))
    sato, lee = read_citizens(file, TODAY, takes=TAKES)
    assert sato.citizen == Citizen(name="佐藤 花子", birth_date=date(1980, 4, 1))
    assert (sato.line, dict(sato.given)["card_id"], dict(sato.given)["service"]) == (2, "C-1", "さくらペイ")
    assert (lee.line, "card_id" in lee.given) == (4, False)
    assert "佐藤" not in repr(sato)


def test_a_reception_list_is_a_citizens_file(file: Path) -> None:
    """Its number is not used; other names are those that a portal may show."""
    file.write_text('ticket,name,kana,birth_date,alias\n12,李 明,リ メイ,1990-05-06,"山本 明、Li Ming"\n')
    (lee,) = read_citizens(file, TODAY)
    assert lee.citizen.aliases == ("山本 明", "Li Ming")
    assert lee.citizen.kana == "リ メイ"


def test_a_row_may_name_a_child(file: Path) -> None:
    file.write_text("name,birth_date,child_name,child_birth_date\n佐藤 花子,19800401,佐藤 小春,H30.5.6\n")
    (row,) = read_citizens(file, TODAY, needs=("child_name", "child_birth_date"))
    assert row.child == Citizen(name="佐藤 小春", birth_date=date(2018, 5, 6))


ROWS = [
    ("山田 太郎,1980-02-30,,\n", "row 3, column birth_date: no such day (found: 10 characters). There is no such day"),
    ("山田 太郎,800401,,\n", "row 3, column birth_date: birth date unreadable (found: 6 digits). This cannot be read"),
    ("山田 太郎,2027-01-01,,\n", "row 3, column birth_date: in the future (found: 10 characters)"),
    ("山田 太郎,,,\n", "row 3, column birth_date: is empty. Fill it in: 1980-04-01, 19800401, S55.4.1"),
    (",19800401,,\n", "row 3, column name: is empty. Fill it in: as reception writes it."),
    (f"{'山' * 201},19800401,,\n", "row 3, column name: text too long (found: 201 characters)"),
    ("山田 太郎,19800401\n", "row 3: row uneven. The row has more or fewer cells"),
    ("佐藤花子,1980-04-01,C-2,\n", "row 3, column name: the same person as in row 2 (found: 4 characters). Keep one"),
    ("山田 太郎,19800401,C-1,\n", "row 3, column card_id: the same as in row 2 (found: 3 characters). Give each"),
    (
        "山田 太郎,19800401,C-2,ペイペイ\n",
        "row 3, column service: the portal does not offer it (found: ペイペイ)",
    ),
    ('"山田 太郎,19800401,C-2,\n', "row 3: row broken. Nothing can be read from here on"),
]


@pytest.mark.parametrize(("row", "complaint"), ROWS)
def test_a_bad_row_is_told_by_file_row_column_kind_of_value_and_mend(file: Path, row: str, complaint: str) -> None:
    """By the kind of value, never by the value: the terminal of a tester is filmed, too."""
    file.write_text(HEADER + SATO + row)
    with pytest.raises(FlowInputError) as raised:
        read_citizens(file, TODAY, takes=TAKES)
    assert str(raised.value).startswith(f"people.csv, {complaint}")
    assert "山田" not in str(raised.value)
    assert raised.value.exit_status == 2


FILES = [
    ("nmae,birth_date\n山田 太郎,19800401\n", "row 1: no column has this name (found: 'nmae'). Did you mean name?"),
    ("氏名,birth_date\n山田 太郎,19800401\n", "row 1: no column has this name (found: '氏名'). The columns are: name,"),
    ("name,birth_date,name\n", "row 1, column name: the column stands there twice. Keep one of the two."),
    ("name\n山田 太郎\n", "row 1, column birth_date: column missing. This column is missing."),
    ("name,birth_date\n", "no citizen stands in it. Write one citizen a row"),
    ("", "the first row is empty. Write a heading, name,birth_date, and one citizen a row."),
    ("\n\n", "the first row is empty."),
]


@pytest.mark.parametrize(("text", "complaint"), FILES)
def test_a_file_with_a_wrong_heading_or_without_citizens_says_so(file: Path, text: str, complaint: str) -> None:
    file.write_text(text)
    with pytest.raises(FlowInputError) as raised:
        read_citizens(file, TODAY)
    said = str(raised.value)
    assert said.startswith(("people.csv, " + complaint, "people.csv: " + complaint))


@pytest.mark.parametrize(
    "content", [(HEADER + SATO).encode("utf-16"), b"name\x80\xff", b"PK\x03\x04\x00", b" " * (4 * 1024 * 1024 + 1)]
)
def test_what_is_no_text_says_how_to_save_it(file: Path, content: bytes) -> None:
    """A spreadsheet's own format, UTF-16, a file that is far too large."""
    file.write_bytes(content)
    with pytest.raises(FlowInputError, match=r"people\.csv: is no text in UTF-8 or Shift_JIS\. Save it"):
        read_citizens(file, TODAY)


def test_a_file_that_is_not_there_or_a_folder_says_so(file: Path) -> None:
    for path, why in ((file, "No such file"), (file.parent, "Is a directory")):
        with pytest.raises(FlowInputError, match=f"{path}: cannot be read: {why}"):
            read_citizens(path, TODAY)


@pytest.mark.parametrize(("column", "value"), [("pin", "123"), ("number", "12345"), ("phone", "9012345678")])
def test_a_number_that_lost_its_zero_is_not_typed_anywhere(file: Path, column: str, value: str) -> None:
    """Spreadsheets take 0123 for a number; three wrong PINs lock the card of somebody on the staging portal."""
    whole = {"pin": "0123", "number": "0012345", "phone": "09012345678"}[column]
    file.write_text(f"name,birth_date,{column}\n山田 太郎,19800401,{whole}\n山田 次郎,19800401,{value}\n")
    with pytest.raises(FlowInputError, match=rf"row 3, column {column}: is not .*digits.* Format the column as text"):
        read_citizens(file, TODAY)


def test_a_column_that_the_flow_needs_must_be_there_and_filled_in(file: Path) -> None:
    file.write_text(HEADER + LEE)
    with pytest.raises(FlowInputError, match="row 1, column pin: column missing"):
        read_citizens(file, TODAY, needs=("pin",))
    with pytest.raises(FlowInputError, match=r"row 2, column card_id: is empty\. Fill it in: card number\."):
        read_citizens(file, TODAY, needs=("card_id",))
