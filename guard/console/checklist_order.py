"""The order by which staff, or the citizen on a page of their own, confirm the completion checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.console.forms import Attempt
from guard.core.checklist import Confirmer, Item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from guard.console.desk import Desk
    from guard.core.commands import Refusal
    from guard.texts import Texts


async def confirm_checklist(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Take staff's word on the checklist of the visit that has just ended."""
    refusal = await take_word(desk, form, Confirmer.STAFF)
    return None if refusal is None else Attempt(form="checklist", values=form, notice=texts.refusal(refusal))


async def take_word(desk: Desk, form: Mapping[str, str], by: Confirmer) -> Refusal | None:
    """Hand over what is ticked; `of` says which visit's list the page showed."""
    ticked = frozenset(item for item in Item if form.get(item))
    return await desk.checklist(form.get("of", ""), by, ticked)
