"""What people at the counter see: one frozen value, made by `viewing`, from which console and ribbon are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from guard.core.card import CardState
    from guard.core.checklist import Checklist
    from guard.core.clearance import Clearance
    from guard.core.commands import Refusal
    from guard.core.confirmation import Questions
    from guard.core.identity import Obscurity
    from guard.core.interruption import Earlier
    from guard.core.payload import FieldKind
    from guard.core.staff import Member
    from guard.core.submission import Channel
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
    UNBOUND = "unbound"
    """Somebody is logged in, and the visit has no citizen yet to compare them with."""
    NOT_BY_NAME = "not_by_name"
    """The portal shows no readable name; assurance is by provenance."""


class SealReason(StrEnum):
    """Why a counter is sealed. Each has its texts in `guard/texts.toml`."""

    UNFORESEEN = "unforeseen"
    UNFINISHED_VISIT = "unfinished_visit"
    """The last run ended in the middle of a visit; its logout cannot be proved any more."""
    NOT_CLEARED = "not_cleared"
    """A handover could not prove something; the clearance says what."""
    INTERRUPTED = "interrupted"
    """Staff interrupted a visit, and a leader has not looked at it yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalView:
    """One portal in the open visit."""

    portal: str
    state: HolderState
    holder_name: str | None = None
    """Shown while the visit is open, never stored."""
    why: Obscurity | None = None
    """Set with UNREADABLE."""
    questions: Questions | None = None
    """What a person is asked before this holder is taken for the citizen; None while nobody need be asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BindingView:
    """Somebody who can be made the citizen of a visit that was opened without data."""

    portal: str
    holder_name: str | None
    questions: Questions


@dataclass(frozen=True, kw_only=True, slots=True)
class SentView:
    """One submission that was sent in the open visit: where, how and what kind, never its values."""

    submission_id: str
    portal: str
    channel: Channel
    fields: tuple[tuple[FieldKind, str], ...] = ()
    """What its profile declares of it: the kind of each field that it carried, and the field's name there."""
    time: datetime | None = None
    """When it was held, on the clock on the wall."""


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
class ValueView:
    """A value that people look at in the console: the citizen reads it back, or a leader is asked about it."""

    submission_id: str
    turn: int = 0
    """Counts how often this submission asked."""
    portal: str
    kind: FieldKind
    name: str
    """The field's name in the profile."""
    groups: tuple[str, ...] = field(repr=False)
    """Shown while the visit is open, never stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterView:
    """The whole counter at one moment."""

    phase: Phase
    generation: int
    training: bool = False
    """Whether nothing here is real."""
    staff: Member | None = None
    """Who serves; None before the start of the day, and where nobody is registered."""
    visit_id: str | None = None
    opened_at: datetime | None = None
    """When the visit was opened, on the clock on the wall."""
    citizen_name: str | None = None
    """None without a visit, and in one that is not bound to its first login yet."""
    binding: BindingView | Refusal | None = None
    """Who can be made the citizen of an unbound visit, or why nobody can; None while nobody is logged in."""
    acting_for_name: str | None = None
    """Whose affair it is, where the citizen acts for somebody else."""
    household: bool = False
    """Whether somebody of the same surname, reading or address was served within the last hour."""
    earlier: Earlier | None = None
    """An interrupted visit of this citizen, which is to be finished now."""
    portals: tuple[PortalView, ...] = ()
    released: int = 0
    """Submissions sent in the open visit."""
    sent: tuple[SentView, ...] = ()
    """The newest of them, newest last."""
    stops: tuple[StopView, ...] = ()
    """Newest last."""
    alarms: tuple[AlarmView, ...] = ()
    idle_asked: bool = False
    """Whether staff are asked if the visit goes on."""
    read_back: ValueView | None = None
    """What the citizen is asked to type again, while a submission waits for it."""
    disputes: tuple[ValueView, ...] = ()
    """What was sent for another person before, and stopped; a leader may allow it."""
    card: CardState | None = None
    """None while a visit requires no card and nobody left one."""
    card_may_be_waived: bool = False
    """Whether staff may still say that this visit needs no card."""
    seal: SealReason | None = None
    seal_detail: str = ""
    """Where the fault was, in English for engineers."""
    clearance: Clearance | None = None
    """Of the handover that ended last."""
    without_guard: int = 0
    """Visits of a time without the guard that were entered in this run."""
    checklist: Checklist | None = None
    """Of the visit that ended last, until the next one opens."""
    ledger_failed: bool = False
    """Whether the ledger is behind; nothing waits for it, but what it tells of earlier visits may be missing."""
