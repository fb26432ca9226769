"""The file of the register of staff: its one table, its transactions, and its errors in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Table, Text, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from guard.errors import StaffError
from guard.record.own_file import begin_before_looking, make_own, mode_for_others
from guard.record.store import cause_of, mend_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

VERSION: Final = 1
ANEW: Final = "Move the file away and register the staff again: guard staff add."
_BUSY_SECONDS: Final = 2.0  # `guard staff` and a counter write for some milliseconds each

_metadata = MetaData()
staff_table = Table(
    "staff",
    _metadata,
    Column("number", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Float, nullable=False),
)


def open_staff_file(path: Path) -> Engine:
    """Open or make the file, readable by its owner alone. Each use is a connection and a transaction of its own."""
    with staff_in_our_words(path):
        _make(path)
        engine = _engine(path)
        with engine.begin() as connection:
            _prepare(connection, path)
    return engine


def _make(path: Path) -> None:
    make_own(path)
    mode = mode_for_others(path)
    if mode is not None:
        raise StaffError(f"The register of staff {path} is open to others", value=mode, mend=f"Run: chmod 600 {path}")


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _BUSY_SECONDS})
    begin_before_looking(engine)
    return engine


def _prepare(connection: Connection, path: Path) -> None:
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    if version not in {0, VERSION}:
        mend = f"Use the madoguchi-guard that made it; this one writes version {VERSION}."
        raise StaffError(f"The register of staff {path} has another version", value=version, mend=mend)
    _metadata.create_all(connection)
    connection.execute(text(f"PRAGMA user_version = {VERSION}"))


@contextmanager
def staff_in_our_words(path: Path) -> Iterator[None]:
    """Turn errors of the database and the system into `StaffError`."""
    try:
        yield
    except SQLAlchemyError as error:
        mend = mend_of(error, if_broken=ANEW)
        raise StaffError(f"The register of staff {path} failed", value=cause_of(error), mend=mend) from error
    except OSError as error:
        mend = "Give this user write access to its folder, and look whether its disk is full."
        raise StaffError(f"The register of staff {path} failed", value=error.strerror, mend=mend) from error
