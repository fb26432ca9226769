"""Read-back: what a held submission waits for, and what a leader may be asked about a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guard.core.commands import LookAt, SetDeadline
from guard.core.verdict import Reason

if TYPE_CHECKING:
    from guard.core.commands import Command
    from guard.core.counter import Counter
    from guard.core.payload import Value
    from guard.core.submission import Submission
    from guard.core.terms import Terms
    from guard.core.verdict import Verdict

Step = tuple["Counter", tuple["Command", ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What a held submission waits for: a sighting, or the citizen, who reads a value back."""

    number: int
    """Counts its waits; the deadline of an earlier one is worthless."""
    since: float
    """Only a portal that was asked from this time on can decide it."""
    value: Value | None = None
    """What the citizen is asked to read back; None while it waits for a sighting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """A value that was sent for another person before, and was stopped here."""

    submission_id: str
    portal: str
    value: Value


def turn_of(counter: Counter, submission: Submission) -> Turn:
    """What this held submission waits for; at first a sighting."""
    return counter.turns.get(submission.id) or Turn(number=0, since=submission.held_at)


def waits_for_sighting(counter: Counter, submission: Submission) -> bool:
    """Whether the next answer of the portal decides it, and not a person."""
    return turn_of(counter, submission).value is None


def only_unread(verdict: Verdict) -> bool:
    """Whether nothing is in the way but a value that the citizen has still to read back."""
    return verdict.reason is Reason.NOT_READ_BACK


def ask(counter: Counter, submission: Submission, value: Value, terms: Terms) -> Step:
    """Have it wait for the citizen, who reads this value back."""
    turn = turn_of(counter, submission)
    turn = replace(turn, number=turn.number + 1, value=value)
    return _waiting(counter, submission, turn), (_deadline(submission, turn, terms.read_back_within),)


def look_again(counter: Counter, submission: Submission, at: float, terms: Terms) -> Step:
    """Have it wait for a new sighting: a minute may have passed since the last one."""
    turn = Turn(number=turn_of(counter, submission).number + 1, since=at)
    look = LookAt(jar=submission.jar, generation=counter.generation)
    return _waiting(counter, submission, turn), (look, _deadline(submission, turn, terms.deadline))


def _waiting(counter: Counter, submission: Submission, turn: Turn) -> Counter:
    return replace(
        counter,
        waiting={**counter.waiting, submission.id: submission},
        turns={**counter.turns, submission.id: turn},
    )


def _deadline(submission: Submission, turn: Turn, seconds: float) -> SetDeadline:
    return SetDeadline(submission_id=submission.id, seconds=seconds, turn=turn.number)
