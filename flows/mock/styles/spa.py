"""What the single-page applications have in common: the page, and an API that takes a bearer token."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, StyleSite

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.sessions import Session

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
        person = self.resident(self._session(request).subject)
        return refused() if person is None else said(name=person["name"], birthDate=person["birth_date"])

    async def _log_in(self, request: Request) -> Response:
        return said(token=self.sessions.start((await request.json())["person"]).id)

    async def _renew(self, request: Request) -> Response:
        """A new token; the old one is worthless at once."""
        session = self._session(request)
        if session.subject is None:
            return refused()
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
        self.sessions.end(session)
        return Response(status_code=204)
