"""The ledger (受付表): the visits of this counter, made of the journal, and what a later visit asks about them.

It knows persons and values by keyed digest alone. Nothing waits for it: `guard.record.feed` brings it up to date.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from sqlalchemy import delete, insert, select, update

from guard.core.day import AnswerOfDay, Day, VisitOfDay
from guard.core.events import Ending
from guard.core.interruption import Earlier, Interruption
from guard.errors import LedgerError
from guard.record.entry import BEGINNING
from guard.record.ledger_file import ledger_in_our_words, open_ledger_file
from guard.record.ledger_tables import PROJECTED, answer, checklist, progress, used_value, visit
from guard.record.projection import note_value, project, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, RowMapping

    from guard.record.entry import Entry


class KnownBy(StrEnum):
    """How an item of the checklist is known to be so."""

    GUARD = "guard"
    """Proved by the clearance."""
    READER = "reader"
    """Told by the card reader."""
    STAFF = "staff"
    CITIZEN = "citizen"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistItem:
    """One line of a visit's completion checklist that is so."""

    item: str
    known: KnownBy


class Ledger:
    """One ledger's file. Open it with `Ledger.open`; any thread may use it. Every method raises `LedgerError`."""

    def __init__(self, engine: Engine, path: Path, counter: str) -> None:
        self._engine = engine
        self._path = path
        self._counter = counter

    @classmethod
    def open(cls, path: Path, counter: str) -> Self:
        """Open or make the ledger of the counter of this name, with the tables of today."""
        return cls(open_ledger_file(path), path, counter)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    # -- made of the journal ---------------------------------------------------------------------

    def position(self) -> tuple[int, str]:
        """Sequence number and hash of the newest entry that the ledger knows."""
        with self._transaction() as connection:
            return _position(connection)

    def follow(self, entries: Iterable[Entry]) -> None:
        """Take the next entries of the journal, all or none; those that the ledger knows change nothing."""
        with self._transaction() as connection:
            before = at = _position(connection)
            for entry in entries:
                if entry.sequence <= at[0]:
                    continue
                if (entry.sequence, entry.previous) != (at[0] + 1, at[1]):
                    raise LedgerError("The ledger misses entries", value=at[0] + 1, mend="Read them from the journal.")
                project(connection, entry, self._counter)
                at = entry.sequence, entry.hash
            if at != before:
                _move(connection, at)

    def forget(self) -> None:
        """Drop what was made of a journal, because it was another one; what stands in no journal stays."""
        with self._transaction() as connection:
            for table in (progress, *PROJECTED):
                connection.execute(delete(table))

    # -- asked by a later visit ------------------------------------------------------------------

    def interrupted(self, person: str) -> Earlier | None:
        """The newest visit of this citizen, if it was interrupted and none of theirs was done since; else None."""
        told = select(visit).where(visit.c.person == person, visit.c.ending.in_((Ending.DONE, Ending.INTERRUPTED)))
        with self._transaction() as connection:
            last = connection.execute(told.order_by(visit.c.opened_at.desc()).limit(1)).mappings().one_or_none()
        if last is None or last["ending"] != Ending.INTERRUPTED:
            return None
        why = None if last["interruption"] is None else Interruption(last["interruption"])
        return Earlier(at=datetime.fromisoformat(last["ended_at"]), why=why)

    def tickets_since(self, since: datetime) -> frozenset[str]:
        """Keyed digests of the ticket numbers of all visits that were opened since then."""
        query = select(visit.c.ticket).where(visit.c.ticket.is_not(None), visit.c.opened_at >= stamp(since))
        with self._transaction() as connection:
            return frozenset(connection.execute(query).scalars())

    def day(self, begin: datetime, end: datetime) -> Day:
        """Visits that were opened, and requests that were answered, from `begin` on and before `end`."""
        opened = select(visit).where(visit.c.opened_at >= stamp(begin), visit.c.opened_at < stamp(end))
        answered = select(answer).where(answer.c.at >= stamp(begin), answer.c.at < stamp(end))
        with self._transaction() as connection:
            visits = connection.execute(opened.order_by(visit.c.opened_at)).mappings().all()
            answers = connection.execute(answered.order_by(answer.c.id)).mappings().all()
        return Day(visits=tuple(map(_visit, visits)), answers=tuple(map(_answer, answers)))

    def note_value(self, kind: str, digest: str, person_digest: str, visit_id: str) -> None:
        """Remember that this citizen used a value, such as a payment id, in this visit.

        What must outlast the ledger's file is a fact of the journal instead: a fact named `value:KIND` of any entry
        with a visit is noted by itself.
        """
        with self._transaction() as connection:
            note_value(connection, kind, digest, person_digest, visit_id)

    def other_owner(self, kind: str, digest: str, person_digest: str) -> bool:
        """Whether another citizen than this one has used the value, on whatever day."""
        columns = used_value.c
        theirs = (columns.kind == kind) & (columns.digest == digest) & (columns.person != person_digest)
        with self._transaction() as connection:
            return connection.execute(select(columns.visit_id).where(theirs).limit(1)).first() is not None

    def checklist(self, visit_id: str, items: Iterable[ChecklistItem]) -> None:
        """Keep the completion checklist of a visit, in place of the one before."""
        rows = [{"visit_id": visit_id, "item": each.item, "known": each.known.value} for each in items]
        with self._transaction() as connection:
            connection.execute(delete(checklist).where(checklist.c.visit_id == visit_id))
            if rows:
                connection.execute(insert(checklist), rows)

    def checklist_of(self, visit_id: str) -> tuple[ChecklistItem, ...]:
        """The checklist that was kept, by the names of its items; empty if there is none."""
        query = select(checklist).where(checklist.c.visit_id == visit_id).order_by(checklist.c.item)
        with self._transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(ChecklistItem(item=row["item"], known=KnownBy(row["known"])) for row in rows)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with ledger_in_our_words(self._path), self._engine.begin() as connection:
            yield connection


def _visit(row: RowMapping) -> VisitOfDay:
    return VisitOfDay(
        id=row["id"],
        person=row["person"] or "",
        opened_at=datetime.fromisoformat(row["opened_at"]),
        ended_at=None if row["ended_at"] is None else datetime.fromisoformat(row["ended_at"]),
        ending=row["ending"],
        released=row["released"],
        cleared=row["cleared"],
    )


def _answer(row: RowMapping) -> AnswerOfDay:
    return AnswerOfDay(
        id=row["id"],
        visit_id=row["visit_id"],
        portal=row["portal"],
        request_class=row["request_class"],
        at=datetime.fromisoformat(row["at"]),
        held_ms=row["held_ms"],
        reason=row["reason"],
        false_stop=row["false_stop"],
    )


def _position(connection: Connection) -> tuple[int, str]:
    found = connection.execute(select(progress)).mappings().one_or_none()
    return BEGINNING if found is None else (found["sequence"], found["hash"])


def _move(connection: Connection, to: tuple[int, str]) -> None:
    now = {"sequence": to[0], "hash": to[1]}
    if connection.execute(update(progress).values(**now)).rowcount == 0:
        connection.execute(insert(progress).values(id=1, **now))
