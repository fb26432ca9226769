"""What happened in the visits of one test, as the report shows it. Plain values: they travel between processes."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field

from guard.core.verdict import Reason

NEAR_MISSES: Final = frozenset({Reason.SOMEONE_ELSE, Reason.LEFTOVER_SESSION, Reason.SESSION_CHANGED})
"""Reasons for which a submission would have gone out under somebody else's login."""


class Sent(BaseModel):
    """One submission that was held, and its answer."""

    id: str
    after: float
    """Seconds since the visit was opened."""
    what: str
    """Method and path."""
    portal: str
    reason: Reason | None
    """None where it was released."""
    checks: dict[str, str]
    place: str
    """Line that the test had reached."""
    expected: bool = False
    """Whether the test announced the stop."""

    @property
    def near_miss(self) -> bool:
        return self.reason in NEAR_MISSES

    def __str__(self) -> str:
        """One line, for JUnit."""
        said = "released" if self.reason is None else f"stopped, {self.reason.value}"
        return f"{self.what} at {self.portal}: {said} ({self.place})"


class VisitTold(BaseModel):
    """One visit."""

    lasted: float = 0.0
    """Seconds."""
    ending: str = ""
    sent: list[Sent] = Field(default_factory=list)
    missing: str = ""
    """Proofs that the handover owes; empty if it owes none."""
