"""HTTP Digest (RFC 7616): as Basic, but the password never travels; each request proves that the browser knows it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.request import parse_http_list, parse_keqv_list

from flows.mock.styles.basic import PasswordPage
from flows.mock.styles.kept import KeptSite
from flows.mock.styles.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from flows.mock.store import Store

REALM = "residents"


class DigestSite(KeptSite):
    """Takes subject and PIN, proved over a nonce of its own that counts upwards."""

    host = "digest.portal.test"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._used: dict[str, int] = {}
        """Nonce → highest count seen: a request that is sent again proves nothing."""

    def subject_of(self, request: Request) -> str | None:
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "digest":
            return None
        fields = parse_keqv_list(parse_http_list(said))
        known = self.resident(fields.get("username"))
        if known is None or not self._is_new(fields):
            return None
        wanted = _response(fields, known["pin"], request.method)
        return known["subject"] if hmac.compare_digest(wanted, fields.get("response", "")) else None

    def _is_new(self, fields: Mapping[str, str]) -> bool:
        nonce, count = fields.get("nonce", ""), int(fields.get("nc", "0"), 16)
        if count <= self._used.get(nonce, count):
            return False
        self._used[nonce] = count
        return True

    def refusal(self) -> Mapping[str, str]:
        nonce = secrets.token_hex(16)
        self._used[nonce] = 0
        challenge = f'Digest realm="{REALM}", nonce="{nonce}", qop="auth", algorithm=SHA-256'
        return {"WWW-Authenticate": challenge}


def _response(fields: Mapping[str, str], pin: str, method: str) -> str:
    user, uri = fields["username"], fields.get("uri", "")
    proof = ":".join(fields.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
    return _hash(f"{_hash(f'{user}:{REALM}:{pin}')}:{proof}:{_hash(f'{method}:{uri}')}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


DIGEST = Style(name="digest", sites=(DigestSite,), people=PasswordPage)
