"""What the machine does when the PC wakes up; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import record
from guard.core.commands import Command, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter
    from guard.core.events import Resumed
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def resumed(counter: Counter, event: Resumed, _terms: Mapping[str, Terms]) -> Step:
    """Void every sighting, those on their way included: whoever is logged in is looked at again."""
    voided = {jar: max(event.at, one.taken_at) for jar, one in counter.sightings.items()}
    awake_since = max(counter.awake_since, event.at)
    counter = replace(counter, voided={**counter.voided, **voided}, awake_since=awake_since)
    return counter, (record(counter, Kind.RESUMED, ("away", str(round(event.away)))),)
