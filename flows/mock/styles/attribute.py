"""A server-rendered site: session in a cookie, the name in an attribute and in a sentence of its page, GET logout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from flows.mock.styles.site import CookieSite, page, text
from flows.mock.styles.style import Style

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute


class AttributeSite(CookieSite):
    """Greets its holder by name, and keeps the birth date in an attribute beside it."""

    host = "attribute.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
            Route("/logout", self._log_out),
        ]

    async def _home(self, request: Request) -> Response:
        person = self.resident(self._session(request).subject)
        if person is None:
            return page('<p class="greeting guest">ようこそ、ゲスト 様</p>' + self.login_form())
        greeting = f"ようこそ、{text(person['name'])} 様"
        return page(
            f'<p class="greeting" data-born="{person["birth_date"]}">{greeting}</p>'
            f'{self.apply_form()}<a id="log-out" href="/logout">ログアウト</a>'
        )


ATTRIBUTE = Style(name="attribute", sites=(AttributeSite,))
