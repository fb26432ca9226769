"""Notices that this PC, or the guard itself, stood still: sleep, hibernation, a stopped process.

While it did, nobody watched, and the clock by which sightings age may have stood still as well. A screen that is only
locked stops no clock: that is what the idle question is for.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = 1.0  # seconds
UNNOTICED = 5.0  # seconds; less is a busy machine, and no sighting lives for much longer


def _clock_that_sleeps_not() -> float:
    """Seconds on a clock that goes on during sleep; where there is none, the clock on the wall."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if boot_time is None else time.clock_gettime(boot_time)


@dataclass
class Clocks:
    """The two clocks; tests bring their own."""

    monotonic: Callable[[], float] = time.monotonic
    """Stands still during sleep on some systems; sightings age by it."""
    wall: Callable[[], float] = _clock_that_sleeps_not


@dataclass
class WakeWatch:
    """Looks at the clocks every second, and whenever it is asked to."""

    on_resume: Callable[[float], None]
    """Told for how many seconds nobody watched."""
    clocks: Clocks = field(default_factory=Clocks)

    def __post_init__(self) -> None:
        self._last = self.clocks.monotonic(), self.clocks.wall()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.look()

    def look(self) -> None:
        """Report a gap, if there is one; called before every event, so that none is decided on what was before it."""
        (monotonic, wall), (was, wall_was) = (self.clocks.monotonic(), self.clocks.wall()), self._last
        self._last = monotonic, wall
        late, asleep = monotonic - was - EVERY, (wall - wall_was) - (monotonic - was)
        if max(late, asleep) > UNNOTICED:
            self.on_resume(max(late, asleep))
