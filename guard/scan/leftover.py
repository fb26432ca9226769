"""What a scan finds. No value of a cookie, token or form ever gets in here: a keyed digest stands for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WEBKIT_BEGINS = datetime(1601, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """In what form something stayed."""

    SESSION_COOKIE = "session_cookie"
    """A cookie that the portal's profile names as its session."""
    SESSION_TOKEN = "session_token"  # noqa: S105  # a kind, not a token
    """The bearer token that the portal's profile names as its session."""
    COOKIE = "cookie"
    """Another cookie that the browser sends to a portal; remember-me cookies are among these."""
    LOCAL_STORAGE = "local_storage"
    SESSION_STORAGE = "session_storage"
    INDEXED_DB = "indexed_db"
    FILE_SYSTEM = "file_system"
    """The origin private file system."""
    SERVICE_WORKER = "service_worker"
    CACHE_STORAGE = "cache_storage"
    HTTP_CACHE = "http_cache"
    HISTORY = "history"
    AUTOFILL = "autofill"
    SAVED_LOGIN = "saved_login"
    DOWNLOAD = "download"
    RESTORE_FILE = "restore_file"
    """Tabs, with what was typed into them, that the browser may open again."""
    WORD = "word"
    """A word given with --find."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftover:
    """One thing that stayed of an earlier visit."""

    kind: Kind
    profile: str
    """Folder of the browser profile."""
    where: str
    """File, relative to the profile folder."""
    portal: str | None = None
    host: str | None = None
    what: str | None = None
    """Name of a cookie or of a stored key, and what it looks like; never a value."""
    count: int = 1
    digest: str | None = None
    """Stands for the value: equal for equal values under one key."""
    created: datetime | None = None
    used: datetime | None = None
    """Last access."""
    expires: datetime | None = None


@dataclass(kw_only=True)
class Scan:
    """What a scan found, and what it could not look at."""

    profiles: list[str] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    """What was not looked at, and why: a scan that finds nothing is worth no more than this list is short."""

    def sessions(self) -> Iterator[tuple[str, str]]:
        """Profile and portal of every session found, each pair once."""
        yield from dict.fromkeys(
            (found.profile, found.portal)
            for found in self.leftovers
            if found.kind in {Kind.SESSION_COOKIE, Kind.SESSION_TOKEN} and found.portal is not None
        )


class Vault:
    """The bearer tokens that were found, for asking their portals; they are never shown."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], list[str]] = {}

    def keep(self, profile: str, portal: str, token: str) -> None:
        kept = self._tokens.setdefault((profile, portal), [])
        if token not in kept:
            kept.append(token)

    def tokens(self, profile: str, portal: str) -> list[str]:
        return self._tokens.get((profile, portal), [])


class Marker:
    """Makes digests under one key."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def mark(self, value: str | bytes) -> str:
        """16 hex digits that stand for a value, with no way back."""
        raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        return hashlib.blake2b(raw, digest_size=8, key=self.key, person=b"guard scan").hexdigest()


def webkit_time(microseconds: object) -> datetime | None:
    """The browser's own time, in microseconds since 1601; None for 0 and for what is no time."""
    if not isinstance(microseconds, int) or microseconds <= 0:
        return None
    try:
        return _WEBKIT_BEGINS + timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def unix_time(seconds: object) -> datetime | None:
    """Seconds since 1970; None for 0 and for what is no time."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
