"""What the small applications have in common: residents, sessions, a book of applications, and a page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING, ClassVar

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response

from flows.mock.sessions import Sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.sessions import Session
    from flows.mock.store import Store

NO_STORE = {"Cache-Control": "no-store"}


class StyleSite(ABC):
    """One host. Subclasses say where it is and what it answers."""

    host: ClassVar[str]
    cookie: ClassVar[str] = "sid"
    """Session cookie, for the log of requests."""
    asks_for_certificates: ClassVar[bool] = False
    """Whether TLS asks whoever connects for a certificate of their own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sessions = Sessions(store, self.host)

    @property
    def origin(self) -> str:
        return f"https://{self.host}"

    def app(self) -> Starlette:
        """The site as an ASGI application."""
        return Starlette(routes=self.routes())

    @abstractmethod
    def routes(self) -> list[BaseRoute]:
        """Everything that it answers."""

    def resident(self, subject: str | None) -> sqlite3.Row | None:
        """What the site knows of a person: subject, name, kana, birth_date."""
        return self.store.one("SELECT * FROM resident WHERE subject = ?", subject) if subject else None

    def book(self, subject: str) -> None:
        """Enter an application: the deed that must never be done for the wrong person."""
        self.store.run("INSERT INTO booking (host, subject) VALUES (?, ?)", self.host, subject)

    @property
    def booked(self) -> list[str]:
        """Subjects of the applications, oldest first: the truth."""
        return [row["subject"] for row in self.store.all("SELECT * FROM booking WHERE host = ?", self.host)]

    @property
    def logged_in(self) -> set[str]:
        """Subjects whose sessions are alive on the server: the truth."""
        rows = self.store.all("SELECT subject FROM session WHERE host = ? AND subject IS NOT NULL", self.host)
        return {row["subject"] for row in rows}

    @property
    def living_sessions(self) -> set[str]:
        """Ids of those sessions."""
        rows = self.store.all("SELECT id FROM session WHERE host = ? AND subject IS NOT NULL", self.host)
        return {row["id"] for row in rows}

    def login_form(self, *, action: str = "/login") -> str:
        """The form that `StylePage.log_in` fills; the card is laid down by its subject."""
        fields = '<input id="person" name="person"><button id="log-in">ログイン</button>'
        return f'<form method="post" action="{action}">{fields}</form>'

    def apply_form(self, *, action: str = "/apply") -> str:
        """The form that `StylePage.apply` sends."""
        return f'<form method="post" action="{action}"><button id="apply">申込む</button></form>'


class CookieSite(StyleSite):
    """A session in one cookie from the login to the logout."""

    def _session(self, request: Request) -> Session:
        return self.sessions.load(request.cookies.get(self.cookie, ""))

    async def _log_in(self, request: Request) -> Response:
        session = self.sessions.start(str((await request.form())["person"]))
        answer = see("/")
        answer.set_cookie(self.cookie, session.id, secure=True, httponly=True, samesite="lax")
        return answer

    async def _apply(self, request: Request) -> Response:
        subject = self._session(request).subject
        if subject is None:
            return see("/")
        self.book(subject)
        return done()

    async def _log_out(self, request: Request) -> Response:
        self.sessions.end(self._session(request))
        return see("/")


def page(body: str, *, status: int = 200, headers: Mapping[str, str] = NO_STORE) -> HTMLResponse:
    """A page with this body."""
    html = f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>手続き</title><body>{body}</body></html>'
    return HTMLResponse(html, status_code=status, headers=dict(headers))


def done() -> HTMLResponse:
    """What `StylePage.applied` looks for."""
    return page('<p id="done">申込みました</p>')


def see(url: str) -> Response:
    """Go on to another page."""
    return RedirectResponse(url, status_code=303, headers=NO_STORE)


def text(value: str) -> str:
    """A name as it may stand in a page."""
    return escape(value)
