"""An old site in Shift_JIS that has no logout: its sessions end when they run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, CookieSite, text
from flows.mock.styles.style import Style
from guard.core.clearance import Finding

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute


class EndlessSite(CookieSite):
    """Declares its charset in the page alone, as was usual."""

    host = "endless.portal.test"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
        ]

    async def _home(self, request: Request) -> Response:
        person = self.resident(self._session(request).subject)
        if person is None:
            return _page(f'<p id="state">ログインしていません</p>{self.login_form()}')
        born = "{}年{}月{}日".format(*(int(part) for part in person["birth_date"].split("-")))
        rows = f"<tr><th>氏名<td>{text(person['name'])}<tr><th>生年月日<td>{born}"
        return _page(f'<table id="member">{rows}</table>{self.apply_form()}')


def _page(body: str) -> Response:
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"></head><body>{body}'
    return Response(html.encode("cp932"), headers={**NO_STORE, "Content-Type": "text/html"})


ENDLESS = Style(name="endless", sites=(EndlessSite,), logged_out=Finding.DECLARED, session_dead=Finding.DECLARED)
