"""The console's web application: one page, its live updates, and the few forms of staff."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from guard.console.card_order import answer_card
from guard.console.door import Door, Keys
from guard.console.forms import Attempt, Spent, read_form
from guard.console.live import stream
from guard.console.orders import ORDERS, Order, take_over
from guard.console.page import Page
from guard.console.person_orders import bind, confirm, open_unbound
from guard.labels import Label
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from guard.console.desk import Desk
    from guard.portal import Portal

_DEADLINE: Final = 10.0  # seconds for the desk to accept or decline; it needs milliseconds
_ORDERS: Final[Mapping[str, Order]] = {
    **ORDERS,
    "card": answer_card,
    "confirm": confirm,
    "bind": bind,
    "open_unbound": open_unbound,
}
_LANGUAGE_COOKIE: Final = "guard_language"


def create_app(
    desk: Desk,
    *,
    token: str,
    portals: Sequence[Portal] = (),
    language: Language = Language.JA,
    today: Callable[[], date] = date.today,
) -> Starlette:
    """The console of one counter. `token` opens it once, at `/open?token=…`; `language` is the one it starts in."""
    keys = Keys(token)
    going_down = asyncio.Event()
    console = _Console(desk, keys, portals, language, today, going_down)
    app = Starlette(
        routes=[
            Route("/", console.show, methods=["GET"]),
            Route("/now", console.now, methods=["GET"]),
            Route("/events", console.events, methods=["GET"]),
            Route("/language", console.switch_language, methods=["POST"]),
            Route("/do/{order}", console.do, methods=["POST"]),
            Mount("/static", StaticFiles(packages=[("guard.console", "static")])),
        ],
        middleware=[Middleware(Door, keys=keys)],
    )
    app.state.keys = keys
    app.state.going_down = going_down
    return app


class _Console:
    """The handlers of one console's routes."""

    def __init__(
        self,
        desk: Desk,
        keys: Keys,
        portals: Sequence[Portal],
        language: Language,
        today: Callable[[], date],
        going_down: asyncio.Event,
    ) -> None:
        self._desk = desk
        self._keys = keys
        self._portals = portals
        self._language = language
        self._today = today
        self._going_down = going_down
        self._spent = Spent()
        self._one_at_a_time = asyncio.Lock()

    async def show(self, request: Request) -> Response:
        return HTMLResponse(self._page(request).whole())

    async def now(self, request: Request) -> Response:
        return HTMLResponse(self._page(request).fragment())

    async def events(self, _request: Request) -> Response:
        return stream(self._desk.subscribe(), self._going_down)

    async def switch_language(self, request: Request) -> Response:
        form = await read_form(request)
        if form is None or not self._keys.fits(form.get("csrf", "")):
            return _refused()
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(_LANGUAGE_COOKIE, self._texts(request).language.other, httponly=True, samesite="strict")
        return response

    async def do(self, request: Request) -> Response:
        """Carry out one order of staff, unless its form is forged, stale or already carried out."""
        order = _ORDERS.get(request.path_params["order"])
        form = await read_form(request)
        if order is None or form is None or not self._keys.fits(form.get("csrf", "")):
            return _refused()
        async with self._one_at_a_time:  # the second half of a double click waits, and then finds its form spent
            return await self._carry_out(request, order, form)

    async def _carry_out(self, request: Request, order: Order, form: dict[str, str]) -> Response:
        texts, mark = self._texts(request), form.get("once", "")
        if mark in self._spent:
            return RedirectResponse("/", status_code=303)
        if order is not take_over and form.get("visit") != (self._desk.view().visit_id or ""):
            return self._again(request, Attempt(notice=texts.label(Label.STALE_PAGE)), status=409)
        try:
            async with asyncio.timeout(_DEADLINE):
                attempt = await order(self._desk, form, texts, self._today())
        except TimeoutError:
            attempt = Attempt(notice=texts.label(Label.NO_ANSWER))
        if attempt is not None:
            return self._again(request, attempt, status=422)
        self._spent.add(mark)
        return RedirectResponse("/", status_code=303)

    def _again(self, request: Request, attempt: Attempt, *, status: int) -> Response:
        return HTMLResponse(self._page(request).whole(attempt), status_code=status)

    def _page(self, request: Request) -> Page:
        desk, texts = self._desk, self._texts(request)
        return Page(
            desk.view(), texts, self._portals, self._keys.csrf, pins=desk.asks_pins(), bound=desk.binds_at_login()
        )

    def _texts(self, request: Request) -> Texts:
        chosen = request.cookies.get(_LANGUAGE_COOKIE)
        return Texts(Language(chosen) if chosen in set(Language) else self._language)


def _refused() -> Response:
    return PlainTextResponse("このページは使えません。 / This page cannot be used.\n", status_code=403)
