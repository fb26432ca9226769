"""What a request carries of a session. A session is named by a salted digest, never by its cookies or token."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from guard.grammar import Session

_SALT = secrets.token_bytes(32)  # of this run; a digest is worthless outside it
_BROWSER = "the browser itself"


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """The headers of one request that say under whose session it goes."""

    cookie: str = ""
    """Value of the `Cookie` header."""
    token: str = ""
    """Value of the token's header, prefix included; empty where the portal has none."""

    def __repr__(self) -> str:
        """Hide the secret: values of this type may end in a log line."""
        return "Carried(…)"


def carried_by(headers: Mapping[str, str], session: Session) -> Carried:
    """What a request with these headers carries of a portal's session."""
    lower = {name.lower(): value for name, value in headers.items()}
    token = lower.get(session.token.header.lower(), "") if session.token else ""
    if session.token and not token.startswith(session.token.prefix):
        token = ""  # another scheme in the same header
    return Carried(cookie=lower.get("cookie", ""), token=token)


def token_of(carried: Carried, session: Session) -> str:
    """The bare token."""
    return carried.token.removeprefix(session.token.prefix) if session.token else ""


def secrets_of(carried: Carried, session: Session) -> list[str]:
    """Every value that is the session, or a part of it."""
    cookies = parse_cookie_header(carried.cookie)
    values = [cookies.get(name, "") for name in session.cookies]
    return [value for value in (*values, token_of(carried, session)) if value]


def session_key(carried: Carried, session: Session, browser: str) -> str | None:
    """Digest of the session that is carried; None if there is none.

    A login that the browser keeps to itself shows in no request: there the browser, by a name of its own,
    is the session.
    """
    cookies = parse_cookie_header(carried.cookie)
    present = [(name, cookies[name]) for name in sorted(session.cookies) if cookies.get(name)]
    if session.token and carried.token:
        present.append((session.token.header, carried.token))
    if session.browser_keeps:
        present.append((_BROWSER, browser))
    return _digest(present) if present else None


def parse_cookie_header(header: str | None) -> dict[str, str]:
    """Names and values of a `Cookie` header. The first of two equal names counts, as the longer path comes first."""
    cookies: dict[str, str] = {}
    for part in (header or "").split(";"):
        name, separator, value = part.strip().partition("=")
        if separator:
            cookies.setdefault(name, value)
    return cookies


def _digest(present: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.blake2b(key=_SALT, digest_size=16)
    for pair in present:
        for text in pair:
            encoded = text.encode(errors="surrogatepass")
            digest.update(len(encoded).to_bytes(4) + encoded)
    return digest.hexdigest()
