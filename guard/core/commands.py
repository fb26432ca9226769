"""What the machine asks the supervisor to do. Carried out in order; a failure seals the counter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.core.events import Ending
    from guard.core.identity import Citizen, Jar
    from guard.core.payload import Value
    from guard.core.submission import Submission
    from guard.core.verdict import Verdict


class Kind(StrEnum):
    """Kinds of journal entries."""

    COUNTER_STARTED = "counter_started"
    UNFINISHED_VISIT_FOUND = "unfinished_visit_found"
    VISIT_OPENED = "visit_opened"
    VISIT_BOUND = "visit_bound"
    """A visit that was opened without data knows its citizen."""
    VISIT_ENDING = "visit_ending"
    RELEASED = "released"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    CONFIRMATION_FAILED = "confirmation_failed"
    ALARM = "alarm"
    CLEARANCE = "clearance"
    SEALED = "sealed"
    LIFTED = "lifted"
    CARD_SEEN = "card_seen"
    CARD_GONE = "card_gone"
    CARD_ACCEPTED = "card_accepted"
    """Staff said that the card that came back is the same citizen's."""
    CARD_WAIVED = "card_waived"
    """Staff said that the citizen logs in without the card."""
    STAFF_CHANGED = "staff_changed"
    PIN_REFUSED = "pin_refused"
    """Somebody tried a PIN in vain, or their number is locked, disabled or may not do that."""
    VISIT_WITHOUT_GUARD = "visit_without_guard"
    """A visit of a time when the guard was down, entered afterwards: what people say, nothing that is proved."""
    RESUMED = "resumed"
    """The PC, or the guard, had stood still; what was seen before counts no more."""
    IDLE_ASKED = "idle_asked"
    """Nothing was touched for a while, and the console asked whether the visit goes on."""
    CHECKLIST = "checklist"
    """The completion checklist, each time somebody confirms it, and when a visit opens without; the newest holds."""
    READ_BACK = "read_back"
    """The citizen typed a value again."""
    VALUE_APPROVED = "value_approved"
    """A leader allowed a value that was sent for another person before."""
    STOP_MARKED = "stop_marked"
    """Staff said whether a stop was false."""


class Refusal(StrEnum):
    """Why a request of staff is declined. Each has its texts in `guard/texts.toml`."""

    NOT_READY = "not_ready"
    VISIT_ALREADY_OPEN = "visit_already_open"
    NO_VISIT_OPEN = "no_visit_open"
    COUNTER_SEALED = "counter_sealed"
    NOT_SEALED = "not_sealed"
    DISCARD_FIRST = "discard_first"
    """A seal is lifted only after the session of the open visit is gone."""
    CARD_MISSING = "card_missing"
    """Staff vouch for a card, and there is none."""
    CARD_WAS_SEEN = "card_was_seen"
    """A visit that began with a card cannot go on without it."""
    NO_CARD_ASKED = "no_card_asked"
    """The visit requires no card."""
    STAFF_FIRST = "staff_first"
    """Staff are registered, and nobody has said today who serves."""
    NOTHING_TO_READ_BACK = "nothing_to_read_back"
    """No submission waits for this value any more."""
    NOTHING_TO_APPROVE = "nothing_to_approve"
    """No value of another person was stopped in this visit, or it is allowed already."""
    CONFIRMATION_DIFFERS = "confirmation_differs"
    """At least one item typed for the check is not the right one; which, is not told."""
    ITEM_MISSING = "item_missing"
    """An item of the check was not typed."""
    LEADER_NEEDED = "leader_needed"
    """Nothing that is asked compares with the portal, or too many answers were wrong."""
    CITIZEN_MISSING = "citizen_missing"
    """A visit is opened without data, at a counter whose reception writes people down."""
    ALREADY_BOUND = "already_bound"
    """The visit has its citizen already, and keeps them."""
    NOT_BOUND_YET = "not_bound_yet"
    """The visit has no citizen yet, so that nobody can be compared with them."""
    TWO_PEOPLE = "two_people"
    """Two windows show different people: the visit is bound to neither."""
    LEFTOVER_LOGIN = "leftover_login"
    """Somebody is logged in under a session of an earlier visit: the visit is bound to nobody."""
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    """The portal shows nobody now about whom a person could say anything."""
    CHECKLIST_OVER = "checklist_over"
    """The checklist is that of an earlier visit, or there is none."""
    CHECKLIST_OPEN = "checklist_open"
    """Not everything that people are asked is ticked."""
    CARD_STILL_THERE = "card_still_there"
    """The checklist says that the card was returned, and the reader sees it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Write a journal entry, and go on only when it is durable."""

    kind: Kind
    visit_id: str | None
    facts: tuple[tuple[str, str], ...] = ()
    """Names and values for engineers; never a person's data."""
    citizen: Citizen | None = None
    """Written as a keyed digest only."""
    acting_for: Citizen | None = None
    """Likewise."""
    values: tuple[Value, ...] = ()
    """What was sent for the citizen; likewise."""
    ticket: str | None = None
    """The number drawn at the entrance, likewise."""
    held_at: float | None = None
    """When the submission of this entry was held; written as the milliseconds from then to its answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Admit:
    """Let this browser's gate pass what cannot submit: a visit is open."""

    generation: int
    visit_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LookAt:
    """Have the sentinel read the holder of a jar."""

    jar: Jar
    generation: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SetDeadline:
    """Report `DeadlinePassed` for this submission after so many seconds."""

    submission_id: str
    seconds: float
    turn: int = 0
    """Which of its waits this ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetCardGrace:
    """Report `CardGracePassed` for this removal after so many seconds."""

    visit_id: str
    removal: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SetIdleTimer:
    """Report `IdleTimerRang` for this visit after so many seconds."""

    visit_id: str
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """Send a held request, with exactly the cookies that were sighted."""

    submission: Submission
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Abort a held request, leave the form filled, and tell staff."""

    submission: Submission
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """Log out everywhere, wipe the browser, show the next one, and report `HandoverEnded`."""

    generation: int
    visit_id: str | None
    ending: Ending | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decline:
    """Tell staff that what they asked for is not possible now."""

    refusal: Refusal


Command = Record | Admit | LookAt | SetDeadline | SetCardGrace | SetIdleTimer | Release | Stop | Handover | Decline
