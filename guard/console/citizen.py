"""The citizen's page with the completion checklist, and its paper: large type, no name, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from guard.console.calls import frame
from guard.console.checklist_order import take_word
from guard.console.forms import read_form
from guard.console.page import draw
from guard.console.procedure import procedure_page
from guard.core.checklist import Confirmer, Item
from guard.labels import Label
from guard.texts import Language, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from guard.console.desk import Desk
    from guard.console.door import Keys

log = structlog.get_logger()

PATH: Final = "/citizen"


class Printer(Protocol):
    """The browser that shows the console, as far as it makes paper."""

    async def pdf(self, path: str) -> bytes:
        """The page at this path of the console as PDF: the one on screen, else a new one. Raises BrowserError."""
        ...


@dataclass
class Paper:
    """Where the paper comes from and what its head says."""

    counter: str = ""
    """Name of the counter, as staff know it."""
    printer: Printer | None = None
    """None until the console has a window, and where it never gets one."""
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()


class CitizenPages:
    """Shown to the citizen after the handover, confirmed, printed."""

    def __init__(self, desk: Desk, keys: Keys, paper: Paper, language: Language) -> None:
        self._desk = desk
        self._keys = keys
        self._paper = paper
        self._language = language

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self._show, methods=["GET"]),
            Route(PATH, self._confirm, methods=["POST"]),
            Route("/procedure", self._procedure, methods=["GET"]),
            Route("/checklist.pdf", self._pdf, methods=["GET"]),
        ]

    async def _show(self, request: Request) -> Response:
        return self._page(self._texts(request.query_params))

    async def _procedure(self, request: Request) -> Response:
        around = frame(self._desk.view(), self._keys.csrf)
        return HTMLResponse(procedure_page(self._texts(request.query_params), self._paper.counter, around))

    async def _confirm(self, request: Request) -> Response:
        form = await read_form(request)
        if form is None or not self._keys.fits(form.get("csrf", "")):
            return PlainTextResponse("このページは使えません。 / This page cannot be used.\n", status_code=403)
        texts = self._texts(form)
        refusal = await take_word(self._desk, form, Confirmer.CITIZEN)
        if refusal is None:
            return self._page(texts)
        return self._page(texts, fault=texts.refusal(refusal), ticked=frozenset(form) & frozenset(Item))

    async def _pdf(self, _request: Request) -> Response:
        """The sheet as this console's own browser prints it, signature and all if the citizen's page is open."""
        checklist, printer, texts = self._desk.view().checklist, self._paper.printer, Texts(self._language)
        if checklist is None:
            return PlainTextResponse(texts.label(Label.CITIZEN_NOTHING) + "\n", status_code=404)
        if printer is None:
            return PlainTextResponse(texts.label(Label.NO_PRINTER) + "\n", status_code=503)
        try:
            sheet = await printer.pdf(PATH)
        except Exception as error:  # noqa: BLE001  # paper is never worth a sealed counter
            log.warning("the checklist could not be printed", error=type(error).__name__, cause=repr(error.__cause__))
            return PlainTextResponse(texts.label(Label.NO_PRINTER) + "\n", status_code=503)
        name = f"attachment; filename=checklist-{checklist.visit_id}.pdf"
        return Response(sheet, media_type="application/pdf", headers={"Content-Disposition": name})

    def _page(self, texts: Texts, *, fault: str = "", ticked: frozenset[str] = frozenset()) -> Response:
        checklist = self._desk.view().checklist
        html = draw(
            "citizen.html",
            t=texts,
            checklist=checklist,
            confirmed=checklist is not None and Confirmer.CITIZEN in checklist.confirmed_by,
            frame=frame(self._desk.view(), self._keys.csrf),
            counter=self._paper.counter,
            at=self._paper.now().strftime("%Y-%m-%d %H:%M"),
            fault=fault,
            ticked=ticked,
        )
        return HTMLResponse(html, status_code=422 if fault else 200)

    def _texts(self, said: Mapping[str, str]) -> Texts:
        wanted = said.get("lang", "")
        return Texts(Language(wanted) if wanted in set(Language) else self._language)
