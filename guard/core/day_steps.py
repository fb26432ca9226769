"""What the machine does when staff judge a stop; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import record
from guard.core.commands import Command, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter
    from guard.core.events import StopMarked
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def marked(counter: Counter, event: StopMarked, _terms: Mapping[str, Terms]) -> Step:
    """Journal what staff say of a stop, under the visit in which it happened; it changes nothing else."""
    by = "" if counter.staff is None else counter.staff.number
    facts = ("stop", str(event.stop)), ("false", "yes" if event.false_stop else "no"), ("by", by)
    return counter, (replace(record(counter, Kind.STOP_MARKED, *facts), visit_id=event.visit_id),)
