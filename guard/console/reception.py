"""How the next citizen is received: typed in, or by the number drawn, from the reception list."""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from typing import TYPE_CHECKING, Protocol

from guard.console.fields import Fault
from guard.console.forms import Attempt
from guard.console.orders import open_visit
from guard.console.person_orders import open_unbound
from guard.console.reception_list import TICKET, ReceptionList, read_list
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from guard.console.desk import Desk
    from guard.texts import Texts


class Tickets(Protocol):
    """Knows which numbers have opened a visit; `guard.record.lookup` does. It may wait for a disk."""

    def tickets_used(self, tickets: Iterable[str], since: datetime) -> frozenset[str]:
        """Those of these numbers that were used since then."""
        ...


class Reception:
    """The forms of reception at one counter. Without a `path` there is no list, and all is typed."""

    def __init__(self, path: Path | None = None, tickets: Tickets | None = None) -> None:
        self._path = path
        self._tickets = tickets

    async def waiting(self, today: date) -> ReceptionList | None:
        """The list as it is now, without those who were received today; None where everybody is typed in."""
        if self._path is None:
            return None
        listed = await asyncio.to_thread(read_list, self._path, today)
        used = await self._used([each.ticket for each in listed.expected], today)
        return ReceptionList(
            expected=tuple(each for each in listed.expected if each.ticket not in used), faults=listed.faults
        )

    async def fill(self, _desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
        """Put whoever drew this number into the form; nothing is opened yet."""
        typed = form.get(TICKET, "").strip()
        if self._path is None or not typed:
            return _told("fill", form, texts, Fault.TICKET_MISSING)
        found = (await asyncio.to_thread(read_list, self._path, today)).of_ticket(typed)
        if found is None:
            return _told("fill", form, texts, Fault.TICKET_UNKNOWN)
        return Attempt(form="open", values=found.values(), status=200)

    async def open(self, desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
        """Open a visit, unless its number was used today and staff have not said that they know."""
        ticket = form.get(TICKET, "").strip()
        knowing = bool(ticket) and form.get("used_ticket") == ticket
        if ticket and not knowing and await self._used([ticket], today):
            return _told("open", form, texts, Fault.TICKET_USED)
        order = open_unbound if desk.binds_at_login() else open_visit
        return await order(desk, form, texts, today)

    async def _used(self, tickets: list[str], today: date) -> frozenset[str]:
        if self._tickets is None or not tickets:
            return frozenset()
        midnight = datetime.combine(today, time.min).astimezone()
        return await asyncio.to_thread(self._tickets.tickets_used, tickets, midnight)


def _told(which: str, form: Mapping[str, str], texts: Texts, fault: Fault) -> Attempt:
    return Attempt(form=which, values=form, faults={TICKET: fault}, notice=texts.label(Label.CHECK_FIELDS))
