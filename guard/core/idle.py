"""Nobody touches the counter's windows: when to ask whether the visit goes on, and when silence ends it.

A PIN pad and a phone that reads a barcode look idle from here, so the guard asks first. Something that is under way
(a held submission, a question about the card, a form with text in it) puts the question off, once: a citizen who
walked away from a half-filled form is the accident itself.
"""

from __future__ import annotations

from dataclasses import dataclass

PUT_OFF = 2
"""Times the usual wait before the question, while something is under way."""
SOON = 1.0
"""Seconds until the next look, while a submission waits for its answer; each of them has a deadline."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IdleTerms:
    """How long a visit may rest."""

    ask_after: float
    """Seconds without input before staff are asked."""
    answer_within: float
    """Seconds without an answer, and without input, before the handover."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Idle:
    """The rest of one visit."""

    terms: IdleTerms
    last_input: float
    asked_at: float | None = None
    """Set while staff are asked. Only their answer takes it back; input alone puts the handover off."""


def due_at(idle: Idle, *, busy: bool) -> float:
    """When the next step is due: the question, or after it the handover."""
    if idle.asked_at is None:
        return idle.last_input + idle.terms.ask_after * (PUT_OFF if busy else 1)
    return max(idle.asked_at, idle.last_input) + idle.terms.answer_within
