"""Session keys: a session is named by a salted digest of its cookies, never by the cookies themselves."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SALT = secrets.token_bytes(32)  # of this run; a digest is worthless outside it


def parse_cookie_header(header: str | None) -> dict[str, str]:
    """Names and values of a `Cookie` header. The first of two equal names counts, as the longer path comes first."""
    cookies: dict[str, str] = {}
    for part in (header or "").split(";"):
        name, separator, value = part.strip().partition("=")
        if separator:
            cookies.setdefault(name, value)
    return cookies


def session_key(cookies: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Digest of the named cookies; None if none of them has a value."""
    present = [(name, cookies[name]) for name in sorted(names) if cookies.get(name)]
    if not present:
        return None
    digest = hashlib.blake2b(key=_SALT, digest_size=16)
    for name, value in present:
        for text in (name, value):
            digest.update(len(text).to_bytes(4) + text.encode())
    return digest.hexdigest()
