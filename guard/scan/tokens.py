"""What looks like a bearer token: a JWT says itself when it was made and until when it is good."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.scan.leftover import unix_time

if TYPE_CHECKING:
    from datetime import datetime

_JWT = re.compile(rb"eyJ[A-Za-z0-9_-]{5,4096}\.(eyJ[A-Za-z0-9_-]{5,16384})\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Jwt:
    """A token found in some bytes. `raw` is the value: it is hashed, and goes nowhere else."""

    raw: bytes
    made: datetime | None
    expires: datetime | None

    def __repr__(self) -> str:
        """Hide the value."""
        return "Jwt(…)"


def jwts_in(content: bytes) -> list[Jwt]:
    """The JWTs in these bytes, in UTF-8 or UTF-16LE, each once, in their order."""
    thin = content.replace(b"\0", b"")  # UTF-16LE of ASCII is every other byte zero
    found = {match[0]: match for text in (content, thin) for match in _JWT.finditer(text)}
    return [_read(match) for match in found.values()]


def token_in(value: str, inside: str | None) -> str | None:
    """The token in a stored value: the value itself, or what stands at these names of its JSON."""
    if inside is None:
        return value or None
    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):
        return None
    for name in inside.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) and found else None


def _read(match: re.Match[bytes]) -> Jwt:
    claims = _claims(match[1])
    return Jwt(raw=match[0], made=unix_time(claims.get("iat")), expires=unix_time(claims.get("exp")))


def _claims(part: bytes) -> dict[str, object]:
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
