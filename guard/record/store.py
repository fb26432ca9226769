"""The journal's file: its one table, the triggers that keep it append-only, and its errors in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, create_engine, event, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as SQLiteDialect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from guard.errors import JournalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

VERSION = 1
_BUSY_SECONDS = 1.0  # a backup may hold the file for a moment; a held submission does not wait longer

_metadata = MetaData()
entry_table = Table(
    "entry",
    _metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("visit_id", Text),
    Column("citizen", Text),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("entry_of_visit", "visit_id", "kind"),
)

INSERT_ENTRY = str(entry_table.insert().compile(dialect=SQLiteDialect(paramstyle="named")))
"""Written out once: a held submission waits for its entry, and building the statement took as long as the disk."""

_FINAL = {
    "entry_is_final": "UPDATE ON entry",
    "entry_stays": "DELETE ON entry",
    # INSERT OR REPLACE deletes without asking the trigger above
    "entry_follows": "INSERT ON entry WHEN EXISTS (SELECT 1 FROM entry WHERE sequence >= NEW.sequence)",
}

_MENDS = {
    "SQLITE_FULL": "Free space on its disk.",
    "SQLITE_IOERR": "Free space on its disk, and look whether the disk is sound.",
    "SQLITE_BUSY": "End the other program that uses the file.",
    "SQLITE_READONLY": "Give this user write access to the file and its folder.",
    "SQLITE_CANTOPEN": "Give this user write access to the file and its folder.",
}
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_BROKEN_MEND = "Keep the file as evidence, and give this counter a new state_dir."
_OTHER_MEND = "Keep the file as evidence, and report this message."


def open_store(path: Path) -> Engine:
    """Open or make the file, on one connection that any thread may use, one at a time."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
    )
    event.listen(engine, "connect", _demand_durability)
    try:
        with engine.begin() as connection:
            _prepare(connection, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _demand_durability(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # each commit is on the disk before it returns
    cursor.close()


def _prepare(connection: Connection, path: Path) -> None:
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    if version not in {0, VERSION}:
        mend = f"Use the madoguchi-guard that made it; this one writes version {VERSION}."
        raise JournalError(f"The journal {path} has another version", value=version, mend=mend)
    _metadata.create_all(connection)
    for name, occasion in _FINAL.items():
        refusal = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        connection.execute(text(f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {occasion} {refusal}"))
    connection.execute(text(f"PRAGMA user_version = {VERSION}"))


@contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Turn errors of the database and the system into `JournalError`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise JournalError(f"The journal {path} failed", value=cause_of(error), mend=mend_of(error)) from error
    except OSError as error:
        mend = "Give this user write access to its folder, and look whether its disk is full."
        raise JournalError(f"The journal {path} failed", value=error.strerror, mend=mend) from error


def cause_of(error: SQLAlchemyError) -> str:
    """Tell the database's own message; SQLAlchemy's would repeat the statement with its values."""
    return str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__


def mend_of(error: SQLAlchemyError, *, if_broken: str = _BROKEN_MEND) -> str:
    """What to do about an error of a database's file; `if_broken` where the file is not a database any more."""
    if is_broken(error):
        return if_broken
    name = _name_of(error)
    return next((mend for known, mend in _MENDS.items() if name.startswith(known)), _OTHER_MEND)


def is_broken(error: SQLAlchemyError) -> bool:
    """Whether the file is no database any more."""
    return _name_of(error).startswith(_BROKEN)


def _name_of(error: SQLAlchemyError) -> str:
    return getattr(error.orig, "sqlite_errorname", "") if isinstance(error, DBAPIError) else ""
