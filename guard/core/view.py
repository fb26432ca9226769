"""What people at the counter see: one frozen value, from which console, ribbon and overlay are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.core.clearance import Clearance
    from guard.core.identity import Obscurity
    from guard.core.verdict import Reason


class Phase(StrEnum):
    """Where the counter stands."""

    STARTING = "starting"
    READY = "ready"
    """Clear; no visit is open."""
    SERVING = "serving"
    CLOSING = "closing"
    """A handover is under way."""


class HolderState(StrEnum):
    """How the person logged in at a portal relates to the citizen served."""

    NOT_SEEN = "not_seen"
    """Not read yet in this visit."""
    NOBODY = "nobody"
    AGREE = "agree"
    VARIANT = "variant"
    SOMEONE_ELSE = "someone_else"
    UNREADABLE = "unreadable"
    NOT_BY_NAME = "not_by_name"
    """The portal shows no readable name; assurance is by provenance."""


class SealReason(StrEnum):
    """Why a counter is sealed. Each has its texts in `guard/texts.toml`."""

    UNFORESEEN = "unforeseen"
    UNFINISHED_VISIT = "unfinished_visit"
    """The last run ended in the middle of a visit; its logout cannot be proved any more."""
    NOT_CLEARED = "not_cleared"
    """A handover could not prove something; the clearance says what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalView:
    """One portal in the open visit."""

    portal: str
    state: HolderState
    holder_name: str | None = None
    """Shown while the visit is open, never stored."""
    why: Obscurity | None = None
    """Set with UNREADABLE."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StopView:
    """One submission that was stopped in the open visit."""

    submission_id: str
    portal: str
    reason: Reason
    why: Obscurity | None = None
    """Set with HOLDER_UNREADABLE."""
    holder_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmView:
    """An alarm text that a page showed in the open visit."""

    portal: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterView:
    """The whole counter at one moment."""

    phase: Phase
    generation: int
    visit_id: str | None = None
    citizen_name: str | None = None
    portals: tuple[PortalView, ...] = ()
    released: int = 0
    """Submissions sent in the open visit."""
    stops: tuple[StopView, ...] = ()
    """Newest last."""
    alarms: tuple[AlarmView, ...] = ()
    seal: SealReason | None = None
    seal_detail: str = ""
    """Where the fault was, in English for engineers."""
    clearance: Clearance | None = None
    """Of the handover that ended last."""
