"""The one SQLite file behind the mock portals: residents, sessions, sign-on codes and the books."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flows.people import Resident

_SCHEMA = """
CREATE TABLE resident (
    subject TEXT PRIMARY KEY, name TEXT NOT NULL, kana TEXT NOT NULL, birth_date TEXT NOT NULL,
    card_id TEXT NOT NULL UNIQUE, pin TEXT NOT NULL, pin_errors INTEGER NOT NULL DEFAULT 0,
    certificate_renewed TEXT, guardian TEXT
);
CREATE TABLE payment_id (payment_id TEXT PRIMARY KEY, service TEXT NOT NULL, owner TEXT NOT NULL REFERENCES resident);
CREATE TABLE bank_account (
    bank TEXT NOT NULL, branch TEXT NOT NULL, number TEXT NOT NULL, owner TEXT NOT NULL REFERENCES resident,
    PRIMARY KEY (bank, branch, number)
);
CREATE TABLE session (
    host TEXT NOT NULL, id TEXT NOT NULL, subject TEXT REFERENCES resident, csrf TEXT NOT NULL, draft TEXT NOT NULL,
    PRIMARY KEY (host, id)
);
CREATE TABLE sign_on_code (code TEXT PRIMARY KEY, client TEXT NOT NULL, subject TEXT NOT NULL REFERENCES resident);
CREATE TABLE point_application (
    id INTEGER PRIMARY KEY, holder TEXT NOT NULL REFERENCES resident, service TEXT NOT NULL, payment_id TEXT NOT NULL,
    kind TEXT NOT NULL, amount INTEGER NOT NULL, granted INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0, applied_by TEXT REFERENCES resident
);
CREATE UNIQUE INDEX one_live_application ON point_application (holder, kind) WHERE NOT cancelled;
CREATE TABLE account (
    holder TEXT PRIMARY KEY REFERENCES resident, bank TEXT NOT NULL, branch TEXT NOT NULL, number TEXT NOT NULL,
    holder_kana TEXT NOT NULL
);
CREATE TABLE booking (id INTEGER PRIMARY KEY, host TEXT NOT NULL, subject TEXT NOT NULL REFERENCES resident);
"""
_Value = str | int | None
_WRITTEN_IN_A_RUN = ("session", "sign_on_code", "point_application", "account", "booking")


class Store:
    """One database, shared by the portals' threads under one lock."""

    def __init__(self, path: Path, residents: Sequence[Resident]) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA foreign_keys = ON")
        # The file lives in a directory that goes away with the portals: nothing has to survive a power cut.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)
        with self.transaction():
            for resident in residents:
                self._enter(resident)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def run(self, sql: str, *values: _Value) -> int:
        """Number of rows changed by one statement."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def all(self, sql: str, *values: _Value) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: _Value) -> sqlite3.Row | None:
        """The first row of a query, if there is one."""
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def reset(self) -> None:
        """Forget sessions and books; residents stay, their cards are unlocked."""
        with self.transaction():
            for table in _WRITTEN_IN_A_RUN:
                self.run(f"DELETE FROM {table}")  # noqa: S608 - a fixed list of our own tables
            self.run("UPDATE resident SET pin_errors = 0")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _enter(self, resident: Resident) -> None:
        renewed = resident.certificate_renewed
        self.run(
            "INSERT INTO resident (subject, name, kana, birth_date, card_id, pin, certificate_renewed, guardian)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            resident.subject,
            resident.name,
            resident.kana,
            resident.birth_date.isoformat(),
            resident.card_id,
            resident.pin,
            renewed.isoformat() if renewed else None,
            resident.guardian,
        )
        for cashless in (resident.cashless, *resident.spare_cashless):
            self.run("INSERT INTO payment_id VALUES (?, ?, ?)", cashless.payment_id, cashless.service, resident.subject)
        account = resident.account
        self.run(
            "INSERT INTO bank_account VALUES (?, ?, ?, ?)",
            account.bank,
            account.branch,
            account.number,
            resident.subject,
        )
