"""What the machine does about faults and seals; used by the machine's table, and by its handover."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import proved, record, stop_waiting, take_back
from guard.core.checks import unforeseen
from guard.core.commands import Command, Decline, Kind, Refusal
from guard.core.counter import Counter, Seal
from guard.core.view import Phase, SealReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.events import LiftRequested, UnforeseenFault
    from guard.core.terms import Terms

Step = tuple[Counter, tuple[Command, ...]]


def fault(counter: Counter, event: UnforeseenFault, terms: Mapping[str, Terms]) -> Step:
    """Stop everything that waits, take back what was not sent, and seal."""
    counter, taken_back = take_back(counter, event.unsent, terms)
    counter, stopped = stop_waiting(counter, unforeseen, terms)
    counter, sealed = seal(counter, SealReason.UNFORESEEN, event.where)
    return counter, (*taken_back, *stopped, *sealed)


def seal(counter: Counter, reason: SealReason, detail: str) -> Step:
    """Seal, and journal it; a seal that holds already keeps its reason, which is the one to be looked at first."""
    entry = record(counter, Kind.SEALED, ("reason", reason.value), ("detail", detail))
    return replace(counter, seal=counter.seal or Seal(reason=reason, detail=detail)), (entry,)


def lift(counter: Counter, event: LiftRequested, _terms: Mapping[str, Terms]) -> Step:
    """Open a sealed counter again, on the word of a leader."""
    if counter.seal is None:
        return counter, (Decline(refusal=Refusal.NOT_SEALED),)
    reason, leader = ("reason", counter.seal.reason.value), ("leader", event.leader)
    return replace(counter, seal=None), (record(counter, Kind.LIFTED, reason, leader, proved(by_pin=event.by_pin)),)


def no_lift_yet(counter: Counter, _event: LiftRequested, _terms: Mapping[str, Terms]) -> Step:
    """Decline a lift while a session is there that has to be discarded first."""
    sealed = Refusal.NOT_READY if counter.phase is Phase.STARTING else Refusal.DISCARD_FIRST
    return counter, (Decline(refusal=Refusal.NOT_SEALED if counter.seal is None else sealed),)
