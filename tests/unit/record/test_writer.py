from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from guard.core.commands import Kind, Record
from guard.errors import JournalError
from guard.record.journal import Journal
from guard.record.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.sqlite", b"k" * 32)
    yield journal
    journal.close()


def entry(kind: Kind) -> Record:
    return Record(kind=kind, visit_id="v1")


def lock(journal: Journal, state: str) -> None:
    with journal._engine.connect() as connection:
        connection.execute(text(f"PRAGMA query_only = {state}"))


def test_what_could_not_be_written_is_written_first_once_it_can_be(journal: Journal) -> None:
    """The order of the day stays, and each entry keeps the time at which it happened."""
    writer = Writer(journal)
    lock(journal, "ON")
    with pytest.raises(JournalError):
        writer.write(entry(Kind.RELEASED))
    writer.keep(entry(Kind.STOPPED))
    writer.keep(entry(Kind.CLEARANCE))
    happened = datetime.now(UTC)
    with pytest.raises(JournalError):
        writer.write(entry(Kind.LIFTED))
    assert journal.entries() == ()
    lock(journal, "OFF")
    writer.write(entry(Kind.LIFTED))
    assert [one.kind for one in journal.entries()] == [Kind.STOPPED, Kind.CLEARANCE, Kind.LIFTED]
    assert [one.at < happened for one in journal.entries()] == [True, True, False]
    assert journal.verify() is None


def test_nothing_is_written_twice(journal: Journal) -> None:
    writer = Writer(journal)
    writer.keep(entry(Kind.SEALED))
    writer.write(entry(Kind.LIFTED))
    writer.write(entry(Kind.VISIT_OPENED))
    assert [one.kind for one in journal.entries()] == [Kind.SEALED, Kind.LIFTED, Kind.VISIT_OPENED]
