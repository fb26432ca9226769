"""What really arrived at the portals, noted before any of their own code runs."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One request, as the server saw it."""

    method: str
    host: str
    path: str
    session: str | None
    """Value of the site's session cookie; None if there was none."""
    body_length: int
    body_sha256: str


class RequestLog:
    """Arrivals at all hosts in their order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._arrivals: list[Arrival] = []

    def note(self, arrival: Arrival) -> None:
        with self._lock:
            self._arrivals.append(arrival)

    def all(self) -> tuple[Arrival, ...]:
        with self._lock:
            return tuple(self._arrivals)

    def clear(self) -> None:
        with self._lock:
            self._arrivals.clear()


class Noted:
    """ASGI middleware: read the whole request, note it, then hand it on unchanged."""

    def __init__(self, app: ASGIApp, *, host: str, cookie: str, log: RequestLog) -> None:
        self._app = app
        self._host = host
        self._cookie = cookie
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole_body(receive)
        if body is None:
            return
        self._log.note(
            Arrival(
                method=scope["method"],
                host=self._host,
                path=scope["path"],
                session=_cookie(scope, self._cookie),
                body_length=len(body),
                body_sha256=hashlib.sha256(body).hexdigest(),
            )
        )
        replayed: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return replayed.pop() if replayed else await receive()

        await self._app(scope, replay, send)


async def _whole_body(receive: Receive) -> bytes | None:
    """The body, or None if the sender left before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _cookie(scope: Scope, name: str) -> str | None:
    header = b"; ".join(value for key, value in scope["headers"] if key == b"cookie").decode("latin-1")
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
