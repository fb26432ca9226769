"""Values in the journal: recognised when they come again, for another person or the same one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from guard.core.commands import Kind, Record
from guard.core.identity import Citizen
from guard.core.payload import FieldKind, Value, read_value
from guard.record.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SATO = Citizen(name="佐藤 花子", birth_date=date(1974, 6, 18))
TANAKA = Citizen(name="田中 一郎", birth_date=date(1961, 11, 23))
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def value(typed: str, kind: FieldKind = FieldKind.PAYMENT_ID) -> Value:
    found = read_value(kind, typed)
    assert found is not None
    return found


ID = value("SP10010001")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.sqlite", b"k" * 32)
    yield journal
    journal.close()


def sent(journal: Journal, *values: Value, person: Citizen = SATO, kind: Kind = Kind.RELEASED) -> None:
    journal.append(Record(kind=kind, visit_id="v1", citizen=person, values=values), NOW)


def test_what_was_sent_for_somebody_is_known_in_another_persons_visit(journal: Journal) -> None:
    """However it is typed; the same person may send it again, and again after a restart."""
    assert journal.of_another([ID], TANAKA) == frozenset()
    sent(journal, ID)
    again = value("ｓｐ１００１ー０００１")
    assert journal.of_another([again], TANAKA) == {ID}
    assert journal.of_another([again], SATO) == frozenset()
    assert journal.of_another([value("SP10010002")], TANAKA) == frozenset()
    assert journal.of_another([value("SP10010001", FieldKind.ACCOUNT_NUMBER)], TANAKA) == frozenset()


def test_what_was_only_stopped_belongs_to_nobody(journal: Journal) -> None:
    """A slip that never left the counter must not take the number from its owner."""
    sent(journal, ID, kind=Kind.STOPPED)
    assert journal.of_another([ID], TANAKA) == frozenset()


def test_a_name_on_an_account_may_be_many_peoples(journal: Journal) -> None:
    name = value("サトウ ハナコ", FieldKind.ACCOUNT_HOLDER)
    sent(journal, name, ID)
    assert journal.of_another([name], TANAKA) == frozenset()


def test_the_file_holds_neither_the_value_nor_its_end(journal: Journal, tmp_path: Path) -> None:
    sent(journal, ID, value("1002002", FieldKind.ACCOUNT_NUMBER))
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not [word for word in (b"SP10010001", b"1002002") if word in kept]
    ((first, _), (second, _)) = journal.entries()[-1].facts
    assert (first, second) == ("value:payment_id", "value:account_number")


def test_where_the_journal_cannot_be_read_every_value_counts_as_somebody_elses(journal: Journal) -> None:
    """What cannot be known stops, and a leader looks."""
    with journal._engine.connect() as connection:
        connection.execute(text("DROP TABLE entry"))
        connection.commit()
    assert journal.of_another([ID], SATO) == {ID}
