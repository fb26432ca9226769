"""What can happen at a counter. Frozen, keyword-only; times are seconds on one monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from guard.core.card import CardAnswer, CardTerms, Gone
    from guard.core.checklist import Confirmer, Item
    from guard.core.clearance import Clearance
    from guard.core.confirmation import Question
    from guard.core.household import Shared
    from guard.core.identity import Citizen, Identity, Jar, Sighting
    from guard.core.idle import IdleTerms
    from guard.core.interruption import Earlier, Interruption
    from guard.core.offline import Cause, Kept
    from guard.core.staff import Asked, Denial, Member
    from guard.core.submission import Submission
    from guard.core.view import SealReason


class Ending(StrEnum):
    """How a visit ends."""

    DONE = "done"
    INTERRUPTED = "interrupted"
    WINDOW_CLOSED = "window_closed"
    """Staff closed the window: an ordinary end."""
    BROWSER_LOST = "browser_lost"
    """The browser crashed or was killed."""
    DISCARDED = "discarded"
    """Staff threw the session away after a stop or a seal."""
    SHUTDOWN = "shutdown"
    CARD_GONE = "card_gone"
    """The card was taken away, and the counter's configuration ends the visit then."""
    IDLE = "idle"
    """Nobody touched anything, and nobody answered whether the visit goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserReady:
    """The first browser stands by; what the last run left unsettled is told with it."""

    generation: int
    unfinished_visit: str | None = None
    """A visit that the last run never closed."""
    training: bool = False
    """Whether nothing here is real."""
    unlifted_seal: SealReason | None = None
    """A seal that no leader has lifted; it outlasts a restart."""
    unlifted_detail: str = ""
    """What that seal said beyond its reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRequested:
    """Staff ask to open a visit."""

    visit_id: str
    citizen: Citizen | None
    """Who is at the counter and logs in; None if the login itself shall say it (`Bound`)."""
    acting_for: Citizen | None = None
    """Whose affair it is, where a parent or guardian (代理) is at the counter."""
    shared: frozenset[Shared] = frozenset()
    """What the citizen has in common with another one of the last hour: a family, or a neighbour of one surname."""
    card: CardTerms | None = None
    """What the visit requires of the card; None where the counter has no reader."""
    idle: IdleTerms | None = None
    """How long the visit may rest; None for as long as it likes."""
    ticket: str | None = None
    """The number that the citizen drew at the entrance."""
    earlier: Earlier | None = None
    """A visit of the same citizen that was interrupted, and not finished since."""
    at: float
    time: datetime | None = None
    """When that was on the clock on the wall, for people to read; it decides nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndRequested:
    """Staff, or the window they closed, end the visit."""

    ending: Ending
    interruption: Interruption | None = None
    """Why staff interrupt; None with another ending, and where a program ends the visit."""
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmissionHeld:
    """The gate holds a request and waits for an answer."""

    submission: Submission


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmissionWithdrawn:
    """A held request vanished: its page went away. Nothing was sent."""

    submission_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseAnswered:
    """The portal answered a released request: by now it has logged in or out whom it would."""

    submission: Submission
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderSighted:
    """The sentinel read a portal's holder, or could not (`Unclear`)."""

    sighting: Sighting


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderMayHaveChanged:
    """A page was opened or used: a good moment for a sighting ahead of need."""

    jar: Jar
    generation: int
    at: float
    session: str | None = None
    """Key of a session that the page never used before; a sighting under another one tells nothing of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadlinePassed:
    """A held submission has waited as long as its portal profile allows."""

    submission_id: str
    turn: int = 0
    """Which of its waits is over; it may wait for something else by now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """A person confirmed the holder of a portal by a typed check (VARIANT, or no readable name)."""

    jar: Jar
    identity: Identity | None
    """Whom the portal named when it was confirmed; None where it names nobody."""
    confirmed_by: str
    items: tuple[Question, ...] = ()
    """What was typed and agreed, and what each item was compared with."""
    by_leader: bool = False
    """Whether it is a leader's word, who looked at the citizen's papers."""
    by_pin: bool = False
    """Whether that is the number of a leader, proved by a PIN."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """A visit without a citizen gets one: whom the portal shows, who answered what they were asked."""

    jar: Jar
    identity: Identity
    reading: str | None = None
    """Of the name, as the citizen typed it: a hint, never evidence."""
    shared: frozenset[Shared] = frozenset()
    """What that citizen has in common with another one of the last hour."""
    earlier: Earlier | None = None
    """Of that citizen: an interrupted visit that no finished one has followed."""
    confirmed_by: str
    items: tuple[Question, ...] = ()
    """What was typed, and what of it was compared with the portal."""
    by_leader: bool = False
    """Whether it is a leader's word, who looked at the citizen's papers."""
    by_pin: bool = False
    """Whether that is the number of a leader, proved by a PIN."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswersDiffered:
    """What was typed about a holder was wrong."""

    jar: Jar
    identity: Identity | None
    items: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTextSeen:
    """A page shows a text that the portal profile calls an alarm, such as 「登録済み」."""

    portal: str
    text: str
    generation: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverEnded:
    """The old browser is gone and the next one stands by; `clearance` says what is proved."""

    clearance: Clearance
    generation: int
    """The browser that stands by now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserLost:
    """A browser ended by itself, with or without staff having closed its window."""

    generation: int
    by_staff: bool
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class UnforeseenFault:
    """An exception nobody expected; `where` names the place, without data."""

    where: str
    unsent: tuple[Submission, ...] = ()
    """Submissions that were to be released and could not be, because their journal entry was not written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftRequested:
    """A leader opens a sealed counter again."""

    leader: str
    by_pin: bool = False
    """Whether the number is proved by a PIN; where nobody is registered it is typed alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffChanged:
    """Somebody of the staff, known by number and PIN, serves from now on; in the middle of a visit too."""

    member: Member


@dataclass(frozen=True, kw_only=True, slots=True)
class DayBegan:
    """The date changed: whoever served yesterday is asked again before the next visit, never in an open one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PinRefused:
    """Somebody tried in vain to be who serves, or to give a leader's word. The PIN itself goes nowhere."""

    number: str | None
    """None if the number is nobody's: what was typed there may be a PIN, and is not kept."""
    why: Denial
    asked: Asked


@dataclass(frozen=True, kw_only=True, slots=True)
class StopMarked:
    """Staff say of an earlier stop whether it was false."""

    stop: int
    """Number of its journal entry."""
    visit_id: str | None
    """The visit in which it happened."""
    false_stop: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CardSeen:
    """A card lies on the reader."""

    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class CardGone:
    """There is no card, it was exchanged, or nobody can tell any more."""

    why: Gone
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class CardGracePassed:
    """The time from a removal to the handover is over."""

    visit_id: str
    removal: int
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class CardAnswered:
    """Staff say whose card it is, or that this visit needs none."""

    answer: CardAnswer
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadBack:
    """The citizen typed a value again, which a held submission waits for."""

    submission_id: str
    typed: str = field(repr=False)
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueApproved:
    """A leader allows, in this visit, a value that was sent for another person before."""

    submission_id: str
    """The submission that was stopped."""
    leader: str
    by_pin: bool = False
    """Whether the number is proved by a PIN; where nobody is registered it is typed alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputSeen:
    """Somebody types or points in one of the counter's windows, the console included."""

    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class IdleTimerRang:
    """It is time to look how long this visit has been resting."""

    visit_id: str
    text_open: bool
    """Whether one of the windows shows a form in which somebody has typed."""
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitWithoutGuard:
    """Staff enter a visit of a time when the guard was down."""

    visit_id: str
    began: str
    """Date, time and offset, as the journal writes them."""
    ending: Ending
    cause: Cause
    kept: frozenset[Kept]


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed:
    """The PC, or the guard, stood still for `away` seconds; nobody knows what happened at the portals meanwhile."""

    away: float
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class StillServing:
    """Staff answer that the visit goes on."""

    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistConfirmed:
    """Citizen or staff confirm the checklist of the visit that has just ended."""

    visit_id: str
    by: Confirmer
    ticked: frozenset[Item]


Event = (
    BrowserReady
    | OpenRequested
    | EndRequested
    | SubmissionHeld
    | SubmissionWithdrawn
    | ReleaseAnswered
    | HolderSighted
    | HolderMayHaveChanged
    | DeadlinePassed
    | Confirmed
    | AnswersDiffered
    | Bound
    | AlarmTextSeen
    | HandoverEnded
    | BrowserLost
    | UnforeseenFault
    | LiftRequested
    | CardSeen
    | CardGone
    | CardGracePassed
    | CardAnswered
    | StaffChanged
    | DayBegan
    | PinRefused
    | ReadBack
    | ValueApproved
    | StopMarked
    | InputSeen
    | IdleTimerRang
    | VisitWithoutGuard
    | Resumed
    | StillServing
    | ChecklistConfirmed
)
