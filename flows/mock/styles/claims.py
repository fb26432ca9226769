"""A single-page application whose token, a signed JWT, says itself whom it stands for; no logout reaches the server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE
from flows.mock.styles.spa import BearerSite, bearer, front, refused, said
from flows.mock.styles.style import Style
from guard.core.clearance import Finding

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.store import Store


class ClaimsSite(BearerSite):
    """Keeps no sessions: every token is good until it expires, whoever holds it (RFC 7519)."""

    host = "claims.portal.test"
    storage = "local"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._key = secrets.token_bytes(32)

    def routes(self) -> list[BaseRoute]:
        return [
            *front(storage=self.storage, logout=""),
            Route("/api/me", self._me),
            Route("/api/login", self._log_in, methods=["POST"]),
            Route("/api/apply", self._apply, methods=["POST"]),
            Route("/api/accepts", self._accepts),
        ]

    async def _me(self, request: Request) -> Response:
        claims = self._claims(request)
        return refused() if claims is None else said(name=claims["name"])

    async def _accepts(self, request: Request) -> Response:
        """Tells nothing but whether the token is good."""
        return refused() if self._claims(request) is None else Response(status_code=200, headers=NO_STORE)

    async def _log_in(self, request: Request) -> Response:
        return said(token=self.issue((await request.json())["person"]))

    def issue(self, subject: str, *, lifetime: float = 3600.0) -> str:
        """A token that is good for so many seconds."""
        person = self.resident(subject)
        names = {"name": person["name"], "birthdate": person["birth_date"]} if person else {}
        claims = {"sub": subject, **names, "exp": time.time() + lifetime, "jti": secrets.token_hex(8)}
        signed = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{_encoded(claims)}"
        return f"{signed}.{self._signature(signed)}"

    async def _apply(self, request: Request) -> Response:
        claims = self._claims(request)
        if claims is None:
            return refused()
        self.book(claims["sub"])
        return said(booked=True)

    def _claims(self, request: Request) -> dict[str, Any] | None:
        signed, _, signature = bearer(request).rpartition(".")
        if not hmac.compare_digest(signature, self._signature(signed)):
            return None
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        return claims if claims["exp"] > time.time() else None

    def _signature(self, signed: str) -> str:
        return _base64(hmac.digest(self._key, signed.encode(), hashlib.sha256))


def _encoded(part: dict[str, object]) -> str:
    return _base64(json.dumps(part).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


CLAIMS = Style(name="claims", sites=(ClaimsSite,), logged_out=Finding.DECLARED, session_dead=Finding.DECLARED)
