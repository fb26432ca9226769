"""Shows that somebody is logged in, and never whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from flows.mock.styles.site import CookieSite, page
from flows.mock.styles.style import Style
from guard.core.view import HolderState

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute


class NamelessSite(CookieSite):
    """A menu for everybody alike."""

    host = "nameless.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
        ]

    async def _home(self, request: Request) -> Response:
        if self._session(request).subject is None:
            return page(f'<p class="guest">ログインしてください</p>{self.login_form()}')
        return page(
            f'{self.apply_form()}<form method="post" action="/logout"><button id="log-out">ログアウト</button></form>'
        )


NAMELESS = Style(name="nameless", sites=(NamelessSite,), names_holder=False, after_login=HolderState.NOT_BY_NAME)
