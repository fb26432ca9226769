"""The completion checklist of a visit that has ended: what is on it, and how each item is known.

Two of its items are the guard's own findings and cannot be ticked by anybody; the rest is read off the card reader
or said by people. It never keeps anybody waiting: the handover is over before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from guard.core.card import Gone, Reader
from guard.core.clearance import Area, Finding

if TYPE_CHECKING:
    from guard.core.clearance import Clearance
    from guard.core.counter import Counter


class Item(StrEnum):
    """What a visit is over with. Each has its text in `guard/texts.toml`."""

    CARD_RETURNED = "card_returned"
    LOGGED_OUT = "logged_out"
    WINDOW_CLOSED = "window_closed"
    PAPERS_TAKEN = "papers_taken"


class How(StrEnum):
    """How an item is known."""

    PROVED = "proved"
    """By the clearance."""
    READER = "reader"
    """The card reader saw the card go."""
    SAID = "said"
    """A person ticked it."""
    OPEN = "open"
    """Nobody knows."""


class Confirmer(StrEnum):
    """Who confirms a checklist."""

    CITIZEN = "citizen"
    STAFF = "staff"


_RESTS_ON = {
    Item.LOGGED_OUT: frozenset({Area.LOGGED_OUT}),
    Item.WINDOW_CLOSED: frozenset({Area.PROCESS_GONE, Area.PROFILE_GONE}),
}
"""What only the guard can know, and the proofs that tell it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """Of one visit, until the next one opens."""

    visit_id: str
    proved: frozenset[Item]
    """Of the two that the guard proves itself."""
    card_on_reader: bool | None = False
    """A card that was left: nobody can say that it was returned while it lies there. None: the reader cannot tell."""
    card_seen_off: bool = False
    """The reader saw this visit's card go, or saw when it answered again that it was gone."""
    confirmed_by: frozenset[Confirmer] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether both have confirmed it."""
        return self.confirmed_by == frozenset(Confirmer)

    def how(self, item: Item) -> How:
        """How this item is known now."""
        if item in _RESTS_ON:
            return How.PROVED if item in self.proved else How.OPEN
        if item is Item.CARD_RETURNED and (self.card_seen_off or self.card_on_reader):
            return How.READER if self.card_seen_off else How.OPEN
        return How.SAID if self.confirmed_by else How.OPEN

    @property
    def asked(self) -> tuple[Item, ...]:
        """What people tick, because nothing else can tell it."""
        by_reader = self.card_seen_off or self.card_on_reader
        return (Item.PAPERS_TAKEN,) if by_reader else (Item.CARD_RETURNED, Item.PAPERS_TAKEN)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """For the journal: every item with how it is known, and who confirmed."""
        items = ((item.value, self.how(item).value) for item in Item)
        people = ((one.value, "yes" if one in self.confirmed_by else "no") for one in Confirmer)
        return (*items, *people)


def due(counter: Counter, clearance: Clearance) -> Checklist | None:
    """The checklist of the visit whose handover ends with this clearance; the counter's own one if it had none."""
    visit = counter.visit
    if visit is None:
        return counter.checklist
    had_card = visit.card is not None and visit.card.seen
    proved = frozenset(item for item, areas in _RESTS_ON.items() if _all_proved(clearance, areas))
    return Checklist(
        visit_id=visit.id,
        proved=proved,
        card_on_reader=_lies_there(counter.reader) if had_card else False,
        card_seen_off=had_card and counter.reader is Reader.EMPTY and counter.card_went is Gone.REMOVED,
    )


def _lies_there(reader: Reader) -> bool | None:
    return None if reader is Reader.UNKNOWN else reader is not Reader.EMPTY


def _all_proved(clearance: Clearance, areas: frozenset[Area]) -> bool:
    findings = [proof.finding for proof in clearance.proofs if proof.area in areas]
    nothing_to_leave = not findings and areas == {Area.LOGGED_OUT} and clearance.clean  # no portal was opened
    return nothing_to_leave or (bool(findings) and set(findings) == {Finding.PROVED})
