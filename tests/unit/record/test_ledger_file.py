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
    with ledger_engine(file).begin() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def at_revision(file: Path, revision: str) -> None:
    file.parent.mkdir(mode=0o700)
    file.touch(mode=0o600)
    with ledger_engine(file).begin() as connection:
        upgrade(connection, revision)


def test_an_empty_file_gets_the_tables_of_today(file: Path) -> None:
    """Migrations and tables are written down apart, and must say the same."""
    open_ledger_file(file)
    assert differences(file) == []
    open_ledger_file(file)


def test_a_file_of_a_later_version_is_left_alone(file: Path) -> None:
    open_ledger_file(file)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(LedgerError, match="of another version"):
        open_ledger_file(file)


def test_a_write_ahead_log_lets_readers_in(file: Path) -> None:
    open_ledger_file(file)
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
