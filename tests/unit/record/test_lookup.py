"""The desk asks about earlier visits by names and numbers; a ledger that fails answers that it knows nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from guard.core.commands import Kind, Record
from guard.core.identity import Citizen
from guard.core.interruption import Interruption
from guard.core.payload import FieldKind, Value
from guard.record.feed import LedgerFeed
from guard.record.journal import Journal
from guard.record.ledger import Ledger
from guard.record.lookup import Lookup
from guard.record.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SATO = Citizen(name="佐藤 花子", birth_date=date(1980, 4, 1))
TANAKA = Citizen(name="田中 一郎", birth_date=date(1980, 4, 1))


class Desk:
    """A journal that is written and a ledger that follows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = Journal.open(folder / "journal.sqlite", bytes(32))
        ledger = Ledger.open(folder / "ledger.sqlite", "窓口1")
        self.feed = LedgerFeed(ledger, self.journal, lambda: None)
        self.writer = Writer(self.journal, self.feed.heard)
        self.lookup = Lookup(ledger, self.journal, self.feed)
        self.feed.start()
        self.writer.write(Record(kind=Kind.VISIT_OPENED, visit_id="v1", citizen=SATO, ticket="Ａ-１２"))
        why = ("ending", "interrupted"), ("interruption", "citizen_left")
        self.writer.write(Record(kind=Kind.VISIT_ENDING, visit_id="v1", facts=why))
        assert self.feed.settled(10)  # a shared test machine stalls for longer than anybody at a counter waits

    def break_ledger(self) -> None:
        with closing(sqlite3.connect(self.folder / "ledger.sqlite")) as raw:
            raw.execute("DROP TABLE IF EXISTS visit")
            raw.commit()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.feed.close()
    desk.journal.close()


def test_a_citizen_who_returns_is_recognised_however_reception_types_them(desk: Desk) -> None:
    earlier = desk.lookup.earlier(Citizen(name="佐藤　花子", birth_date=SATO.birth_date))
    assert earlier is not None
    assert earlier.why is Interruption.CITIZEN_LEFT
    assert desk.lookup.earlier(TANAKA) is None


def test_a_ticket_is_known_in_whatever_width_and_is_nowhere_in_the_files(desk: Desk) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert desk.lookup.tickets_used(["a-12", "a-13"], hour_ago) == {"a-12"}
    content = b"".join(path.read_bytes() for path in desk.folder.iterdir())
    assert "Ａ-１２".encode() not in content
    assert b"A-12" not in content


def test_a_ledger_that_fails_knows_nothing_and_that_is_told(desk: Desk) -> None:
    assert desk.feed.settled(10)
    desk.break_ledger()
    assert desk.lookup.earlier(SATO) is None
    assert desk.lookup.tickets_used(["a-12"], datetime.now(UTC) - timedelta(hours=1)) == frozenset()
    assert desk.feed.failed


def test_a_number_of_another_citizen_is_known_from_the_ledger_and_what_it_has_not_read_yet(desk: Desk) -> None:
    """Whose money it was counts, not who came for them; a ledger that fails leaves the journal, which knows all."""
    first, second = (Value(kind=FieldKind.PAYMENT_ID, text=text) for text in ("SP10010001", "SP10020002"))
    desk.writer.write(Record(kind=Kind.RELEASED, visit_id="v1", citizen=TANAKA, values=(first,)))
    assert desk.feed.settled(5)
    desk.journal.append(Record(kind=Kind.RELEASED, visit_id="v1", citizen=TANAKA, values=(second,)), datetime.now(UTC))
    for _ in range(2):
        assert desk.lookup.of_another((first, second), SATO) == {first, second}
        assert desk.lookup.of_another((first, second), TANAKA) == frozenset()
        desk.break_ledger()
        with closing(sqlite3.connect(desk.folder / "ledger.sqlite")) as raw:
            raw.execute("DROP TABLE IF EXISTS used_value")
            raw.commit()
    assert desk.feed.failed
