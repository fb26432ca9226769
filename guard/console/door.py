"""The door of the console: every request passes it, so a route cannot be left unguarded."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENTRY: Final = "/open"
"""The path that takes the one-time token."""
_COOKIE: Final = "guard_console"
_READING: Final = frozenset({"GET", "HEAD"})
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",  # names of citizens must not stay in a disk cache
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with no-referrer a form would send Origin: null, which the door refuses
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_REFUSED: Final = (
    "この画面は開けません。窓口コンソールを開き直してください。\n"
    "This page cannot be opened. Please open the counter console again.\n"
)


@dataclass
class Keys:
    """The secrets of one console. A token works once; the session it opens replaces the one before."""

    token: str | None
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _session: str | None = None

    def __repr__(self) -> str:
        """Hide the secrets: values of this type may end in a log line."""
        return "Keys(…)"

    def issue(self) -> str:
        """Make a fresh token, for a console window that has to be opened again."""
        self.token = secrets.token_urlsafe(32)
        return self.token

    def trade(self, token: str) -> str | None:
        """The cookie of a new session for the right token, which is dead from then on; else None."""
        if self.token is None or not _same(token, self.token):
            return None
        self.token = None
        self._session = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        return self._session

    def knows(self, cookie: str | None) -> bool:
        return cookie is not None and self._session is not None and _same(cookie, self._session)

    def fits(self, csrf: str) -> bool:
        """Whether a form was made by this session's pages."""
        return _same(csrf, self.csrf)


class Door:
    """ASGI middleware: lets through only what comes from this console's own pages on this machine."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._answer(scope)(scope, receive, _with_headers(send))

    def _answer(self, scope: Scope) -> ASGIApp:
        if not _is_ours(scope):
            return _refusal()
        if scope["path"] == ENTRY:
            return self._enter(scope)
        return self._app if self._keys.knows(_cookie(Headers(scope=scope))) else _refusal()

    def _enter(self, scope: Scope) -> Response:
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        session = self._keys.trade(token) if scope["method"] == "GET" else None
        if session is None:
            return _refusal()
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(_COOKIE, session, httponly=True, samesite="strict", path="/")
        return response


def _is_ours(scope: Scope) -> bool:
    """Whether address, Host, Origin and Sec-Fetch-Site all say that our own page on this machine asks."""
    headers, reading = Headers(scope=scope), scope["method"] in _READING
    client, server = scope.get("client"), scope.get("server")
    if client is None or server is None or client[0] != "127.0.0.1":
        return False
    host, origin, site = headers.get("host", ""), headers.get("origin"), headers.get("sec-fetch-site")
    if host not in {f"{name}:{server[1]}" for name in _LOOPBACK}:
        return False
    if origin != f"http://{host}" and not (reading and origin is None):
        return False
    return site == "same-origin" or (reading and site == "none")


def _cookie(headers: Headers) -> str | None:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _refusal() -> Response:
    return PlainTextResponse(_REFUSED, status_code=403)


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(), wanted.encode())


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with_headers
