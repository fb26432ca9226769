"""A site that does everything at one address and is told by its query what to do; it books by a GET."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from flows.mock.styles.site import CookieSite, done, page, see, text
from flows.mock.styles.style import Style, StylePage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

AT = "/index.php"


class OneAddressSite(CookieSite):
    """Of a parameter that occurs twice it takes the last, as PHP does."""

    host = "one-address.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [Route("/", lambda _: see(AT)), Route(AT, self._do, methods=["GET", "POST"])]

    async def _do(self, request: Request) -> Response:
        deed = request.query_params.get("do", "view")  # Starlette, too, takes the last
        match deed, request.method:
            case "login", "POST":
                return await self._log_in(request)
            case "submit", "GET":
                return await self._apply(request)
            case "logout", "GET":
                return await self._log_out(request)
            case _:
                return self._view(request)

    def _view(self, request: Request) -> Response:
        person = self.resident(self._session(request).subject)
        if person is None:
            return page('<p id="guest">ようこそ、ゲスト 様</p>' + self.login_form(action=f"{AT}?do=login"))
        count = f'<form id="count" method="post" action="{AT}?do=count" target="counted"><button>数える</button></form>'
        return page(
            f'<p id="name">{text(person["name"])}</p><p id="born">{person["birth_date"]}</p>'
            f'<a id="apply" href="{AT}?lang=ja&amp;do=submit">申込む</a>'
            f'<a id="view" href="{AT}?do=view">表示</a><a id="log-out" href="{AT}?do=logout">ログアウト</a>'
            f'{count}<iframe name="counted"></iframe>'
        )

    async def _apply(self, request: Request) -> Response:
        subject = self._session(request).subject
        if subject is None:
            return see(AT)
        self.book(subject)
        return done()


class OneAddressPage(StylePage):
    """Links in place of buttons; and, for whoever tests them, links that the site never offers."""

    def go(self, query: str) -> None:
        """Open the address with another query, as a link with a slip in it would; does not wait."""
        self.page.evaluate("address => { location = address }", f"{AT}?{query}")


ONE_ADDRESS = Style(name="one-address", sites=(OneAddressSite,), people=OneAddressPage)
