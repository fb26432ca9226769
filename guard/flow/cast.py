"""From rows to residents: what a journey types; what is missing is made up, on the mock portals alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from flows.makers import Maker
from flows.people import BankAccount, Cashless, Resident

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from guard.core.identity import Citizen
    from guard.flow.citizens import Row

_NO_KANA = "フリガナ ナシ"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One citizen of a run: whom reception receives, and what they bring along."""

    row: Row
    resident: Resident
    child: Resident | None

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return f"Part({self.row!r})"


def invented(rows: Sequence[Row]) -> tuple[Part, ...]:
    """People for the mock portals: cards, IDs and accounts are made up where the file gives none."""
    maker = Maker()
    return tuple(
        _part(row, lambda one: maker.invent(one.name, one.kana or _NO_KANA, one.birth_date or date.min)) for row in rows
    )


def as_given(rows: Sequence[Row]) -> tuple[Part, ...]:
    """People whom a staging portal knows: nothing is made up, and what the file does not give is empty."""
    return tuple(_part(row, _blank) for row in rows)


def _part(row: Row, known: Callable[[Citizen], Resident]) -> Part:
    resident = _with(known(row.citizen), row)
    child = None if row.child is None else replace(known(row.child), guardian=resident.subject)
    return Part(row=row, resident=resident, child=child)


def _with(known: Resident, row: Row) -> Resident:
    given = row.given
    cashless, account = known.cashless, known.account
    return replace(
        known,
        name=given.get("name_on_card", known.name),
        phone=given.get("phone", known.phone),
        card_id=given.get("card_id", known.card_id),
        pin=given.get("pin", known.pin),
        cashless=Cashless(
            service=given.get("service", cashless.service), payment_id=given.get("payment_id", cashless.payment_id)
        ),
        account=BankAccount(
            bank=given.get("bank", account.bank),
            branch=given.get("branch", account.branch),
            number=given.get("number", account.number),
            holder_kana=given.get("holder_kana", account.holder_kana),
        ),
    )


def _blank(citizen: Citizen) -> Resident:
    return Resident(
        subject="",
        name=citizen.name,
        kana=citizen.kana or "",
        birth_date=citizen.birth_date or date.min,
        phone="",
        card_id="",
        pin="",
        cashless=Cashless(service="", payment_id=""),
        account=BankAccount(bank="", branch="", number="", holder_kana=""),
    )
