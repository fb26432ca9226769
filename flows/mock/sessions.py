"""Server-side sessions of one portal: an unguessable id in a cookie, everything else in the store."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.mock.store import Store


@dataclass(kw_only=True, slots=True)
class Session:
    """One session; `id` is empty while the browser has none."""

    id: str = ""
    subject: str | None = None
    csrf: str = ""
    draft: dict[str, Any] = field(default_factory=dict)
    """What a journey over several screens has gathered so far."""


class Sessions:
    """The sessions of one host."""

    def __init__(self, store: Store, host: str) -> None:
        self._store = store
        self._host = host

    def load(self, session_id: str) -> Session:
        """The live session with this id, or one without id."""
        row = self._store.one("SELECT * FROM session WHERE host = ? AND id = ?", self._host, session_id)
        if row is None:
            return Session()
        return Session(id=row["id"], subject=row["subject"], csrf=row["csrf"], draft=json.loads(row["draft"]))

    def start(self, subject: str | None = None) -> Session:
        """A new session under a new id."""
        session = Session(id=secrets.token_urlsafe(24), subject=subject, csrf=secrets.token_urlsafe(16))
        self._store.run(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?)", self._host, session.id, session.subject, session.csrf, "{}"
        )
        return session

    def save(self, session: Session) -> None:
        """Keep the draft."""
        draft = json.dumps(session.draft)
        self._store.run("UPDATE session SET draft = ? WHERE host = ? AND id = ?", draft, self._host, session.id)

    def enter(self, session: Session, subject: str) -> None:
        """Log somebody in under the id that the browser has already."""
        session.subject = subject
        self._store.run("UPDATE session SET subject = ? WHERE host = ? AND id = ?", subject, self._host, session.id)

    def end(self, session: Session) -> None:
        """Make the id worthless on the server."""
        self._store.run("DELETE FROM session WHERE host = ? AND id = ?", self._host, session.id)

    def rotate(self, session: Session) -> None:
        """Give the session a new id; the old one is worthless at once."""
        fresh = secrets.token_urlsafe(24)
        self._store.run("UPDATE session SET id = ? WHERE host = ? AND id = ?", fresh, self._host, session.id)
        session.id = fresh
