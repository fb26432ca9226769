"""What the console tells of people at it: that somebody is there, and staff's word that a visit goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from guard.console.forms import Attempt, read_form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from starlette.requests import Request

    from guard.console.desk import Desk
    from guard.console.door import Keys
    from guard.texts import Texts

_TOLD: Final = {"yes": True, "no": False}


def activity(desk: Desk, keys: Keys) -> Route:
    """The road by which the console's pages report input: no content, only whether a form holds text."""

    async def seen(request: Request) -> Response:
        form = await read_form(request)
        if form is None or not keys.fits(form.get("csrf", "")):
            return Response(status_code=403)
        desk.input_seen(typed=_TOLD.get(form.get("typed", "")))
        return Response(status_code=204)

    return Route("/activity", seen, methods=["POST"])


async def go_on(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Take staff's word that the open visit goes on."""
    refusal = await desk.still_serving()
    return None if refusal is None else Attempt(form="idle", values=form, notice=texts.refusal(refusal))
