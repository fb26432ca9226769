"""What people type into the console, read into values. Pure; each fault is a value that names its field's text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Final

from guard.core.confirmation import NUMBER_END, read_number_end
from guard.core.folding import readings

LONGEST_TEXT: Final = 200  # characters; the longest names on a resident record are about half of that
_LONGEST_LIFE: Final = 130  # years; the oldest person ever was 122, so more than this is a slip of the finger

_ERAS: Final = {
    "明治": (date(1868, 1, 25), date(1912, 7, 30)),
    "大正": (date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "令和": (date(2019, 5, 1), date.max),
}
"""First and last day. The days of change in 1912 and 1926 belong to both eras: registers write either."""
_SHORT: Final = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"} | {era[0]: era for era in _ERAS}

_WESTERN: Final = re.compile(
    r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?|(?P<mm>\d{2})(?P<dd>\d{2}))"
)
_JAPANESE: Final = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR明大昭平令])(?P<y>\d{1,2}|元)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
)
_YEAR: Final = re.compile(r"(?:(?P<y>\d{4})|(?P<era>明治|大正|昭和|平成|令和|[MTSHR明大昭平令])(?P<n>\d{1,2}|元))年?")
_DASHES: Final = re.compile("[‐‑‒–—―−ー]")  # what a Japanese input method gives for the minus key


class Fault(StrEnum):
    """What is wrong with a typed value. Each has its text in `guard/texts.toml`."""

    NAME_MISSING = "name_missing"
    MOMENT_MISSING = "moment_missing"
    TEXT_TOO_LONG = "text_too_long"
    BIRTH_DATE_MISSING = "birth_date_missing"
    BIRTH_DATE_UNREADABLE = "birth_date_unreadable"
    NO_SUCH_DAY = "no_such_day"
    NOT_IN_ERA = "not_in_era"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    ITEM_MISSING = "item_missing"
    BIRTH_YEAR_UNREADABLE = "birth_year_unreadable"
    NOT_KANA = "not_kana"
    NOT_AN_END = "not_an_end"
    STAFF_MISSING = "staff_missing"
    NUMBER_MISSING = "number_missing"
    LEADER_MISSING = "leader_missing"
    READ_BACK_MISSING = "read_back_missing"
    TICKET_MISSING = "ticket_missing"
    TICKET_UNKNOWN = "ticket_unknown"
    """Nobody on the reception list has it."""
    TICKET_USED = "ticket_used"
    """A visit was opened with it today."""
    TICKET_TWICE = "ticket_twice"
    """It stands on the list more than once."""
    COLUMN_MISSING = "column_missing"
    ROW_UNEVEN = "row_uneven"
    """A row of the list with more or fewer cells than its first line."""
    ROW_BROKEN = "row_broken"
    LIST_UNREADABLE = "list_unreadable"
    LIST_NOT_TEXT = "list_not_text"


def read_text(typed: str, *, missing: Fault | None) -> str | Fault:
    """One line of text, with every run of white space made one space; characters are otherwise left as typed.

    `missing` is the fault of an empty field, or None where it may stay empty. Characters of local
    extensions (外字) and variation selectors pass unchanged, because the comparison of names knows them.
    """
    text = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in typed).split())
    if len(text) > LONGEST_TEXT:
        return Fault.TEXT_TOO_LONG
    return missing if missing is not None and not text else text


def read_birth_date(typed: str, today: date) -> date | Fault:
    """A birth date written as 1980-04-01, 19800401, 昭和55年4月1日 or S55.4.1, in half or full width."""
    text = _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", typed).upper().split()))
    if not text:
        return Fault.BIRTH_DATE_MISSING
    day = _western(text) or _japanese(text) or Fault.BIRTH_DATE_UNREADABLE
    if isinstance(day, Fault):
        return day
    if day > today:
        return Fault.IN_THE_FUTURE
    return Fault.TOO_LONG_AGO if today.year - day.year > _LONGEST_LIFE else day


def read_birth_year(typed: str, today: date) -> int | Fault:
    """A birth year written as 1980, 昭和55年 or S55; a whole birth date is taken, too."""
    text = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    match = _YEAR.fullmatch(text)
    if match is None:
        day = read_birth_date(typed, today) if text else Fault.ITEM_MISSING
        if isinstance(day, Fault):
            return Fault.BIRTH_YEAR_UNREADABLE if day is Fault.BIRTH_DATE_UNREADABLE else day
        return day.year
    year = int(match["y"]) if match["y"] else _era_year(match["era"], match["n"])
    if isinstance(year, Fault) or year > today.year:
        return year if isinstance(year, Fault) else Fault.IN_THE_FUTURE
    return Fault.TOO_LONG_AGO if today.year - year > _LONGEST_LIFE else year


def _era_year(era: str, number: str) -> int | Fault:
    first, last = _ERAS[_SHORT.get(era, era)]
    year = first.year + (1 if number == "元" else int(number)) - 1
    return year if first.year <= year <= last.year else Fault.NOT_IN_ERA


def read_reading(typed: str) -> str | Fault:
    """The reading of a name, in hiragana or katakana of any width."""
    text = read_text(typed, missing=Fault.ITEM_MISSING)
    if isinstance(text, Fault):
        return text
    return text if readings(text) else Fault.NOT_KANA


def read_end(typed: str) -> str | Fault:
    """The last four letters or digits of a number, in any width."""
    end = read_number_end(typed)
    if not typed.strip():
        return Fault.ITEM_MISSING
    return end if len(end) == NUMBER_END else Fault.NOT_AN_END


def _western(text: str) -> date | Fault | None:
    match = _WESTERN.fullmatch(text)
    if match is None:
        return None
    return _day(int(match["y"]), int(match["m"] or match["mm"]), int(match["d"] or match["dd"]))


def _japanese(text: str) -> date | Fault | None:
    match = _JAPANESE.fullmatch(text)
    if match is None:
        return None
    first, last = _ERAS[_SHORT.get(match["era"], match["era"])]
    year = 1 if match["y"] == "元" else int(match["y"])
    day = _day(first.year + year - 1, int(match["m"]), int(match["d"]))
    if isinstance(day, Fault):
        return day
    return day if first <= day <= last else Fault.NOT_IN_ERA


def _day(year: int, month: int, day: int) -> date | Fault:
    try:
        return date(year, month, day)
    except ValueError:
        return Fault.NO_SUCH_DAY
