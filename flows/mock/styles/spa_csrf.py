"""A single-page application on a session cookie; each of its POSTs sends a double-submit token in a header."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, StyleSite
from flows.mock.styles.spa import front, refused, said
from flows.mock.styles.style import Style

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.sessions import Session


class SpaCsrfSite(StyleSite):
    """Whoever asks gets the token in a cookie; only a page of the site can read it and send it back."""

    host = "spa-csrf.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [
            *front(logout="POST /api/logout"),
            Route("/api/me", self._me),
            Route("/api/login", self._log_in, methods=["POST"]),
            Route("/api/apply", self._apply, methods=["POST"]),
            Route("/api/logout", self._log_out, methods=["POST"]),
        ]

    def _session(self, request: Request) -> Session:
        return self.sessions.load(request.cookies.get(self.cookie, ""))

    async def _me(self, request: Request) -> Response:
        person = self.resident(self._session(request).subject)
        answer = refused() if person is None else said(name=person["name"], birthDate=person["birth_date"])
        if "csrf" not in request.cookies:
            answer.set_cookie("csrf", secrets.token_urlsafe(16), secure=True, samesite="strict")
        return answer

    async def _log_in(self, request: Request) -> Response:
        if not _is_own(request):
            return _forged()
        answer = said(logged_in=True)
        session = self.sessions.start((await request.json())["person"])
        answer.set_cookie(self.cookie, session.id, secure=True, httponly=True, samesite="strict")
        return answer

    async def _apply(self, request: Request) -> Response:
        subject = self._session(request).subject
        if not _is_own(request):
            return _forged()
        if subject is None:
            return refused()
        self.book(subject)
        return said(booked=True)

    async def _log_out(self, request: Request) -> Response:
        if not _is_own(request):
            return _forged()
        self.sessions.end(self._session(request))
        answer = said(logged_in=False)
        answer.delete_cookie(self.cookie, secure=True, httponly=True, samesite="strict")
        return answer


def _is_own(request: Request) -> bool:
    sent = request.headers.get("x-csrf-token", "")
    return bool(sent) and hmac.compare_digest(sent, request.cookies.get("csrf", ""))


def _forged() -> Response:
    return JSONResponse({"error": "csrf"}, status_code=403, headers=NO_STORE)


SPA_CSRF = Style(name="spa-csrf", sites=(SpaCsrfSite,))
