"""The browser's own databases, always in a copy: reading them in place would lock them and replay their journals."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIDE_FILES = ("-journal", "-wal")
"""What belongs to a database that is being written; `-shm` is an index over the wal, and made anew."""
_KEEP = "UPDATE cookies SET is_persistent = 1, has_expires = 1, expires_utc = ? WHERE is_persistent = 0"


class UnreadableError(Exception):
    """A file that is not what its name says, or is half written. Carries no content."""


def is_whole(copy: Path) -> bool:
    """Whether a copied database can be read from end to end, its journal replayed."""
    try:
        with closing(_open(copy)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def rows(copy: Path, statement: str) -> Iterator[dict[str, Any]]:
    """The rows of a query. Raises UnreadableError for a file that is no such database."""
    try:
        with closing(_open(copy)) as database:
            database.row_factory = sqlite3.Row
            for row in database.execute(statement):
                yield dict(row)
    except sqlite3.Error as error:
        raise UnreadableError(type(error).__name__) from None  # its text may quote what it read


def tables(copy: Path) -> frozenset[str]:
    """Names of the tables; they differ between versions of a browser."""
    return frozenset(row["name"] for row in rows(copy, "SELECT name FROM sqlite_master WHERE type = 'table'"))


def keep_session_cookies(copy: Path, until: int) -> None:
    """Give cookies without expiry one, because a browser forgets such cookies when it starts. In a copy alone."""
    try:
        with closing(_open(copy)) as database, database:
            database.execute(_KEEP, (until,))
    except sqlite3.Error as error:
        raise UnreadableError(type(error).__name__) from None


def _open(copy: Path) -> sqlite3.Connection:
    if not copy.is_file():
        raise sqlite3.OperationalError("missing")
    database = sqlite3.connect(copy)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return database
