"""The citizens file: CSV out of a spreadsheet, one citizen a row, refused as a whole for its first fault."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.console.fields import Fault, read_birth_date, read_text
from guard.console.orders import BETWEEN_ALIASES
from guard.console.reception_list import decoded
from guard.core.identity import Citizen
from guard.flow.columns import BIRTH_DATE, COLUMNS, DATES, FORMS, NAME, REQUIRED, UNIQUE
from guard.flow.complaints import Complaints, FlowInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date
    from pathlib import Path

_LARGEST = 4 * 1024 * 1024  # bytes; more citizens than a counter serves in a year
_NO_TEXT = re.compile("[\0\uf8f0-\uf8f3]")
"""What bytes become that are no Shift_JIS, such as UTF-16's: Python's codec takes them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One citizen of the file."""

    line: int
    """Of the file, the heading being 1."""
    citizen: Citizen
    """As reception writes them down."""
    given: Mapping[str, str]
    """What stands in the row, by column; empty cells are left out."""
    child: Citizen | None = None
    """For whom the citizen acts."""

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return f"Row(line={self.line})"


def read_citizens(
    path: Path, today: date, *, needs: Collection[str] = (), takes: Mapping[str, Collection[str]] | None = None
) -> tuple[Row, ...]:
    """Every citizen of the file; raises FlowInputError for the first thing that is wrong.

    `needs` are columns that the flow cannot do without, beside name and birth date; `takes` are the only values that
    a column may have.
    """
    return _Reader(_text(path), path.name, today, (*REQUIRED, *needs), takes or {}).read()


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        what = f"{path}: cannot be read: {error.strerror}"
        raise FlowInputError(what, mend="Name an existing file that this user may read.") from None
    text = decoded(content) if len(content) <= _LARGEST else None
    if text is None or _NO_TEXT.search(text):
        mend = "Save it from the spreadsheet as CSV in one of the two."
        raise Complaints(path.name).of_file("is no text in UTF-8 or Shift_JIS", mend)
    return text


class _Reader:
    def __init__(
        self, text: str, file: str, today: date, needs: Collection[str], takes: Mapping[str, Collection[str]]
    ) -> None:
        self._cells = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._today = today
        self._needs = needs
        self._takes = takes
        self._wrong = Complaints(file)
        self._seen: dict[tuple[str, ...], int] = {}

    def read(self) -> tuple[Row, ...]:
        try:
            names = self._heading()
            rows = tuple(self._rows(names))
        except csv.Error:
            raise self._wrong.of_fault(self._cells.line_num, "", Fault.ROW_BROKEN) from None
        if not rows:
            raise self._wrong.of_file("no citizen stands in it", "Write one citizen a row under the heading.")
        return rows

    def _heading(self) -> list[str]:
        names = [cell.strip().lower() for cell in next(self._cells, [])]
        if not any(names):
            mend = f"Write a heading, {','.join(self._needs)}, and one citizen a row."
            raise self._wrong.of_file("the first row is empty", mend)
        for name in names:
            if name not in COLUMNS:
                raise self._wrong.unknown(name)
            if names.count(name) > 1:
                raise self._wrong.twice_in_heading(name)
        for name in self._needs:
            if name not in names:
                raise self._wrong.of_fault(1, name, Fault.COLUMN_MISSING)
        return names

    def _rows(self, names: list[str]) -> Iterator[Row]:
        for values in self._cells:
            if any(value.strip() for value in values):
                line = self._cells.line_num
                if len(values) != len(names):
                    raise self._wrong.of_fault(line, "", Fault.ROW_UNEVEN)
                yield self._row(line, dict(zip(names, values, strict=True)))

    def _row(self, line: int, cells: Mapping[str, str]) -> Row:
        values = {name: self._value(line, name, cell) for name, cell in cells.items()}
        given = {name: value for name, value in values.items() if value}
        born = {name: self._day(line, name, given[name]) for name in DATES if name in given}
        aliases = (part.strip() for part in BETWEEN_ALIASES.split(given.get("alias", "")))
        citizen = Citizen(
            name=given[NAME],
            birth_date=born[BIRTH_DATE],
            kana=given.get("kana"),
            aliases=tuple(filter(None, aliases)),
            address=given.get("address"),
        )
        child = None
        if "child_name" in given:
            child_born, kana = born.get("child_birth_date"), given.get("child_kana")
            child = Citizen(name=given["child_name"], birth_date=child_born, kana=kana)
        self._refuse_doubles(line, given, born[BIRTH_DATE])
        return Row(line=line, citizen=citizen, given=given, child=child)

    def _value(self, line: int, name: str, cell: str) -> str:
        value = read_text(cell, missing=None)
        if isinstance(value, Fault):
            raise self._wrong.of_fault(line, name, value, cell)
        if not value and name in self._needs:
            raise self._wrong.empty(line, name)
        if value and name in self._takes and value not in self._takes[name]:
            raise self._wrong.not_taken(line, name, value, self._takes[name])
        if value and name in FORMS and not re.fullmatch(FORMS[name], value):
            raise self._wrong.misshapen(line, name, value)
        return value

    def _day(self, line: int, name: str, value: str) -> date:
        day = read_birth_date(value, self._today)
        if isinstance(day, Fault):
            raise self._wrong.of_fault(line, name, day, value)
        return day

    def _refuse_doubles(self, line: int, given: Mapping[str, str], born: date) -> None:
        keys = {NAME: (NAME, born.isoformat(), given[NAME].replace(" ", ""))}
        for columns in UNIQUE:
            if all(column in given for column in columns):
                keys[columns[-1]] = (*columns, *(given[column] for column in columns))
        for name, key in keys.items():
            before = self._seen.setdefault(key, line)
            if before != line:
                raise self._wrong.double(line, name, before, given[name], person=name == NAME)
