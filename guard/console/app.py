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

from guard.console.activity import activity, go_on
from guard.console.calls import frame
from guard.console.card_order import answer_card
from guard.console.checklist_order import confirm_checklist
from guard.console.citizen import CitizenPages, Paper
from guard.console.day_orders import DayOrders
from guard.console.door import Door, Keys
from guard.console.forms import Attempt, Spent, read_form
from guard.console.interrupt_order import interrupt
from guard.console.live import stream
from guard.console.orders import ORDERS, Order, take_over
from guard.console.page import Page
from guard.console.person_orders import bind, confirm
from guard.console.procedure import enter_visit
from guard.console.reception import Reception
from guard.console.value_orders import approve_value, read_back
from guard.core.view import Phase
from guard.labels import Label
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from guard.console.calls import Frame
    from guard.console.day_page import DayBook
    from guard.console.desk import Desk
    from guard.core.weakness import Found
    from guard.portal import Portal

_DEADLINE: Final = 10.0  # seconds for the desk to accept or decline; it needs milliseconds
_ORDERS: Final[Mapping[str, Order]] = {
    **ORDERS,
    "card": answer_card,
    "interrupt": interrupt,
    "checklist": confirm_checklist,
    "still": go_on,
    "without": enter_visit,
    "confirm": confirm,
    "bind": bind,
    "read_back": read_back,
    "approve_value": approve_value,
}
_DONE: Final = 303
_LANGUAGE_COOKIE: Final = "guard_language"


def create_app(
    desk: Desk,
    *,
    token: str,
    portals: Sequence[Portal] = (),
    language: Language = Language.JA,
    today: Callable[[], date] = date.today,
    paper: Paper | None = None,
    reception: Reception | None = None,
    book: DayBook | None = None,
    preflight: Callable[[], tuple[Found, ...]] | None = None,
) -> Starlette:
    """The console of one counter. `token` opens it once, at `/open?token=…`; `language` is the one it starts in.

    `preflight` looks at the machine, which may read files; without it nothing is said of that.
    """
    keys = Keys(token)
    going_down = asyncio.Event()
    day = DayOrders(book, portals)
    console = _Console(
        desk, keys, portals, language, today, going_down, reception or Reception(), day, preflight=preflight
    )
    app = Starlette(
        routes=[
            Route("/", console.show, methods=["GET"]),
            Route("/now", console.now, methods=["GET"]),
            Route("/events", console.events, methods=["GET"]),
            Route("/day", console.day, methods=["GET"]),
            Route("/day/stop", console.judge_stop, methods=["POST"]),
            Route("/language", console.switch_language, methods=["POST"]),
            Route("/do/{order}", console.do, methods=["POST"]),
            activity(desk, keys),
            *CitizenPages(desk, keys, paper or Paper(), language).routes(),
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
        reception: Reception,
        day: DayOrders,
        *,
        preflight: Callable[[], tuple[Found, ...]] | None,
    ) -> None:
        self._desk = desk
        self._keys = keys
        self._portals = portals
        self._language = language
        self._today = today
        self._going_down = going_down
        self._reception = reception
        self._day = day
        self._preflight = preflight
        self._orders = {**_ORDERS, "open": reception.open, "fill": reception.fill}
        self._spent = Spent()
        self._one_at_a_time = asyncio.Lock()

    async def show(self, request: Request) -> Response:
        return HTMLResponse((await self._page(request)).whole())

    async def now(self, request: Request) -> Response:
        return HTMLResponse((await self._page(request)).fragment())

    async def events(self, _request: Request) -> Response:
        return stream(self._desk.subscribe(), self._going_down)

    async def day(self, request: Request) -> Response:
        return await self._day.show(self._texts(request), self._frame(), self._today())

    async def judge_stop(self, request: Request) -> Response:
        """Take staff's word on a stop; a second click says the same once more, and changes nothing."""
        form = await read_form(request)
        if form is None or not self._keys.fits(form.get("csrf", "")):
            return _refused()
        async with self._one_at_a_time:
            if form.get("once", "") in self._spent:
                return RedirectResponse("/day", status_code=303)
            answer = await self._day.mark(form, self._texts(request), self._frame(), self._today())
            if answer.status_code == _DONE:
                self._spent.add(form.get("once", ""))
            return answer

    async def switch_language(self, request: Request) -> Response:
        form = await read_form(request)
        if form is None or not self._keys.fits(form.get("csrf", "")):
            return _refused()
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(_LANGUAGE_COOKIE, self._texts(request).language.other, httponly=True, samesite="strict")
        return response

    async def do(self, request: Request) -> Response:
        """Carry out one order of staff, unless its form is forged, stale or already carried out."""
        order = self._orders.get(request.path_params["order"])
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
            return await self._again(request, Attempt(notice=texts.label(Label.STALE_PAGE), status=409))
        try:
            async with asyncio.timeout(_DEADLINE):
                attempt = await order(self._desk, form, texts, self._today())
        except TimeoutError:
            attempt = Attempt(notice=texts.label(Label.NO_ANSWER))
        if attempt is not None:
            return await self._again(request, attempt)
        self._spent.add(mark)
        return RedirectResponse("/", status_code=303)

    async def _again(self, request: Request, attempt: Attempt) -> Response:
        return HTMLResponse((await self._page(request)).whole(attempt), status_code=attempt.status)

    async def _page(self, request: Request) -> Page:
        desk, texts = self._desk, self._texts(request)
        ready = desk.view().phase is Phase.READY
        waiting = await self._reception.waiting(self._today()) if ready else None
        found = await asyncio.to_thread(self._preflight) if ready and self._preflight else None
        return Page(
            desk.view(),
            texts,
            self._portals,
            self._keys.csrf,
            pins=desk.asks_pins(),
            waiting=waiting,
            bound=desk.binds_at_login(),
            found=found,
        )

    def _frame(self) -> Frame:
        return frame(self._desk.view(), self._keys.csrf)

    def _texts(self, request: Request) -> Texts:
        chosen = request.cookies.get(_LANGUAGE_COOKIE)
        return Texts(Language(chosen) if chosen in set(Language) else self._language)


def _refused() -> Response:
    return PlainTextResponse("このページは使えません。 / This page cannot be used.\n", status_code=403)
