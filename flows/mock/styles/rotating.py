"""Gives another session id with every answer; a logout leaves an anonymous session of a new id in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, StyleSite, done, page, see, text
from flows.mock.styles.style import Style
from guard.core.view import HolderState

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from flows.mock.sessions import Session


class RotatingSite(StyleSite):
    """Everybody has a session, guests too."""

    host = "rotating.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/me", self._me),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
        ]

    def _session(self, request: Request) -> Session:
        """Under the id of the answer: that of the request is worthless from now on."""
        session = self.sessions.load(request.cookies.get(self.cookie, ""))
        if not session.id:
            return self.sessions.start()
        self.sessions.rotate(session)
        return session

    def _keep(self, answer: Response, session: Session) -> Response:
        answer.set_cookie(self.cookie, session.id, secure=True, httponly=True, samesite="lax")
        return answer

    async def _home(self, request: Request) -> Response:
        session = self._session(request)
        person = self.resident(session.subject)
        if person is None:
            return self._keep(page(self.login_form()), session)
        log_out = '<form method="post" action="/logout"><button id="log-out">ログアウト</button></form>'
        return self._keep(page(f"<p>{text(person['name'])} 様</p>{self.apply_form()}{log_out}"), session)

    async def _me(self, request: Request) -> Response:
        session = self._session(request)
        person = self.resident(session.subject)
        said = {"guest": True} if person is None else {"guest": False, "who": [person["name"], person["birth_date"]]}
        return self._keep(JSONResponse(said, headers=NO_STORE), session)

    async def _log_in(self, request: Request) -> Response:
        self.sessions.end(self._session(request))  # nobody may lay down the id of a later login
        return self._keep(see("/"), self.sessions.start(str((await request.form())["person"])))

    async def _apply(self, request: Request) -> Response:
        session = self._session(request)
        if session.subject is None:
            return self._keep(see("/"), session)
        self.book(session.subject)
        return self._keep(done(), session)

    async def _log_out(self, request: Request) -> Response:
        self.sessions.end(self._session(request))
        return self._keep(see("/"), self.sessions.start())


ROTATING = Style(
    name="rotating", sites=(RotatingSite,), before_login=HolderState.NOT_SEEN, after_login=HolderState.NOT_SEEN
)
