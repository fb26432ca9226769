"""The state of one counter, as a frozen value; what moves it stands in `machine`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guard.core.card import Reader
from guard.core.view import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from guard.core.binding import Bond
    from guard.core.card import CardWatch, Gone
    from guard.core.checklist import Checklist
    from guard.core.clearance import Clearance
    from guard.core.household import Shared
    from guard.core.identity import Citizen, Identity, Jar, Sighting
    from guard.core.idle import Idle
    from guard.core.interruption import Earlier, Interruption
    from guard.core.payload import Value
    from guard.core.read_back import Dispute, Turn
    from guard.core.staff import Member
    from guard.core.submission import Submission
    from guard.core.view import AlarmView, SealReason, SentView, StopView


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One citizen at the counter, from opening to clearance."""

    id: str
    citizen: Citizen | None
    """Who is at the counter: the holder is compared with this person. None before the visit is bound."""
    bond: Bond | None = None
    """Where the citizen was first seen, if no reception wrote them down."""
    acting_for: Citizen | None = None
    """Whose affair it is, where that is somebody else."""
    shared: frozenset[Shared] = frozenset()
    """What the citizen has in common with another one of the last hour."""
    opened_at: float
    time: datetime | None = None
    """When that was on the clock on the wall, for people to read."""
    card: CardWatch | None = None
    """The card that this visit requires on the reader; None if it requires none."""
    idle: Idle | None = None
    """How long it rests; None where nobody is asked."""
    earlier: Earlier | None = None
    """The citizen's interrupted visit, to be finished now."""
    interruption: Interruption | None = None
    """Why staff interrupted this one; a leader looks before the next."""
    logins: frozenset[Jar] = frozenset()
    """Jars in which a login was let through and no logout after it."""
    confirmations: frozenset[tuple[Jar, Identity | None]] = frozenset()
    """What a person confirmed by a typed check: in which jar, and whom the portal named (None: nobody)."""
    confirmed_people: frozenset[Identity] = frozenset()
    """Holders who were confirmed by something that the portal said of them: asked once, whichever jar shows them."""
    wrong_answers: Mapping[Identity | None, int] = field(default_factory=dict)
    """How often what was typed about a holder was wrong in this visit."""
    read_back: frozenset[Value] = frozenset()
    """What the citizen typed again from their own paper."""
    disputes: tuple[Dispute, ...] = ()
    """What was stopped because it was sent for another person before, newest last."""
    approved: frozenset[Value] = frozenset()
    """What a leader allowed nevertheless: an account that a household shares."""
    sessions: frozenset[str] = frozenset()
    """Session keys first met in this visit; each is a leftover from the next visit on."""
    released: int = 0
    """Submissions sent; logins, logouts and harmless requests do not count."""
    sent: tuple[SentView, ...] = ()
    """The newest of them."""
    stops: tuple[StopView, ...] = ()
    alarms: tuple[AlarmView, ...] = ()

    @property
    def concerned(self) -> Citizen | None:
        """Whose affair and whose money it is; None before the visit is bound."""
        return self.acting_for or self.citizen


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """Why nothing but logouts goes out until a leader looked."""

    reason: SealReason
    detail: str = ""
    """In English for engineers; no data of a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """Everything the machine remembers. Its mappings are replaced, never changed in place."""

    phase: Phase = Phase.STARTING
    training: bool = False
    """Whether nothing here is real; people see it on every page."""
    generation: int = 0
    """The browser in use; 0 before the first one."""
    visit: Visit | None = None
    sightings: Mapping[Jar, Sighting] = field(default_factory=dict)
    """The newest of each jar in this visit."""
    voided: Mapping[Jar, float] = field(default_factory=dict)
    """Jars whose holder may have changed since the sighting; only one taken from this time on counts."""
    awake_since: float = float("-inf")
    """When the PC woke up last; no sighting from before counts."""
    waiting: Mapping[str, Submission] = field(default_factory=dict)
    """Held submissions without an answer, by id, oldest first."""
    turns: Mapping[str, Turn] = field(default_factory=dict)
    """What those of them wait for that have waited for more than their first sighting, by id."""
    earlier_sessions: frozenset[str] = frozenset()
    """Session keys of visits that ended."""
    reader: Reader = Reader.EMPTY
    """What lies on the card reader, whether a visit is open or not."""
    card_went: Gone | None = None
    """Why the reader is empty; None if it always was."""
    staff: Member | None = None
    """Who serves; None before the start of the day, and where nobody is registered."""
    staff_of_yesterday: bool = False
    """Whether who serves was chosen before the date changed, and stays for the visit that was open then."""
    without_guard: int = 0
    """Visits of another time entered in this run."""
    seal: Seal | None = None
    clearance: Clearance | None = None
    """Of the handover that ended last."""
    checklist: Checklist | None = None
    """Of the visit that ended last, until the next one opens."""
