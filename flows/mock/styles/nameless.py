"""Shows that somebody is logged in, and never whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from flows.mock.styles.site import StyleSite, done, page, see
from flows.mock.styles.style import Style
from guard.core.view import HolderState

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from flows.mock.sessions import Session


class NamelessSite(StyleSite):
    """A menu for everybody alike."""

    host = "nameless.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
        ]

    def _session(self, request: Request) -> Session:
        return self.sessions.load(request.cookies.get(self.cookie, ""))

    async def _home(self, request: Request) -> Response:
        if self._session(request).subject is None:
            return page(f'<p class="guest">ログインしてください</p>{self.login_form()}')
        return page(
            f'{self.apply_form()}<form method="post" action="/logout"><button id="log-out">ログアウト</button></form>'
        )

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


NAMELESS = Style(name="nameless", sites=(NamelessSite,), names_holder=False, after_login=HolderState.NOT_BY_NAME)
