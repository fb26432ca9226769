"""The ledger's file is brought to today's tables, whatever version made it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from guard.errors import LedgerError
from guard.record.ledger_file import ledger_engine, open_ledger_file, upgrade
from guard.record.ledger_tables import metadata

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "100%" / "ledger.sqlite"


def differences(file: Path) -> list[object]:
    with closing(ledger_engine(file).connect()) as connection:
        found = list(compare_metadata(MigrationContext.configure(connection), metadata))
    connection.engine.dispose()
    return found


def at_revision(file: Path, revision: str) -> None:
    file.parent.mkdir(mode=0o700)
    file.touch(mode=0o600)
    with ledger_engine(file).begin() as connection:
        upgrade(connection, revision)
    connection.engine.dispose()


def test_an_empty_file_gets_the_tables_of_today(file: Path) -> None:
    """Migrations and tables are written down apart, and must say the same."""
    open_ledger_file(file).dispose()
    assert differences(file) == []
    open_ledger_file(file).dispose()


def test_a_file_of_the_first_version_is_brought_up_to_date(file: Path) -> None:
    """What the journal fills is dropped, to be read from it again; what stands nowhere else stays."""
    at_revision(file, "0001")
    assert differences(file) != []
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("INSERT INTO progress VALUES (1, 7, 'hash')")
        raw.execute(
            "INSERT INTO visit (id, counter, opened_at, surname, reading, released) VALUES ('v1','','','','',0)"
        )
        raw.execute("INSERT INTO used_value VALUES ('payment_id', 'd1', 'sato', 'v1')")
        raw.execute("INSERT INTO checklist VALUES ('v1', 'card', 'reader')")
        raw.commit()
    open_ledger_file(file).dispose()
    assert differences(file) == []
    with closing(sqlite3.connect(file)) as raw:
        counts = [
            raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("progress", "visit", "used_value", "checklist")
        ]
    assert counts == [0, 0, 1, 1]


def test_a_file_from_before_addresses_keeps_its_visits(file: Path) -> None:
    """Nobody of them had one: nothing is to be read again."""
    at_revision(file, "0002")
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("INSERT INTO progress VALUES (1, 7, 'hash')")
        raw.execute(
            "INSERT INTO visit (id, counter, opened_at, surname, reading, released) VALUES ('v1','','','','',0)"
        )
        raw.commit()
    open_ledger_file(file).dispose()
    assert differences(file) == []
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT id, address FROM visit").fetchall() == [("v1", "")]
        assert raw.execute("SELECT sequence FROM progress").fetchall() == [(7,)]


def test_a_file_of_a_later_version_is_left_alone(file: Path) -> None:
    open_ledger_file(file).dispose()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(LedgerError, match="of another version"):
        open_ledger_file(file)


def test_a_write_ahead_log_lets_readers_in(file: Path) -> None:
    open_ledger_file(file).dispose()
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
