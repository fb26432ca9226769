"""Who is served at the counter, and whom a portal says is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Citizen:
    """The person being served, as reception knows them."""

    name: str
    """Full name as on the card, kanji or Latin."""
    birth_date: date | None = None
    kana: str | None = None
    """Reading of the name; a hint, never evidence, because the card's chip has none."""
    subject_id: str | None = None
    """Identifier that the portal also shows, where reception knows one."""
    aliases: tuple[str, ...] = ()
    """Other names known to reception (通称)."""
    address: str | None = None
    """Never compared with a portal: it tells whether another one of the same household was served just now."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            msg = "a citizen needs a name"
            raise ValueError(msg)

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return "Citizen(…)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What a portal shows of the person who is logged in; at least one field is set."""

    name: str | None = None
    birth_date: date | None = None
    kana: str | None = None
    subject_id: str | None = None

    def __post_init__(self) -> None:
        if not any((self.name, self.birth_date, self.kana, self.subject_id)):
            msg = "an identity needs at least one of name, birth_date, kana, subject_id"
            raise ValueError(msg)

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return "Identity(…)"


class Obscurity(StrEnum):
    """Why a portal's holder could not be read."""

    UNREACHABLE = "unreachable"
    """No connection, or it broke."""
    TIMEOUT = "timeout"
    """No answer within the profile's deadline."""
    SERVER_ERROR = "server_error"
    """An answer with a status other than 200."""
    NOT_UNDERSTOOD = "not_understood"
    """An answer that says neither who is logged in nor that nobody is."""
    AMBIGUOUS = "ambiguous"
    """The reading matched several things, or something that is not one short text."""
    CACHED = "cached"
    """An answer out of a cache on the way: it may tell of somebody else."""
    BROWSER_GONE = "browser_gone"
    """The browser ended while it was asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The portal says that somebody is logged in."""

    identity: Identity | None
    """None where the portal shows that somebody is, and not whom."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """The portal says that nobody is logged in (a positive sign, such as 「ゲスト」)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """The portal did not say, or not in a way that can be trusted."""

    why: Obscurity


Holder = Known | Nobody | Unclear


@dataclass(frozen=True, kw_only=True, slots=True)
class Jar:
    """One cookie jar: a browser context of one portal in one browser."""

    portal: str
    context: str
    """DevTools `browserContextId`; incognito windows and test contexts are jars of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A holder, read at a time, in one jar, under one session, in one browser."""

    jar: Jar
    holder: Holder
    session: str | None
    """Salted digest of the session cookies that the reading was made with; None if there were none."""
    generation: int
    """The browser that was asked; a sighting of another generation is worthless."""
    taken_at: float
    """Seconds on the supervisor's monotonic clock, when the question was **sent**."""
