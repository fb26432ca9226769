"""The few errors that people see: each names the thing, the value that is wrong, and the mend."""

from __future__ import annotations

from typing import ClassVar


class GuardError(Exception):
    """Says what is wrong, with which value, and how to mend it, in that order."""

    exit_status: ClassVar[int] = 1
    """What the command `guard` exits with."""

    def __init__(self, what: str, *, value: object = None, mend: str) -> None:
        super().__init__(what, value, mend)
        self.what = what
        """The thing that is wrong, as the beginning of a sentence, without a full stop."""
        self.value = value
        """The value found; None where there is none to show. Never a person's data."""
        self.mend = mend
        """What to do now, as a sentence."""

    def __str__(self) -> str:
        found = "" if self.value is None else f" (found: {self.value})"
        return f"{self.what}{found}. {self.mend}"


class ConfigError(GuardError):
    """A configuration file is missing, wrong, or contradicts another."""

    exit_status = 2


class BrowserError(GuardError):
    """No browser was found, or it does not start or obey."""

    exit_status = 3


class JournalError(GuardError):
    """The journal cannot be read or written; nothing is released without it."""

    exit_status = 4


class SetupError(GuardError):
    """Something that the guard needs could not be installed."""

    exit_status = 5


class StaffError(GuardError):
    """The register of staff cannot be read or written, or does not take what it was given."""

    exit_status = 7


class LedgerError(GuardError):
    """The ledger cannot be read or written; the counter goes on, and says so."""

    exit_status = 8
