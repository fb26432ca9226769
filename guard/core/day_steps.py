"""What the machine does with what staff say beside a visit: who serves, what a stop was, what paper tells.

Used by the machine's table alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from guard.core import offline
from guard.core.answers import record
from guard.core.commands import Command, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter
    from guard.core.events import DayBegan, PinRefused, StaffChanged, StopMarked, VisitWithoutGuard
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]
_NOBODYS: Final = "unknown"  # no staff number, because those are in upper case


def marked(counter: Counter, event: StopMarked, _terms: Mapping[str, Terms]) -> Step:
    """Journal what staff say of a stop, under the visit in which it happened; it changes nothing else."""
    by = "" if counter.staff is None else counter.staff.number
    facts = ("stop", str(event.stop)), ("false", "yes" if event.false_stop else "no"), ("by", by)
    return counter, (replace(record(counter, Kind.STOP_MARKED, *facts), visit_id=event.visit_id),)


def pin_refused(counter: Counter, event: PinRefused, _terms: Mapping[str, Terms]) -> Step:
    """Journal an attempt to be somebody, or to do what one may not; it changes nothing else. ASVS 5.0, 16.3.3."""
    facts = ("number", event.number or _NOBODYS), ("why", event.why.value), ("asked", event.asked.value)
    return counter, (record(counter, Kind.PIN_REFUSED, *facts),)


def staff_changed(counter: Counter, event: StaffChanged, _terms: Mapping[str, Terms]) -> Step:
    """Have somebody else serve from now on; nothing happens if they serve already."""
    before = "" if counter.staff is None else counter.staff.number
    if before == event.member.number and not counter.staff_of_yesterday:
        return counter, ()
    entry = record(counter, Kind.STAFF_CHANGED, ("from", before), ("to", event.member.number))
    return replace(counter, staff=event.member, staff_of_yesterday=False), (entry,)


def day_began(counter: Counter, _event: DayBegan, _terms: Mapping[str, Terms]) -> Step:
    """Nobody serves any more until somebody is chosen; in an open visit, from its end on."""
    counter = replace(counter, staff_of_yesterday=counter.staff is not None)
    return relieve(counter) if counter.visit is None else (counter, ())


def relieve(counter: Counter) -> Step:
    """Let yesterday's person go, between two visits, so that nothing of today is journalled under them."""
    if counter.staff is None or not counter.staff_of_yesterday:
        return counter, ()
    entry = record(counter, Kind.STAFF_CHANGED, ("from", counter.staff.number), ("to", ""))
    return replace(counter, staff=None, staff_of_yesterday=False), (entry,)


def without_guard(counter: Counter, event: VisitWithoutGuard, _terms: Mapping[str, Terms]) -> Step:
    """Journal a visit of a time when the guard was down."""
    staff = "" if counter.staff is None else counter.staff.number
    return replace(counter, without_guard=counter.without_guard + 1), (offline.entry(event, staff),)
