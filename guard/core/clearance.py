"""The proof that nothing of a visit stayed: what was looked at, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from guard.core.leftovers import LEFTOVERS, End, Place, Search

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    place: Place | None = None
    """The place that was looked at, where the area has many."""
    detail: str = ""
    """What was seen, in English for engineers; no name, no cookie."""


_RESTS_ON: Final = {End.PROCESS: Area.PROCESS_GONE, End.PROFILE: Area.PROFILE_GONE}


def resting_on(gone: Iterable[Proof]) -> tuple[Proof, ...]:
    """Lines of the places that nothing can ask for: they are as gone as the process or the profile they lived in."""
    by_area = {proof.area: proof for proof in gone}
    unasked = [(row, by_area.get(_RESTS_ON[row.ends])) for row in LEFTOVERS if _only_destroyed(row.search, row.ends)]
    return tuple(
        Proof(area=proof.area, finding=proof.finding, place=row.place, detail=f"ends with the {row.ends}: {row.how}")
        for row, proof in unasked
        if proof is not None
    )


def _only_destroyed(search: Search, ends: End) -> bool:
    return search is Search.NOTHING and ends in _RESTS_ON


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
    downloads: int = 0
    """Files, receipts say, that the visit had downloaded and that went with its profile."""

    @property
    def clean(self) -> bool:
        """True only if there are proofs and none is missing."""
        return bool(self.proofs) and not self.missing

    @property
    def summary(self) -> tuple[Proof, ...]:
        """One proof for each area and portal, as staff read it; `proofs` has a line for each place, too."""
        whole = [proof for proof in self.proofs if proof.place is None]
        told = {proof.area for proof in whole}
        by_area: dict[Area, list[Proof]] = {}
        for proof in self.proofs:
            if proof.area not in told:
                by_area.setdefault(proof.area, []).append(proof)
        return (*whole, *(_summed(area, proofs) for area, proofs in by_area.items()))

    @property
    def missing(self) -> tuple[Proof, ...]:
        return tuple(proof for proof in self.proofs if proof.finding is Finding.NOT_PROVED)


def _summed(area: Area, proofs: list[Proof]) -> Proof:
    missing = [proof.detail for proof in proofs if proof.finding is Finding.NOT_PROVED]
    finding = Finding.NOT_PROVED if missing else Finding.PROVED
    return Proof(area=area, finding=finding, detail="; ".join(missing) or f"{len(proofs)} places looked at")
