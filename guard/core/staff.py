"""Staff and leaders: who they are, what a PIN must be, and how long wrong ones lock a number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

TRIES = 5
"""Wrong PINs in a row after which a staff number is locked."""
_FIRST_LOCK = 60.0  # seconds; doubled with each further wrong PIN
_LONGEST_LOCK = 3600.0  # seconds; a leader whom somebody locked out on purpose is back within the hour
_SHORTEST_PIN, _LONGEST_PIN = 4, 12  # digits
_STEPS = ({0}, {1}, {9})  # 7777, 2345, 5432, each round the clock (7890)


class Role(StrEnum):
    """What a staff member may do."""

    STAFF = "staff"
    LEADER = "leader"
    """Lifts seals and confirms what only a leader can."""


class Asked(StrEnum):
    """What a PIN was typed for."""

    SERVING = "serving"
    """To be the one who serves from now on."""
    APPROVAL = "approval"
    """To give a leader's word."""


class Denial(StrEnum):
    """Why an approval was not taken. Each has its texts in `guard/texts.toml`."""

    PIN_MISSING = "pin_missing"
    WRONG_PIN = "wrong_pin"
    """The PIN is not that of the number, or the number is nobody's: which of the two is not told."""
    LOCKED = "locked"
    DISABLED = "disabled"
    NOT_A_LEADER = "not_a_leader"
    SAME_PERSON = "same_person"
    """Who serves does not approve their own work."""
    REGISTER_FAILED = "register_failed"
    """Who is registered cannot be read, so nobody can prove to be a leader."""


ATTEMPTS: Final = frozenset({Denial.WRONG_PIN, Denial.LOCKED, Denial.DISABLED, Denial.NOT_A_LEADER, Denial.SAME_PERSON})
"""Denials of somebody who tried; the others tell of a field left empty, or of a fault of the guard's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Denied:
    """An approval that was not taken."""

    why: Denial
    wait: float = 0.0
    """Seconds until the number is tried again; set with LOCKED."""
    number: str | None = field(default=None, compare=False)
    """For the journal alone: the registered number that was tried; None if it is nobody's, or no PIN was given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One person of the staff."""

    number: str
    """Staff number, as `read_number` gives it; what the journal knows the person by."""
    name: str
    role: Role
    disabled: bool = False
    locked_for: float = 0.0
    """Seconds for which the number is locked; 0 if it is not."""


def read_number(typed: str) -> str:
    """A staff number in one form, however it is typed: half width, upper case, no spaces at its ends."""
    return unicodedata.normalize("NFKC", typed).strip().upper()


def read_pin(typed: str) -> str:
    """A PIN in half width, as another keyboard mode may not give it."""
    return unicodedata.normalize("NFKC", typed).strip()


def locked_after(failures: int) -> float:
    """Seconds for which a number is locked after so many wrong PINs in a row."""
    doubled = min(max(failures - TRIES, 0), 10)  # beyond that it is the longest anyway
    return 0.0 if failures < TRIES else min(_FIRST_LOCK * 2**doubled, _LONGEST_LOCK)


def weakness_of(pin: str, number: str) -> str | None:
    """What makes a PIN unfit for this number, in English for whoever registers staff; or None."""
    if not (pin.isascii() and pin.isdigit() and _SHORTEST_PIN <= len(pin) <= _LONGEST_PIN):
        return f"A PIN has {_SHORTEST_PIN} to {_LONGEST_PIN} digits"
    steps = {(int(pin[place]) - int(pin[place - 1])) % 10 for place in range(1, len(pin))}
    if steps in _STEPS:
        return "A PIN of equal or consecutive digits is guessed at once"
    if len(set(pin[::2])) == 1 and len(set(pin[1::2])) == 1:
        return "A PIN of two digits in turn is guessed at once"
    if pin == "".join(char for char in number if char.isdigit()):
        return "A PIN that is the staff number is known to everybody"
    return None
