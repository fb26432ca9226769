"""Remembers whoever logged in: a second cookie starts a new session when the first has run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from flows.mock.sessions import Session, Sessions
from flows.mock.styles.site import NO_STORE, StyleSite, done, page, see, text
from flows.mock.styles.style import Style

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from flows.mock.store import Store

REMEMBER = "remember_me"
A_MONTH = 30 * 24 * 3600


class RememberingSite(StyleSite):
    """Keeps who is to be remembered in the same store, under a name of their own."""

    host = "remembering.portal.test"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.remembered = Sessions(store, f"remembered at {self.host}")
        self.forgets_to_forget = False
        """A fault of real sites: the logout ends the session alone."""
        self.asks_the_session_first = False
        """A session that has run out is an answer; only without one does the other cookie count."""

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/me", self._me),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
        ]

    def let_sessions_run_out(self) -> None:
        """As after half an hour without a click."""
        self.store.run("DELETE FROM session WHERE host = ?", self.host)

    @property
    def still_remembered(self) -> set[str]:
        """Subjects whom a cookie would log in again: the truth."""
        rows = self.store.all("SELECT subject FROM session WHERE host = ?", f"remembered at {self.host}")
        return {row["subject"] for row in rows}

    def _session(self, request: Request) -> Session:
        sid = request.cookies.get(self.cookie, "")
        session = self.sessions.load(sid)
        if session.id or (sid and self.asks_the_session_first):
            return session
        token = request.cookies.get(REMEMBER, "")
        known = self.remembered.load(token)
        return self.sessions.start(known.subject) if known.id else session

    def _keep(self, answer: Response, session: Session) -> Response:
        if session.id:
            answer.set_cookie(self.cookie, session.id, secure=True, httponly=True, samesite="lax")
        return answer

    async def _home(self, request: Request) -> Response:
        session = self._session(request)
        person = self.resident(session.subject)
        if person is None:
            return page(self.login_form())
        log_out = '<form method="post" action="/logout"><button id="log-out">ログアウト</button></form>'
        return self._keep(page(f"<p>{text(person['name'])} 様</p>{self.apply_form()}{log_out}"), session)

    async def _me(self, request: Request) -> Response:
        session = self._session(request)
        person = self.resident(session.subject)
        said = {"user": person and {"name": person["name"], "birthDate": person["birth_date"]}}
        return self._keep(JSONResponse(said, headers=NO_STORE), session)

    async def _log_in(self, request: Request) -> Response:
        subject = str((await request.form())["person"])
        answer = self._keep(see("/"), self.sessions.start(subject))
        token = self.remembered.start(subject).id
        answer.set_cookie(REMEMBER, token, max_age=A_MONTH, secure=True, httponly=True, samesite="lax")
        return answer

    async def _apply(self, request: Request) -> Response:
        session = self._session(request)
        if session.subject is None:
            return see("/")
        self.book(session.subject)
        return self._keep(done(), session)

    async def _log_out(self, request: Request) -> Response:
        self.sessions.end(self.sessions.load(request.cookies.get(self.cookie, "")))
        answer = see("/")
        answer.delete_cookie(self.cookie, secure=True, httponly=True, samesite="lax")
        if not self.forgets_to_forget:
            self.remembered.end(self.remembered.load(request.cookies.get(REMEMBER, "")))
        answer.delete_cookie(REMEMBER, secure=True, httponly=True, samesite="lax")
        return answer


REMEMBERING = Style(name="remembering", sites=(RememberingSite,))
