"""What came of one accident class, with and without the guard, and whether that is what its definition promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.accidents import Promise, Without
from guard.core.view import SealReason

if TYPE_CHECKING:
    from flows.accidents import Accident
    from guard.core.clearance import Area, Clearance
    from guard.core.verdict import Reason
    from guard.grammar import Words


@dataclass(kw_only=True)
class Found:
    """What the books said at the end."""

    astray: Words | None = None
    as_meant: bool = False
    """Whether everybody who came has what they came for."""
    broken: str = ""
    """Why the scenario could not be played to its end."""
    seconds: float = 0.0


@dataclass(kw_only=True)
class Guarded(Found):
    """The same, and what the guard did on the way."""

    stops: list[Reason] = field(default_factory=list)
    """Every submission and login that was stopped, in order."""
    seals: list[SealReason] = field(default_factory=list)
    clearances: list[Clearance] = field(default_factory=list)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Each reason once, in order."""
        return tuple(dict.fromkeys(self.stops))

    @property
    def missing(self) -> tuple[Area, ...]:
        """What could not be proved at the end of a visit."""
        return tuple(dict.fromkeys(proof.area for one in self.clearances for proof in one.missing))

    @property
    def unproved(self) -> bool:
        """Whether a leader had to look because a handover could not prove something."""
        return SealReason.NOT_CLEARED in self.seals


@dataclass(frozen=True, kw_only=True)
class Played:
    """One class, played at both counters."""

    accident: Accident
    unguarded: Found
    guarded: Guarded

    @property
    def without(self) -> Without | None:
        """What it came to without the guard; None if it cannot be said."""
        if self.unguarded.broken:
            return None
        if self.unguarded.astray is not None:
            return Without.ASTRAY
        return Without.RIGHT if self.unguarded.as_meant else None

    @property
    def promise(self) -> Promise | None:
        """Which promise was kept; None if none that the guard gives."""
        done = self.guarded
        if done.broken:
            return None
        if done.astray is not None:
            return Promise.NOT_STOPPED
        if not done.as_meant or not done.clearances:
            return None
        return self._when_right()

    def _when_right(self) -> Promise | None:
        done = self.guarded
        if self.without is Without.RIGHT:
            return None if done.unproved else Promise.LET_THROUGH
        if done.unproved:
            return Promise.SEALED
        if not all(one.clean for one in done.clearances):
            return None
        return Promise.STOPPED if done.stops else Promise.CANNOT_ARISE

    @property
    def as_promised(self) -> bool:
        """True only if both columns came out as the definition says, for exactly its reasons."""
        accident = self.accident
        came_out = (self.without, self.promise, self.guarded.reasons)
        return came_out == (accident.without, accident.promise, accident.stops)
