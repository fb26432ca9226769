"""What the machine does about the checklist; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core import card_steps
from guard.core.card import UNSEEN, Gone, Reader
from guard.core.commands import Command, Decline, Kind, Record, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.checklist import Checklist
    from guard.core.counter import Counter
    from guard.core.events import CardGone, CardSeen, ChecklistConfirmed
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def confirmed(counter: Counter, event: ChecklistConfirmed, _terms: Mapping[str, Terms]) -> Step:
    """Take the word of citizen or staff, if the list is still the one shown and everything asked is ticked."""
    checklist = counter.checklist
    if checklist is None or checklist.visit_id != event.visit_id:
        return counter, (Decline(refusal=Refusal.CHECKLIST_OVER),)
    if checklist.card_on_reader:
        return counter, (Decline(refusal=Refusal.CARD_STILL_THERE),)
    if not event.ticked >= set(checklist.asked):
        return counter, (Decline(refusal=Refusal.CHECKLIST_OPEN),)
    if event.by in checklist.confirmed_by:
        return counter, ()
    checklist = replace(checklist, confirmed_by=checklist.confirmed_by | {event.by})
    return replace(counter, checklist=checklist), (_entry(checklist),)


def card_gone(counter: Counter, event: CardGone, terms: Mapping[str, Terms]) -> Step:
    """What `card_steps.gone` does; and a card that was left has been taken, if the reader saw it go."""
    counter, commands = card_steps.gone(counter, event, terms)
    checklist = counter.checklist
    if checklist is None or checklist.card_on_reader is False:
        return counter, commands
    # Of a reader that was unplugged nobody knows; then people are asked.
    lies_there = None if event.why in UNSEEN else False
    checklist = replace(checklist, card_on_reader=lies_there, card_seen_off=event.why is Gone.REMOVED)
    return replace(counter, checklist=checklist), commands


def card_seen(counter: Counter, event: CardSeen, terms: Mapping[str, Terms]) -> Step:
    """What `card_steps.seen` does; and a card of which nobody knew lies there still."""
    counter, commands = card_steps.seen(counter, event, terms)
    checklist = counter.checklist
    if checklist is None or checklist.card_on_reader is not None or counter.reader is not Reader.LEFT:
        return counter, commands
    return replace(counter, checklist=replace(checklist, card_on_reader=True)), commands


def left_open(counter: Counter) -> tuple[Record, ...]:
    """The entry of a checklist that the next visit overtakes unconfirmed."""
    checklist = counter.checklist
    return () if checklist is None or checklist.complete else (_entry(checklist),)


def _entry(checklist: Checklist) -> Record:
    return Record(kind=Kind.CHECKLIST, visit_id=checklist.visit_id, facts=checklist.facts)
