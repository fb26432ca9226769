"""The orders by which people say who is logged in: what the citizen answers, typed."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Final

from guard.console.fields import Fault, read_birth_date, read_birth_year, read_end, read_reading, read_text
from guard.console.forms import Attempt
from guard.console.orders import acting_for, declined, faulty
from guard.core.confirmation import Answers, Personal
from guard.core.view import BindingView
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import date

    from guard.console.desk import Desk
    from guard.core.commands import Refusal
    from guard.core.staff import Denied
    from guard.texts import Texts

    _Saying = Callable[[Answers, str, str, str], Awaitable[Refusal | Denied | None]]

_READERS: Final[Mapping[Personal, Callable[[str, date], date | int | str | Fault]]] = {
    Personal.BIRTH_DATE: read_birth_date,
    Personal.BIRTH_YEAR: read_birth_year,
    Personal.READING: lambda typed, _today: read_reading(typed),
    Personal.NUMBER_END: lambda typed, _today: read_end(typed),
}
assert {item.value for item in Personal} == {field.name for field in fields(Answers)}  # noqa: S101  # a form names its fields so


async def confirm(desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
    """Confirm the holder of one portal by what the citizen answers, or by a leader's word."""
    name = form.get("portal", "")
    shown = next((line.holder_name for line in desk.view().portals if line.portal == name), None)
    return await _said(f"confirm-{name}", shown, partial(desk.confirm, name), (desk, form, texts, today))


async def open_unbound(desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
    """Open a visit whose first login says whose it is."""
    ticket = read_text(form.get("ticket", ""), missing=None)
    if isinstance(ticket, Fault):
        return faulty("open", form, texts, ticket=ticket)
    concerned = acting_for(form, today)
    if isinstance(concerned, dict):
        return faulty("open", form, texts, **concerned)
    return declined("open", form, texts, await desk.open_visit(None, concerned, ticket or None))


async def bind(desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
    """Make whoever is logged in the citizen of the visit, by what they type, or by a leader's word."""
    offered = desk.view().binding
    shown = offered.holder_name if isinstance(offered, BindingView) else None
    return await _said("bind", shown, desk.bind, (desk, form, texts, today))


async def _said(
    which: str, shown: str | None, order: _Saying, given: tuple[Desk, Mapping[str, str], Texts, date]
) -> Attempt | None:
    """Carry out what a form says of the holder that it showed; of another one it says nothing."""
    desk, form, texts, today = given
    if form.get("holder", "") != (shown or ""):
        return Attempt(form=which, notice=texts.label(Label.STALE_PAGE))
    answers, staff = _answers(form, today), _staff(desk, form)
    if isinstance(answers, dict) or isinstance(staff, Fault):
        return faulty(which, form, texts, **(answers if isinstance(answers, dict) else {}), staff=staff)
    return declined(
        which, form, texts, await order(answers, staff, form.get("leader", "").strip(), form.get("pin", ""))
    )


def _staff(desk: Desk, form: Mapping[str, str]) -> str | Fault:
    """The name of who asks; typed only while nobody is known to serve."""
    known = desk.view().staff is not None or bool(form.get("leader", "").strip())
    return read_text(form.get("staff", ""), missing=None if known else Fault.STAFF_MISSING)


def _answers(form: Mapping[str, str], today: date) -> Answers | dict[str, object]:
    """What was typed into the fields there are, else what is wrong with each. A leader may leave fields empty."""
    by_leader = bool(form.get("leader", "").strip())
    asked = {item for item in Personal if item.value in form and not (by_leader and not form[item.value].strip())}
    read = {item.value: _READERS[item](form[item.value], today) for item in Personal if item in asked}
    if any(isinstance(value, Fault) for value in read.values()):
        return dict(read)
    return Answers(**read)  # type: ignore[arg-type]  # each reader gives the type of its own field
