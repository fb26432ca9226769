"""The ledger follows the journal on its own, through faults and restarts, and nobody waits for it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from guard.core.commands import Kind, Record
from guard.core.identity import Citizen
from guard.record.feed import LedgerFeed
from guard.record.journal import Journal
from guard.record.ledger import Ledger
from guard.record.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from guard.record.entry import Entry

SATO = Citizen(name="佐藤 花子", birth_date=date(1980, 4, 1))


class Desk:
    """A journal, its writer and the ledger behind it."""

    def __init__(self, folder: Path, name: str = "journal") -> None:
        self.folder = folder
        self.journal = Journal.open(folder / f"{name}.sqlite", bytes(32))
        self.ledger = Ledger.open(folder / "ledger.sqlite", "窓口1")
        self.turned: list[bool] = []
        self.feed = LedgerFeed(self.ledger, self.journal, lambda: self.turned.append(self.feed.failed))
        self.writer = Writer(self.journal, self.feed.heard)

    def open(self, visit_id: str) -> None:
        self.writer.write(Record(kind=Kind.VISIT_OPENED, visit_id=visit_id, citizen=SATO))

    def visits(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "ledger.sqlite")) as raw:
            return [name for (name,) in raw.execute("SELECT id FROM visit ORDER BY opened_at")]

    def close(self) -> None:
        self.feed.close()
        self.journal.close()

    @contextmanager
    def ledger_without_its_table(self) -> Iterator[None]:
        self._change("ALTER TABLE visit RENAME TO elsewhere")
        yield
        self._change("ALTER TABLE elsewhere RENAME TO visit")

    def _change(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / "ledger.sqlite")) as raw:
            raw.execute(statement)
            raw.commit()


class Opening(Protocol):
    """Opens the desk of one run."""

    def __call__(self, name: str = "journal") -> Desk: ...


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Opening]:
    desks = []

    def opened(name: str = "journal") -> Desk:
        desks.append(Desk(tmp_path, name))
        return desks[-1]

    yield opened
    for desk in desks:
        desk.close()


def test_what_is_written_to_the_journal_comes_to_the_ledger(open_desk: Opening) -> None:
    desk = open_desk()
    desk.feed.start()
    desk.open("v1")
    desk.open("v2")
    assert desk.feed.settled(10)
    assert desk.visits() == ["v1", "v2"]
    assert desk.turned == []


def test_what_happened_before_the_start_is_read_from_the_journal(open_desk: Opening) -> None:
    """More than is read at once, and not what the ledger knows already."""
    desk = open_desk()
    for number in range(205):
        desk.journal.append(Record(kind=Kind.VISIT_OPENED, visit_id=f"v{number}", citizen=SATO), datetime.now(UTC))
    desk.ledger.follow(desk.journal.entries_from(1, 3))
    desk.feed.start()
    assert len(desk.visits()) == 205
    assert desk.ledger.position()[0] == 205


def test_a_fault_is_told_and_costs_no_entry(open_desk: Opening) -> None:
    """Staff see that the ledger is behind; with the next entry after the fault it has everything."""
    desk = open_desk()
    desk.feed.start()
    with desk.ledger_without_its_table():
        desk.open("v1")
        desk.open("v2")
        assert not desk.feed.settled(10)
        assert desk.feed.failed
    assert [entry.visit_id for entry in desk.journal.entries()] == ["v1", "v2"]
    desk.open("v3")
    assert desk.feed.settled(10)
    assert desk.visits() == ["v1", "v2", "v3"]
    assert desk.turned == [True, False]


def test_a_ledger_of_another_journal_is_made_anew(open_desk: Opening) -> None:
    """A new state folder with an old ledger, or a journal from a backup: the journal is the evidence."""
    old = open_desk()
    old.feed.start()
    old.open("v1")
    old.open("v2")
    old.ledger.note_value("payment_id", "d1", "sato", "v1")
    assert old.feed.settled(10)
    old.close()
    new = open_desk("other")
    new.journal.append(Record(kind=Kind.VISIT_OPENED, visit_id="w1", citizen=SATO), datetime.now(UTC))
    new.feed.start()
    assert new.visits() == ["w1"]
    assert new.ledger.other_owner("payment_id", "d1", "tanaka")


def test_the_end_of_the_day_waits_for_what_was_heard(open_desk: Opening) -> None:
    desk = open_desk()
    desk.feed.start()
    for number in range(20):
        desk.open(f"v{number}")
    desk.close()
    assert len(desk.visits()) == 20


def test_entries_without_a_pause_come_to_the_ledger_together(
    open_desk: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction for each of them would take the processor from the requests that they tell of."""
    desk = open_desk()
    desk.feed.start()
    taken: list[int] = []
    follow = desk.ledger.follow

    def counted(entries: Sequence[Entry]) -> None:
        taken.append(len(entries))
        follow(entries)

    monkeypatch.setattr(desk.ledger, "follow", counted)
    for number in range(20):
        desk.open(f"v{number}")
    assert desk.feed.settled(10)
    assert sum(taken) == 20
    assert len(taken) < 20
    desk.open("w")
    deadline = time.monotonic() + 10
    while desk.visits()[-1] != "w" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert desk.visits()[-1] == "w", "nobody asks, and it comes all the same"
