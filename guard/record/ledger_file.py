"""The ledger's file: brought to today's tables by its migrations, and its errors in our words."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from guard.errors import LedgerError
from guard.record.own_file import begin_before_looking, make_own, mode_for_others
from guard.record.store import cause_of, is_broken, mend_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

MIGRATIONS: Final = Path(__file__).with_name("migrations")
_ANEW: Final = "Move the file away: the ledger is made anew from the journal."
_BUSY_SECONDS: Final = 2.0  # a backup may hold the file for a moment; nothing is released by this thread


def open_ledger_file(path: Path) -> Engine:
    """Open or make the file, readable by its owner alone, with today's tables.

    A file that is no database any more is put aside first: what it held stands in the journal. Raises `LedgerError`.
    """
    with ledger_in_our_words(path):
        _make(path)
        try:
            return _migrated(path)
        except DatabaseError as error:
            if not is_broken(error):
                raise
            _put_aside(path)
            _make(path)
            return _migrated(path)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring a ledger to a revision; raises `CommandError` for one that this version does not know."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # the option is a format
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def ledger_engine(path: Path) -> Engine:
    """Connections to a ledger's file, for any thread, and kept: to close the last one waits for the disk each time."""
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, connect_args={"timeout": _BUSY_SECONDS})
    # What a power cut takes is read from the journal again.
    begin_before_looking(engine, "journal_mode = WAL", "synchronous = NORMAL")
    return engine


def _migrated(path: Path) -> Engine:
    engine = ledger_engine(path)
    try:
        with engine.begin() as connection:
            upgrade(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make(path: Path) -> None:
    make_own(path)
    mode = mode_for_others(path)
    if mode is not None:
        raise LedgerError(f"The ledger {path} is open to others", value=mode, mend=f"Run: chmod 600 {path}")


def _put_aside(path: Path) -> None:
    path.replace(path.with_name(f"{path.name}.broken"))
    for rest in ("-wal", "-shm"):
        path.with_name(f"{path.name}{rest}").unlink(missing_ok=True)


@contextmanager
def ledger_in_our_words(path: Path) -> Iterator[None]:
    """Turn errors of the database, of its migrations and of the system into `LedgerError`."""
    try:
        yield
    except SQLAlchemyError as error:
        mend = mend_of(error, if_broken=_ANEW)
        raise LedgerError(f"The ledger {path} failed", value=cause_of(error), mend=mend) from error
    except CommandError as error:
        mend = f"Use the madoguchi-guard that made it, or: {_ANEW}"
        raise LedgerError(f"The ledger {path} is of another version", value=str(error), mend=mend) from error
    except OSError as error:
        mend = "Give this user write access to its folder, and look whether its disk is full."
        raise LedgerError(f"The ledger {path} failed", value=error.strerror, mend=mend) from error
