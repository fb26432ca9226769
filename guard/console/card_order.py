"""The order by which staff answer the question about the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.console.forms import Attempt
from guard.core.card import CardAnswer
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from guard.console.desk import Desk
    from guard.texts import Texts


async def answer_card(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Take staff's word that the card is the same citizen's, or that the visit needs none."""
    said = form.get("answer", "")
    if said not in set(CardAnswer):
        return Attempt(values=form, notice=texts.label(Label.STALE_PAGE))
    refusal = await desk.card(CardAnswer(said))
    return None if refusal is None else Attempt(form="card", values=form, notice=texts.refusal(refusal))
