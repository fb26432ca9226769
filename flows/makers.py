"""Makers of invented citizens: whoever a test needs, the same ones again for the same seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from flows.names import CHILDREN, FOREIGN, MEN, SURNAMES, VARIANTS, WOMEN
from flows.people import BankAccount, Cashless, Resident

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guard.core.identity import Citizen

SERVICES: Final = {"さくらペイ": "SP", "みどりカード": "MC", "そらペイ": "SR"}
"""Cashless services of the mock portals, with the beginning of their payment-service IDs."""
BANKS: Final = ("あさひ銀行", "みなと銀行", "ひかり信用金庫")
HIGHEST_SEED: Final = 7999  # with the number of the person it makes seven digits, the length of an account number
_MOST: Final = 999
_GROWN_UP: Final = (date(1940, 1, 1), date(1999, 12, 31))
_FATHERS: Final = (date(1940, 1, 1), date(1970, 12, 31))
_CHILD: Final = (date(2010, 1, 1), date(2021, 12, 31))

Name = tuple[str, str]
"""Name and reading."""


class Maker:
    """Invents residents with cards, payment-service IDs and accounts of their own; none of them exists.

    Nobody of one maker, of makers with other seeds, or of `flows.people` shares an identifier. Give them to
    `MockPortals(citizens=...)`. Raises ValueError for a seed out of 0 to 7999, and after 999 people.
    """

    def __init__(self, seed: int = 0) -> None:
        if not 0 <= seed <= HIGHEST_SEED:
            msg = f"a seed is a number from 0 to {HIGHEST_SEED}, and not {seed}"
            raise ValueError(msg)
        self._seed = seed
        self._chance = Random(seed)  # noqa: S311  # the same people again, not secrets
        self._made = 0

    def anybody(self) -> Resident:
        """A grown-up with a common name."""
        return self.invent(*self._named(self._chance.choice(SURNAMES)), self._day(*_GROWN_UP))

    def several(self, count: int) -> tuple[Resident, ...]:
        """As many of them; names may come twice, as they do in a town."""
        return tuple(self.anybody() for _ in range(count))

    def with_variant(self) -> tuple[Resident, Citizen]:
        """Somebody whose card has a rarer form of a kanji (髙, 﨑, 邊 …), and as reception writes them."""
        card, common, kana = self._chance.choice(VARIANTS)
        name, reading = self._named((card, kana))
        resident = self.invent(name, reading, self._day(*_GROWN_UP))
        return resident, replace(resident.citizen, name=name.replace(card, common))

    def foreigner(self) -> tuple[Resident, Citizen]:
        """Somebody whose card is in Latin letters, surname first, and as they introduce themselves: surname last."""
        card, said, kana = self._chance.choice(FOREIGN)
        resident = self.invent(card, kana, self._day(*_GROWN_UP))
        return resident, replace(resident.citizen, name=said)

    def twins(self) -> tuple[Resident, Resident]:
        """Two of one surname, birth date and telephone: only the given name tells them apart."""
        surname, born = self._chance.choice(SURNAMES), self._day(*_GROWN_UP)
        given = self._chance.sample((*WOMEN, *MEN), 2)
        first, second = (self.invent(*_joined(surname, one), born) for one in given)
        return first, replace(second, phone=first.phone)

    def father_and_son(self) -> tuple[Resident, Resident]:
        """Two of one name, reading and telephone: only the birth date tells them apart."""
        name, kana = _joined(self._chance.choice(SURNAMES), self._chance.choice(MEN))
        born = self._day(*_FATHERS)
        father = self.invent(name, kana, born)
        return father, replace(self.invent(name, kana, _years_later(born, 28)), phone=father.phone)

    def family(self, children: int = 1) -> tuple[Resident, ...]:
        """Mother, father and children of one surname and telephone; the mother may apply for each child.

        Raises ValueError for more children than there are names.
        """
        if not 0 <= children <= len(CHILDREN):
            msg = f"a family has 0 to {len(CHILDREN)} children, and not {children}"
            raise ValueError(msg)
        surname = self._chance.choice(SURNAMES)
        mother, father = (self._of(surname, names, _GROWN_UP) for names in (WOMEN, MEN))
        names = self._chance.sample(CHILDREN, children)
        theirs = [self._of(surname, [name], _CHILD) for name in names]
        young = [replace(child, guardian=mother.subject) for child in theirs]
        return tuple(replace(one, phone=mother.phone) for one in (mother, father, *young))

    def parent_and_child(self) -> tuple[Resident, Resident]:
        """A mother, and a child for whom she may apply."""
        mother, _, child = self.family()
        return mother, child

    def invent(self, name: str, kana: str, birth_date: date) -> Resident:
        """A resident of this name and birth date; everything else is made up."""
        if self._made == _MOST:
            msg = f"one maker invents up to {_MOST} people; take another seed for more"
            raise ValueError(msg)
        self._made += 1
        number = f"{2_000_000 + self._seed * 1000 + self._made}"
        service, beginning = self._chance.choice(list(SERVICES.items()))
        bank = self._chance.choice(BANKS)
        return Resident(
            subject=f"S-{number}",
            name=name,
            kana=kana,
            birth_date=birth_date,
            phone=f"000{number}",
            card_id=f"C-{number}",
            pin=f"{self._chance.randrange(10_000):04}",
            cashless=Cashless(service=service, payment_id=f"{beginning}{number}"),
            account=BankAccount(bank=bank, branch="本店", number=number, holder_kana=kana),
        )

    def _of(self, surname: Name, given: Iterable[Name], born: tuple[date, date]) -> Resident:
        return self.invent(*_joined(surname, self._chance.choice(list(given))), self._day(*born))

    def _named(self, surname: Name) -> Name:
        return _joined(surname, self._chance.choice((*WOMEN, *MEN)))

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self._chance.randrange((last - first).days + 1))


def _joined(surname: Name, given: Name) -> Name:
    return f"{surname[0]} {given[0]}", f"{surname[1]} {given[1]}"


def _years_later(day: date, years: int) -> date:
    # The 28th is in every month of every year.
    return day.replace(year=day.year + years, day=min(day.day, 28))
