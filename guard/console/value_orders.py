"""The orders about values of a submission: the citizen reads one back, a leader allows one of another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.console.fields import Fault, read_text
from guard.console.forms import Attempt
from guard.core.staff import Denied
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from guard.console.desk import Desk
    from guard.core.commands import Refusal
    from guard.texts import Texts


async def read_back(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Take what the citizen typed; a page that asks for what is asked no longer is out of date."""
    asked = desk.view().read_back
    if asked is None or (asked.submission_id, str(asked.turn)) != (form.get("submission"), form.get("turn")):
        return Attempt(notice=texts.label(Label.STALE_PAGE))
    typed = read_text(form.get("typed", ""), missing=Fault.READ_BACK_MISSING)
    if isinstance(typed, Fault):
        return Attempt(form="read_back", faults={"typed": typed}, notice=texts.label(Label.CHECK_FIELDS))
    refusal = await desk.read_back(asked.submission_id, typed)
    return None if refusal is None else Attempt(form="read_back", notice=texts.refusal(refusal))


async def approve_value(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Allow a value in this visit, on the word of a leader."""
    submission, leader = form.get("submission", ""), read_text(form.get("leader", ""), missing=Fault.LEADER_MISSING)
    if isinstance(leader, Fault):
        return _again(submission, form, texts.label(Label.CHECK_FIELDS), leader=leader)
    answer: Refusal | Denied | None = await desk.approve_value(submission, leader, form.get("pin", ""))
    if isinstance(answer, Denied):
        return _again(submission, form, texts.label(Label.CHECK_FIELDS), pin=answer)
    return None if answer is None else _again(submission, form, texts.refusal(answer))


def _again(submission: str, form: Mapping[str, str], notice: str, **faults: Fault | Denied) -> Attempt:
    return Attempt(form=f"shared-{submission}", values={"leader": form.get("leader", "")}, faults=faults, notice=notice)
