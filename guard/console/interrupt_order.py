"""The order by which staff interrupt a visit, with the reason that a leader and the next visit are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.console.forms import Attempt
from guard.core.events import Ending
from guard.core.interruption import Interruption
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from guard.console.desk import Desk
    from guard.texts import Texts


async def interrupt(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Interrupt the open visit, for one of the reasons that have a button."""
    why = form.get("interruption", "")
    if why not in set(Interruption):
        return Attempt(form="interrupt", notice=texts.label(Label.STALE_PAGE))
    refusal = await desk.end(Ending.INTERRUPTED, Interruption(why))
    return None if refusal is None else Attempt(form="interrupt", values=form, notice=texts.refusal(refusal))
