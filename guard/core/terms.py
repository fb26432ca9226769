"""What the checks need to know of a portal; the rest of its profile stays at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

READ_BACK_WITHIN: Final = 60.0
"""Seconds that a held submission waits for a person; a hold of 75 s was delivered, so that there is room."""


class Assurance(StrEnum):
    """What a portal profile can prove about the holder."""

    IDENTITY = "identity"
    """The holder's name or id is read and compared."""
    PROVENANCE = "provenance"
    """No readable name: clean browser, login seen in this visit, typed check."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """The part of a portal profile that decides."""

    assurance: Assurance
    max_age: float
    """Seconds for which a sighting under the same session may be reused; 0 asks every time."""
    deadline: float
    """Seconds after which a held submission is stopped unanswered."""
    read_back_within: float = READ_BACK_WITHIN
    """Seconds after which a submission that waits for the citizen is stopped."""
