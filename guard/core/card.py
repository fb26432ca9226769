"""The citizen's card on the reader: what a visit requires of it, and what became of it. Presence only, never who it is.

A reader tells that some card lies there, not whose. So a card that was taken away in a visit stays away, for the
guard, until staff say that it is the same citizen's again; and one that nobody saw leave after a visit is that
citizen's still, however often the card service failed meanwhile. Taken off and laid down, it is whose it may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Gone(StrEnum):
    """Why there is no card that the guard can rely on. What cannot be known counts as gone."""

    REMOVED = "removed"
    SWAPPED = "swapped"
    """A card lies there, but it was away in between."""
    READER_GONE = "reader_gone"
    """Unplugged, not found, or not the only one of its name."""
    SERVICE_DEAD = "service_dead"
    SERVICE_HUNG = "service_hung"
    """The card service has not answered for some seconds."""


UNSEEN: Final = frozenset({Gone.READER_GONE, Gone.SERVICE_DEAD, Gone.SERVICE_HUNG})
"""Nobody saw it go: the card may lie there still."""


class Reader(StrEnum):
    """What lies on the reader of this counter."""

    EMPTY = "empty"
    CARD = "card"
    UNKNOWN = "unknown"
    """A card was there, and nobody can tell any more."""
    LEFT = "left"
    """A card that was there before the last visit ended: the earlier citizen's, until it was seen to be away."""


class CardAnswer(StrEnum):
    """What staff say about the card of the open visit."""

    SAME_CITIZEN = "same_citizen"
    """The card that lies there again is the card of the citizen served."""
    WITHOUT_CARD = "without_card"
    """This citizen logs in by barcode; only before a card was seen in the visit."""


class CardState(StrEnum):
    """What people see of the card. Each has its text in `guard/texts.toml`."""

    AWAITED = "awaited"
    """Required and not seen yet in this visit."""
    LEFT = "left"
    """The earlier citizen's card still lies there."""
    THERE = "there"
    REMOVED = "removed"
    BACK = "back"
    """Some card lies there again; staff are asked whose."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CardTerms:
    """What a visit with a card requires; a visit without terms requires none."""

    handover_after: float | None = None
    """Seconds from the removal to the handover; None: submissions stop, and staff decide."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CardWatch:
    """The card of one visit that requires it."""

    terms: CardTerms
    seen: bool = False
    """Whether a card has lain there in this visit."""
    gone: Gone | None = None
    """Set by a removal; only staff's word takes it back."""
    removals: int = 0


def agrees(watch: CardWatch | None, reader: Reader) -> bool:
    """True only if no card is required, or this visit's card lies there and has lain there, or staff vouch for it."""
    return watch is None or (reader is Reader.CARD and watch.seen and watch.gone is None)


def state(watch: CardWatch | None, reader: Reader) -> CardState | None:
    """What people see; None while a visit requires no card and nobody left one."""
    if reader is Reader.LEFT:
        return CardState.LEFT
    if watch is None:
        return None
    if watch.gone is not None:
        return CardState.BACK if reader is Reader.CARD else CardState.REMOVED
    return CardState.THERE if agrees(watch, reader) else CardState.AWAITED
