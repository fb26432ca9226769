"""What is wrong with a citizens file, said by file, row, column, the kind of value and the mend."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, ClassVar

from guard.errors import GuardError
from guard.flow.columns import COLUMNS, SHOWN
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Collection

    from guard.console.fields import Fault


class FlowInputError(GuardError):
    """A flow, a citizens file or an address that was named cannot be used."""

    exit_status: ClassVar[int] = 2


class Complaints:
    """The errors of one file. A name, a PIN or a birth date is never shown, only how long it is."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._texts = Texts(Language.EN)

    def of_file(self, what: str, mend: str) -> FlowInputError:
        return FlowInputError(f"{self._file}: {what}", mend=mend)

    def of_value(self, line: int, column: str, what: str, value: str, mend: str) -> FlowInputError:
        return FlowInputError(self._place(line, column, what), value=_kind(column, value), mend=mend)

    def of_fault(self, line: int, column: str, fault: Fault, value: str = "") -> FlowInputError:
        """The same faults as in a reception list, in the same words."""
        return self.of_value(line, column, fault.value.replace("_", " "), value.strip(), self._texts.fault(fault))

    def unknown(self, name: str) -> FlowInputError:
        """A column that nobody reads: a misspelt one would be made up in silence."""
        near = difflib.get_close_matches(name, COLUMNS, n=1)
        mend = f"Did you mean {near[0]}?" if near else f"The columns are: {', '.join(COLUMNS)}."
        return FlowInputError(f"{self._file}, row 1: no column has this name", value=repr(name), mend=mend)

    def twice_in_heading(self, name: str) -> FlowInputError:
        return self.of_value(1, name, "the column stands there twice", "", "Keep one of the two.")

    def double(self, line: int, column: str, before: int, value: str, *, person: bool) -> FlowInputError:
        """Two rows that cannot both be: one person twice, or two with one card."""
        if person:
            return self.of_value(
                line, column, f"the same person as in row {before}", value, "Keep one of the two rows."
            )
        return self.of_value(line, column, f"the same as in row {before}", value, "Give each citizen their own.")

    def empty(self, line: int, column: str) -> FlowInputError:
        return self.of_value(line, column, "is empty", "", f"Fill it in: {COLUMNS[column]}.")

    def not_taken(self, line: int, column: str, value: str, taken: Collection[str]) -> FlowInputError:
        """A service or a bank that the portal does not offer."""
        return self.of_value(line, column, "the portal does not offer it", value, f"Take one of: {', '.join(taken)}.")

    def misshapen(self, line: int, column: str, value: str) -> FlowInputError:
        """A number that is too short, most likely."""
        mend = "Format the column as text, because spreadsheets drop a zero in front."
        return self.of_value(line, column, f"is not {COLUMNS[column]}", value, mend)

    def _place(self, line: int, column: str, what: str) -> str:
        return f"{self._file}, row {line}{f', column {column}' if column else ''}: {what}"


def _kind(column: str, value: str) -> str | None:
    if not value or column in SHOWN:
        return value or None
    return f"{len(value)} {'digits' if value.isdigit() else 'characters'}"
