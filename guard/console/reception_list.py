"""The reception list: who has drawn which number, read from the CSV file that reception keeps.

A row that cannot be read is told by file, line, column and the kind of value that stands there, never by the value:
it is somebody's. It hides no other row.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from guard.console.fields import Fault, read_birth_date, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

TICKET: Final = "ticket"
REQUIRED: Final = (TICKET, "name", "birth_date")
COLUMNS: Final = (*REQUIRED, "kana", "alias", "address")
_LARGEST: Final = 4 * 1024 * 1024  # bytes; a day of the largest hall is a hundredth of it
_ENCODINGS: Final = ("utf-8-sig", "cp932")  # what spreadsheets in Japan write


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """One citizen who has drawn a number: the fields of the reception form, as typed."""

    ticket: str
    name: str
    birth_date: str
    kana: str = ""
    alias: str = ""
    address: str = ""

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return "Expected(…)"

    def values(self) -> Mapping[str, str]:
        """The form of this citizen, filled in."""
        return {name: getattr(self, name) for name in COLUMNS}

    @property
    def initial(self) -> str:
        """The first character of the name: enough to pick the row, too little to read over a shoulder."""
        return self.name[:1]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """What is wrong in one place of the file."""

    fault: Fault
    """Says what is wrong, and how to mend it."""
    file: str = ""
    line: int = 0
    """0 where it is the whole file."""
    column: str = ""
    digits: int = 0
    """How many digits the value has, if it has nothing else."""
    characters: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceptionList:
    """What could be read, and what could not."""

    expected: tuple[Expected, ...] = ()
    faults: tuple[RowFault, ...] = ()

    def of_ticket(self, ticket: str) -> Expected | None:
        """Whoever has drawn this number, in whatever width it is typed."""
        return next((each for each in self.expected if _plain(each.ticket) == _plain(ticket)), None)


def read_list(path: Path, today: date) -> ReceptionList:
    """Read the file as it is now."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError:
        return ReceptionList(faults=(RowFault(fault=Fault.LIST_UNREADABLE, file=path.name),))
    text = decoded(content) if len(content) <= _LARGEST else None
    if text is None:
        return ReceptionList(faults=(RowFault(fault=Fault.LIST_NOT_TEXT, file=path.name),))
    return _Reader(text, today, path.name).read()


def decoded(content: bytes) -> str | None:
    """Text of a file that a spreadsheet wrote: UTF-8, with or without a mark at its beginning, or Shift_JIS."""
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


class _Reader:
    """Reads one text, row by row."""

    def __init__(self, text: str, today: date, file: str) -> None:
        self._file = file
        self._rows = csv.reader(io.StringIO(text, newline=""))
        self._today = today
        self._expected: dict[str, Expected] = {}
        self._faults: list[RowFault] = []

    def read(self) -> ReceptionList:
        try:
            self._all(next(self._rows, []))
        except csv.Error:  # a quote that never ends, say: what was read before it stands
            self._tell(Fault.ROW_BROKEN, self._rows.line_num)
        return ReceptionList(expected=tuple(self._expected.values()), faults=tuple(self._faults))

    def _all(self, header: list[str]) -> None:
        names = [name.strip().lower() for name in header]
        missing = [name for name in REQUIRED if name not in names]
        for name in missing:
            self._tell(Fault.COLUMN_MISSING, 1, name)
        if missing:
            return
        for cells in self._rows:
            if any(cell.strip() for cell in cells):
                self._one(names, cells)

    def _one(self, names: list[str], cells: list[str]) -> None:
        line = self._rows.line_num
        if len(cells) != len(names):
            self._tell(Fault.ROW_UNEVEN, line)
            return
        row = dict(zip(names, cells, strict=True))
        wrong = tuple(self._wrong(row))
        for name, fault in wrong:
            self._tell(fault, line, name, row.get(name, "").strip())
        if not wrong:
            clean = {name: " ".join(row.get(name, "").split()) for name in COLUMNS}
            self._expected[_plain(clean[TICKET])] = Expected(**clean)

    def _wrong(self, row: Mapping[str, str]) -> Iterator[tuple[str, Fault]]:
        read = {
            TICKET: read_text(row[TICKET], missing=Fault.TICKET_MISSING),
            "name": read_text(row["name"], missing=Fault.NAME_MISSING),
            "birth_date": read_birth_date(row["birth_date"], self._today),
            "kana": read_text(row.get("kana", ""), missing=None),
            "alias": read_text(row.get("alias", ""), missing=None),
            "address": read_text(row.get("address", ""), missing=None),
        }
        yield from ((name, value) for name, value in read.items() if isinstance(value, Fault))
        if _plain(row[TICKET]) in self._expected:
            yield TICKET, Fault.TICKET_TWICE

    def _tell(self, fault: Fault, line: int, column: str = "", value: str = "") -> None:
        digits = len(value) if value.isdigit() else 0
        characters = 0 if digits else len(value)
        told = RowFault(fault=fault, file=self._file, line=line, column=column, digits=digits, characters=characters)
        self._faults.append(told)


def _plain(ticket: str) -> str:
    """A number in its one form; whoever types it uses either width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", ticket)).upper()
