"""The journal: append-only, hash-chained, and durable before `append` returns.

An entry's hash covers the entry and the hash before it, so `verify` finds a change, a gap or a swap. A chain cannot
show that its end was cut off, or that all of it was written anew: keep the newest hash elsewhere for that.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from sqlalchemy import exists, select

from guard.core.commands import Kind
from guard.core.household import Shared
from guard.core.view import SealReason
from guard.errors import JournalError
from guard.record.digest import digest, digest_of
from guard.record.entry import BEGINNING, Entry, entry_of, link, row_after
from guard.record.household import REMEMBERED_FOR, shared_with, traits_fact
from guard.record.lock import WriterLock
from guard.record.store import INSERT_ENTRY, entry_table, in_our_words, open_store
from guard.record.values import told_apart, value_digest, value_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from guard.core.commands import Record
    from guard.core.identity import Citizen
    from guard.core.payload import Value


_KNOWN_FROM = (Kind.VISIT_OPENED, Kind.VISIT_BOUND)  # entries that tell of a citizen for the first time
VISITS_OF_AN_HOUR = 120  # at one counter; a visit takes longer than half a minute


class Journal:
    """The one writer of a journal file. Open it with `Journal.open`; any thread may use it."""

    def __init__(self, engine: Engine, lock: WriterLock, path: Path, key: bytes) -> None:
        self._engine = engine
        self._lock = lock
        self._path = path
        self._key = key
        self._turn = threading.Lock()
        self._newest: tuple[int, str] | None = None
        """Sequence and hash of the newest entry; None when they must be read from the file."""
        self._closed = False

    @classmethod
    def open(cls, path: Path, key: bytes) -> Self:
        """Open or make a journal and become its one writer; raises `JournalError`."""
        with in_our_words(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = WriterLock(path.with_name(f"{path.name}.lock"))
            try:
                return cls(open_store(path), lock, path, key)
            except BaseException:
                lock.release()
                raise

    def append(self, record: Record, at: datetime) -> Entry:
        """Write one entry and return when it is on the disk; raises `JournalError` if it is not."""
        if at.utcoffset() is None:
            msg = "a journal's time needs its offset from UTC"
            raise ValueError(msg)
        citizen = None if record.citizen is None else self.digest(record.citizen)
        record = replace(record, facts=(*record.facts, *self._facts_of_persons(record)))
        with self._turn, self._usable():
            newest, self._newest = self._newest, None  # after a failure the file knows, memory does not
            with self._engine.begin() as connection:
                row = row_after(newest or _newest_in(connection), record, at, citizen)
                connection.exec_driver_sql(INSERT_ENTRY, row)
            entry = entry_of(row)
            self._newest = entry.sequence, entry.hash
        return entry

    def _facts_of_persons(self, record: Record) -> Iterator[tuple[str, str]]:
        if record.acting_for is not None:
            yield "acting_for", self.digest(record.acting_for)
        if record.ticket is not None:
            yield "ticket", self.digest_of("ticket", record.ticket)
        if record.citizen is not None and record.kind in _KNOWN_FROM:
            yield traits_fact(record.citizen, self._key)
        yield from value_facts(record.values, self._key)

    def in_common(self, citizen: Citizen) -> frozenset[Shared]:
        """What this citizen has in common with others of the last hour; everything, if the journal cannot be read."""
        try:
            return self.shared_with(citizen, datetime.now(UTC))
        except JournalError:
            return frozenset(Shared)

    def of_another(self, values: Iterable[Value], person: Citizen, after: int = 0) -> frozenset[Value]:
        """Those values that were sent for anybody but this person, by an entry after this one.

        All of them, if the journal cannot be read.
        """
        asked = told_apart(values)
        try:
            return frozenset(value for value in asked if self._sent_for_another(value, person, after))
        except JournalError:
            return frozenset(asked)

    def _sent_for_another(self, value: Value, person: Citizen, after: int) -> bool:
        columns = entry_table.c
        told = columns.facts.contains(value_digest(value, self._key))
        others = (columns.kind == Kind.RELEASED, columns.citizen.is_not(None), columns.citizen != self.digest(person))
        with self._turn, self._usable(), self._engine.connect() as connection:
            return bool(connection.scalar(select(exists().where(columns.sequence > after, *others, told))))

    def shared_with(self, citizen: Citizen, now: datetime) -> frozenset[Shared]:
        """What this citizen has in common with others whose visits were opened within the hour before `now`."""
        query = select(entry_table).where(entry_table.c.kind.in_(_KNOWN_FROM), entry_table.c.citizen.is_not(None))
        with self._turn, self._usable(), self._engine.connect() as connection:
            newest = connection.execute(query.order_by(entry_table.c.sequence.desc()).limit(VISITS_OF_AN_HOUR))
            opened = [self._readable(row._asdict()) for row in newest]
        recent = (entry for entry in opened if now - entry.at <= REMEMBERED_FOR)
        return shared_with(recent, citizen, self._key)

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, oldest first; raises `JournalError` at one that was changed beyond reading."""
        return tuple(self._readable(row) for row in self._rows())

    def entries_from(self, sequence: int, most: int) -> tuple[Entry, ...]:
        """At most so many entries from this number on; raises `JournalError` as `entries` does."""
        query = select(entry_table).where(entry_table.c.sequence >= sequence).order_by(entry_table.c.sequence)
        with self._turn, self._usable(), self._engine.connect() as connection:
            rows = [row._asdict() for row in connection.execute(query.limit(most))]
        return tuple(self._readable(row) for row in rows)

    def verify(self) -> int | None:
        """Sequence number at which the chain is broken first, or None if it is whole."""
        sequence, previous = BEGINNING
        for row in self._rows():
            sequence += 1
            if (row["sequence"], row["previous"], row["hash"]) != (sequence, previous, link(row)):
                return sequence
            previous = link(row)
        return None

    def unfinished_visit(self) -> str | None:
        """The newest visit that was opened and not cleared, unless a leader lifted the seal that followed; or None."""
        opened, other, lifted = entry_table.alias(), entry_table.alias(), entry_table.alias()
        cleared = exists().where(other.c.visit_id == opened.c.visit_id, other.c.kind == Kind.CLEARANCE)
        looked_at = exists().where(
            other.c.visit_id == opened.c.visit_id,
            other.c.kind == Kind.UNFINISHED_VISIT_FOUND,
            lifted.c.kind == Kind.LIFTED,
            lifted.c.sequence > other.c.sequence,
        )
        query = select(opened.c.visit_id).where(opened.c.kind == Kind.VISIT_OPENED, ~cleared, ~looked_at)
        with self._turn, self._usable(), self._engine.connect() as connection:
            newest: str | None = connection.scalar(query.order_by(opened.c.sequence.desc()).limit(1))
        return newest

    def unlifted_seal(self) -> SealReason | None:
        """Why the counter is sealed, if no leader has lifted the newest seal; or None."""
        seal = self._unlifted()
        return None if seal is None else SealReason(seal["reason"])

    def unlifted_detail(self) -> str:
        """What that seal says beyond its reason; empty without one."""
        return (self._unlifted() or {}).get("detail", "")

    def _unlifted(self) -> dict[str, str] | None:
        query = select(entry_table).where(entry_table.c.kind.in_((Kind.SEALED, Kind.LIFTED)))
        with self._turn, self._usable(), self._engine.connect() as connection:
            newest = connection.execute(query.order_by(entry_table.c.sequence.desc()).limit(1)).first()
        if newest is None or newest.kind == Kind.LIFTED:
            return None
        return dict(self._readable(newest._asdict()).facts)

    def digest(self, citizen: Citizen) -> str:
        """The keyed digest under which this journal knows a person."""
        return digest(citizen, self._key)

    def digest_of(self, kind: str, value: str) -> str:
        """The keyed digest under which this journal knows a number of a kind, such as a ticket."""
        return digest_of(kind, value, self._key)

    def close(self) -> None:
        """Let another writer in. A closed journal takes no entry and tells none."""
        with self._turn:
            if not self._closed:
                self._closed = True
                self._engine.dispose()
                self._lock.release()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        if self._closed:
            raise JournalError(f"The journal {self._path} is closed", mend="Open it again.")
        with in_our_words(self._path):
            yield

    def _rows(self) -> list[dict[str, object]]:
        with self._turn, self._usable(), self._engine.connect() as connection:
            rows = connection.execute(select(entry_table).order_by(entry_table.c.sequence))
            return [row._asdict() for row in rows]

    def _readable(self, row: dict[str, object]) -> Entry:
        try:
            return entry_of(row)
        except (ValueError, TypeError) as error:
            what = f"The journal {self._path} was changed from outside"
            raise JournalError(what, value=f"entry {row['sequence']}", mend="Keep the file as evidence.") from error


def _newest_in(connection: Connection) -> tuple[int, str]:
    columns = entry_table.c
    row = connection.execute(select(columns.sequence, columns.hash).order_by(columns.sequence.desc()).limit(1)).first()
    return BEGINNING if row is None else (row.sequence, row.hash)
