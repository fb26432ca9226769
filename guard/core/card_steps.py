"""What the machine does about the card; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import record, stop_waiting
from guard.core.card import UNSEEN, CardAnswer, CardWatch, Reader
from guard.core.checks import judge
from guard.core.commands import Command, Decline, Kind, Refusal, SetCardGrace
from guard.core.view import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.card import CardTerms, Gone
    from guard.core.counter import Counter, Visit
    from guard.core.events import CardAnswered, CardGone, CardSeen
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def watch(terms: CardTerms | None, reader: Reader) -> CardWatch | None:
    """The watch of a visit that opens now; a card laid down just before counts, one left behind does not."""
    return None if terms is None else CardWatch(terms=terms, seen=reader is Reader.CARD)


def left_behind(reader: Reader) -> Reader:
    """What the next visit finds: whatever lies there when a visit is over belongs to nobody who comes."""
    return Reader.EMPTY if reader is Reader.EMPTY else Reader.LEFT


def seen(counter: Counter, _event: CardSeen, _terms: Mapping[str, Terms]) -> Step:
    """A card was laid down, or can be seen again. After a removal it changes nothing but what staff are asked."""
    if counter.reader in {Reader.CARD, Reader.LEFT}:
        return counter, ()
    counter = replace(counter, reader=Reader.CARD)
    visit, required = _served(counter)
    if visit is None or required is None:
        return counter, ()
    counter = replace(counter, visit=replace(visit, card=replace(required, seen=True)))
    return counter, (record(counter, Kind.CARD_SEEN),)


def gone(counter: Counter, event: CardGone, terms: Mapping[str, Terms]) -> Step:
    """The card is away, or nobody can tell: stop what waits, and set the grace where a handover follows."""
    was = counter.reader
    counter = replace(counter, reader=_without(was, event.why))
    counter = replace(counter, card_went=counter.card_went if was is Reader.EMPTY else event.why)
    visit, required = _served(counter)
    if was is not Reader.CARD or visit is None or required is None:
        return counter, ()
    entry = record(counter, Kind.CARD_GONE, ("why", event.why.value))
    if required.gone is not None:  # away for the second time, and nobody vouched for it in between: the grace runs
        return counter, (entry,)
    lost = replace(required, gone=event.why, removals=required.removals + 1)
    now = counter = replace(counter, visit=replace(visit, card=lost))
    counter, stopped = stop_waiting(now, lambda held: judge(held, now, terms.get(held.jar.portal)), terms)
    return counter, (entry, *stopped, *_grace(visit.id, lost))


def _without(was: Reader, why: Gone) -> Reader:
    """What is known of the reader after a removal, or after nobody can tell any more."""
    if why not in UNSEEN or was is Reader.EMPTY:
        return Reader.EMPTY
    return Reader.LEFT if was is Reader.LEFT else Reader.UNKNOWN


def _grace(visit_id: str, lost: CardWatch) -> tuple[Command, ...]:
    seconds = lost.terms.handover_after
    return () if seconds is None else (SetCardGrace(visit_id=visit_id, removal=lost.removals, seconds=seconds),)


def answered(counter: Counter, event: CardAnswered, _terms: Mapping[str, Terms]) -> Step:
    """Take staff's word: that the card is the same citizen's again, or that this visit needs none."""
    visit, required = _served(counter)
    if visit is None or required is None:
        return counter, (Decline(refusal=Refusal.NO_CARD_ASKED),)
    if event.answer is CardAnswer.WITHOUT_CARD:
        return _without_card(counter, visit, required)
    if counter.reader is not Reader.CARD:
        return counter, (Decline(refusal=Refusal.CARD_MISSING),)
    # Whoever is logged in may have changed while the card was away: the portals are asked again.
    voided = {jar: max(event.at, one.taken_at) for jar, one in counter.sightings.items()}
    accepted = replace(visit, card=replace(required, gone=None))
    counter = replace(counter, visit=accepted, voided={**counter.voided, **voided})
    return counter, (record(counter, Kind.CARD_ACCEPTED),)


def _without_card(counter: Counter, visit: Visit, required: CardWatch) -> Step:
    if required.seen:
        return counter, (Decline(refusal=Refusal.CARD_WAS_SEEN),)
    return replace(counter, visit=replace(visit, card=None)), (record(counter, Kind.CARD_WAIVED),)


def _served(counter: Counter) -> tuple[Visit | None, CardWatch | None]:
    """The visit being served, with its watch; a visit that is closing is past all that."""
    visit = counter.visit if counter.phase is Phase.SERVING else None
    return visit, None if visit is None else visit.card
