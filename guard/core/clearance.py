"""The proof that nothing of a visit stayed: what was looked at, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.core.terms import Assurance


class Area(StrEnum):
    """What a handover has to prove, in the order in which it is tried."""

    LOGGED_OUT = "logged_out"
    """The portal shows its guest sign to the browser of the visit, or outside it when that is gone."""
    SESSION_DEAD = "session_dead"
    """A replay of the visit's session, which was honoured before the logout, is refused after it."""
    PROCESS_GONE = "process_gone"
    PROFILE_GONE = "profile_gone"
    BROWSER_CLEAN = "browser_clean"
    """The next browser was searched by another road than the deletion, and holds nothing."""


class Finding(StrEnum):
    """How a proof ended."""

    PROVED = "proved"
    DECLARED = "declared"
    """Not so, but the portal profile declares it as a known fault of the portal."""
    NOT_PROVED = "not_proved"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One area's finding, for one portal or for the whole browser."""

    area: Area
    finding: Finding
    portal: str | None = None
    detail: str = ""
    """What was seen, in English for engineers; no name, no cookie."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clearance:
    """The result of one handover."""

    visit_id: str | None
    """None when the browser was swapped without a visit."""
    generation: int
    """The browser that was cleared away."""
    proofs: tuple[Proof, ...]
    assurances: tuple[tuple[str, Assurance], ...] = ()
    """Portal → what its profile could prove about the holder, for each portal of the visit."""

    @property
    def clean(self) -> bool:
        """True only if there are proofs and none is missing."""
        return bool(self.proofs) and not self.missing

    @property
    def missing(self) -> tuple[Proof, ...]:
        return tuple(proof for proof in self.proofs if proof.finding is Finding.NOT_PROVED)
