"""Writes the journal for the supervisor, and keeps what could not be written until it can be."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.core.commands import Record
    from guard.record.entry import Entry
    from guard.record.journal import Journal


class Writer:
    """Entries in the order in which things happened, each under the time at which it did.

    A seal, a stop or a clearance happened, whether or not the disk was full. So such an entry is kept, and is
    written before any later one: a counter is not lifted while its last clearance is missing from the journal.
    """

    def __init__(self, journal: Journal, heard: Callable[[Entry], None] = lambda _: None) -> None:
        """`heard` is told every entry that was written; it takes no time and never fails."""
        self._journal = journal
        self._heard = heard
        self._kept: deque[tuple[Record, datetime]] = deque()

    def write(self, record: Record) -> None:
        """Write what was kept, then this; raises `JournalError`, and then this entry is not kept."""
        while self._kept:
            self._heard(self._journal.append(*self._kept[0]))
            self._kept.popleft()
        self._heard(self._journal.append(record, _now()))

    def keep(self, record: Record) -> None:
        """Have this written before the next entry."""
        self._kept.append((record, _now()))


def _now() -> datetime:
    return datetime.now(UTC).astimezone()
