"""What the files of this counter have in common: their owner's alone, and each transaction begins before it looks."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from sqlalchemy import event

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def make_own(path: Path) -> None:
    """Make a file and its folder for their owner alone, where they are not there yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def mode_for_others(path: Path) -> str | None:
    """The mode of a file that others than its owner may use; None if nobody else may, or nobody can tell."""
    mode = path.stat().st_mode
    return oct(stat.S_IMODE(mode)) if os.name == "posix" and mode & _OTHERS else None


def begin_before_looking(engine: Engine, *pragmas: str) -> None:
    """Have each transaction of this engine write-lock the file at once, with these settings on each connection."""

    def own_transactions(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # or the driver would begin at the first write, after our look
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", own_transactions)
    event.listen(engine, "begin", begin)
