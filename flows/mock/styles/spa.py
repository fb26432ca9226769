"""What the single-page applications have in common: the page, and an API that takes a bearer token."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, StyleSite

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.sessions import Session
    from flows.mock.store import Store

_SCRIPT = Path(__file__).parents[1] / "static" / "spa.js"


def front(*, storage: str = "none", api: str = "", logout: str = "DELETE /api/session") -> list[BaseRoute]:
    """The page and its script; it keeps the token in `storage` and speaks to the API at another origin, if named."""
    html = (
        '<!doctype html><html lang="ja"><meta charset="utf-8"><title>手続き</title>'
        f'<body data-storage="{storage}" data-api="{api}" data-logout="{logout}"><main></main>'
        '<script src="/spa.js"></script></body></html>'
    )
    return [
        Route("/", lambda _: HTMLResponse(html, headers=NO_STORE)),
        Route("/spa.js", lambda _: FileResponse(_SCRIPT, headers=NO_STORE)),
    ]


def refused() -> Response:
    """The answer to whoever is not logged in."""
    return JSONResponse({"error": "unauthorized"}, status_code=401, headers=NO_STORE)


def said(**content: object) -> Response:
    """An answer of the API."""
    return JSONResponse(content, headers=NO_STORE)


def bearer(request: Request) -> str:
    """The token that a request carries; empty if it carries none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


class BearerSite(StyleSite):
    """Its tokens are opaque: the server keeps a session for each, and a logout ends it."""

    storage: ClassVar[str]

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.grace = 0.0
        """Seconds for which a token still names its holder after it was renewed or logged out, as real ones do."""
        self._lingering: dict[str, tuple[str, float]] = {}

    def routes(self) -> list[BaseRoute]:
        return [*front(storage=self.storage), *self.api()]

    def api(self) -> list[BaseRoute]:
        """What the page's script asks."""
        return [
            Route("/api/me", self._me),
            Route("/api/login", self._log_in, methods=["POST"]),
            Route("/api/renew", self._renew, methods=["POST"]),
            Route("/api/apply", self._apply, methods=["POST"]),
            Route("/api/session", self._log_out, methods=["DELETE"]),
        ]

    def _session(self, request: Request) -> Session:
        return self.sessions.load(bearer(request))

    async def _me(self, request: Request) -> Response:
        person = self.resident(self.named_by(bearer(request)))
        return refused() if person is None else said(name=person["name"], birthDate=person["birth_date"])

    def named_by(self, token: str) -> str | None:
        """Subject of the person whom this token stands for now: the truth, seconds of grace included."""
        subject, until = self._lingering.get(token, ("", 0.0))
        return self.sessions.load(token).subject or (subject if time.monotonic() < until else None)

    def _let_linger(self, session: Session) -> None:
        if session.subject is not None and self.grace:
            self._lingering[session.id] = (session.subject, time.monotonic() + self.grace)

    async def _log_in(self, request: Request) -> Response:
        return said(token=self.sessions.start((await request.json())["person"]).id)

    async def _renew(self, request: Request) -> Response:
        """A new token; the old one is worthless, at once or after the seconds of grace."""
        session = self._session(request)
        if session.subject is None:
            return refused()
        self._let_linger(session)
        self.sessions.rotate(session)
        return said(token=session.id)

    async def _apply(self, request: Request) -> Response:
        subject = self._session(request).subject
        if subject is None:
            return refused()
        self.book(subject)
        return said(booked=True)

    async def _log_out(self, request: Request) -> Response:
        session = self._session(request)
        if session.subject is None:
            return refused()
        self._let_linger(session)
        self.sessions.end(session)
        return Response(status_code=204)
