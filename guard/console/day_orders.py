"""What the console answers at /day: the page, and staff's word on one of its stops."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse

from guard.console.day_page import DayPage, draw_day
from guard.core.day import Day
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from starlette.responses import Response

    from guard.console.calls import Frame
    from guard.console.day_page import DayBook
    from guard.portal import Portal
    from guard.texts import Texts


class DayOrders:
    """The day view of one counter; a counter without a book has an empty one."""

    def __init__(self, book: DayBook | None, portals: Sequence[Portal]) -> None:
        self._book = book
        self._portals = portals

    async def show(self, texts: Texts, around: Frame, today: date, notice: str | None = None) -> Response:
        """The page of today."""
        day = await self._read(today)
        page = None if day is None else DayPage(day, texts, self._portals, today)
        html = draw_day(page, texts, around, secrets.token_urlsafe(12), notice)
        return HTMLResponse(html, status_code=200 if notice is None else 422)

    async def mark(self, form: Mapping[str, str], texts: Texts, around: Frame, today: date) -> Response:
        """Take staff's word on a stop of today: that it was false, or that it was not after all."""
        day = await self._read(today)
        stop = next((each for each in day.stops if str(each.id) == form.get("stop")), None) if day else None
        if stop is None or self._book is None or form.get("false") not in {"yes", "no"}:
            return await self.show(texts, around, today, texts.label(Label.STALE_PAGE))
        refusal = self._book.mark(stop.id, stop.visit_id, form["false"] == "yes")
        if refusal is not None:
            return await self.show(texts, around, today, texts.refusal(refusal))
        return RedirectResponse("/day", status_code=303)

    async def _read(self, today: date) -> Day | None:
        return Day() if self._book is None else await asyncio.to_thread(self._book.of, today)
