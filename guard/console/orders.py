"""What staff can order by a form. Each order returns None when carried out, else the attempt to show again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from guard.console.fields import Fault, read_birth_date, read_text
from guard.console.forms import Attempt
from guard.core.events import Ending
from guard.core.identity import Citizen
from guard.core.staff import Denied
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from guard.console.desk import Desk
    from guard.core.commands import Refusal
    from guard.texts import Texts

BETWEEN_ALIASES: Final = re.compile("[、;;]")
_ENDINGS: Final = frozenset({Ending.DONE, Ending.DISCARDED})  # to interrupt takes a reason: `interrupt_order`


class Order(Protocol):
    """One kind of form."""

    async def __call__(self, desk: Desk, form: Mapping[str, str], texts: Texts, today: date, /) -> Attempt | None:
        """Carry out the form, or say what is wrong with it."""
        ...


async def open_visit(desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
    """Open a visit for the person typed in."""
    name = read_text(form.get("name", ""), missing=Fault.NAME_MISSING)
    kana = read_text(form.get("kana", ""), missing=None)
    born = read_birth_date(form.get("birth_date", ""), today)
    alias = read_text(form.get("alias", ""), missing=None)
    address = read_text(form.get("address", ""), missing=None)
    ticket = read_text(form.get("ticket", ""), missing=None)
    read = {"name": name, "kana": kana, "birth_date": born, "alias": alias, "address": address, "ticket": ticket}
    if isinstance(name, Fault) or isinstance(kana, Fault) or isinstance(born, Fault):
        return faulty("open", form, texts, **read)
    if isinstance(alias, Fault) or isinstance(address, Fault) or isinstance(ticket, Fault):
        return faulty("open", form, texts, **read)
    concerned = acting_for(form, today)
    if isinstance(concerned, dict):
        return faulty("open", form, texts, **concerned)
    aliases = tuple(each for part in BETWEEN_ALIASES.split(alias) if (each := part.strip()))
    citizen = Citizen(name=name, kana=kana or None, birth_date=born, aliases=aliases, address=address or None)
    refusal = await desk.open_visit(citizen, concerned, ticket or None)
    return declined("open", form, texts, refusal)


def acting_for(form: Mapping[str, str], today: date) -> Citizen | dict[str, object] | None:
    """The person whom the visitor acts for; None if both fields are empty, else what is wrong with either."""
    if not (form.get("for_name", "").strip() or form.get("for_birth_date", "").strip()):
        return None
    name = read_text(form.get("for_name", ""), missing=Fault.NAME_MISSING)
    born = read_birth_date(form.get("for_birth_date", ""), today)
    if isinstance(name, Fault) or isinstance(born, Fault):
        return {"for_name": name, "for_birth_date": born}
    return Citizen(name=name, birth_date=born)


async def end(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """End or discard the open visit."""
    ending = form.get("ending")
    if ending not in _ENDINGS:
        return Attempt(form="end", notice=texts.label(Label.STALE_PAGE))
    return declined("end", form, texts, await desk.end(Ending(ending)))


async def take_over(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Have somebody of the staff serve: at the start of the day, and whenever they change."""
    number = read_text(form.get("number", ""), missing=Fault.NUMBER_MISSING)
    if isinstance(number, Fault):
        return faulty("duty", form, texts, number=number)
    return declined("duty", form, texts, await desk.take_over(number, form.get("pin", "")))


async def lift(desk: Desk, form: Mapping[str, str], texts: Texts, _today: date) -> Attempt | None:
    """Open a sealed counter again."""
    leader = read_text(form.get("leader", ""), missing=Fault.LEADER_MISSING)
    if isinstance(leader, Fault):
        return faulty("lift", form, texts, leader=leader)
    return declined("lift", form, texts, await desk.lift(leader, form.get("pin", "")))


ORDERS: Final[Mapping[str, Order]] = {
    "open": open_visit,
    "end": end,
    "take_over": take_over,
    "lift": lift,
}


def faulty(which: str, form: Mapping[str, str], texts: Texts, /, **read: object) -> Attempt:
    """The form again, with what is wrong at its fields."""
    faults = {field: value for field, value in read.items() if isinstance(value, Fault | Denied)}
    return Attempt(form=which, values=_kept(form), faults=faults, notice=texts.label(Label.CHECK_FIELDS))


def declined(which: str, form: Mapping[str, str], texts: Texts, refusal: Refusal | Denied | None) -> Attempt | None:
    """The form again with why the counter declined; None if it did not."""
    if isinstance(refusal, Denied):
        return faulty(which, form, texts, pin=refusal)
    return None if refusal is None else Attempt(form=which, values=_kept(form), notice=texts.refusal(refusal))


def _kept(form: Mapping[str, str]) -> dict[str, str]:
    """What may stand in the form again: everything but the PIN."""
    return {field: typed for field, typed in form.items() if field != "pin"}
