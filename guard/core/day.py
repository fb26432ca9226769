"""A day at the counter in numbers: visits, stops, near misses, and the time that the guard cost. No names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from guard.core.submission import RequestClass
from guard.core.verdict import Reason

if TYPE_CHECKING:
    from datetime import datetime

NEAR: Final = timedelta(minutes=10)

_ABOUT_ANOTHER_THING: Final = frozenset(
    {
        Reason.NO_VISIT,
        Reason.VISIT_CLOSING,
        Reason.SEALED,
        Reason.NOBODY_LOGGED_IN,
        Reason.NOT_BOUND_YET,
        Reason.VARIANT_UNCONFIRMED,
        Reason.HOLDER_BY_PROVENANCE_ONLY,
        Reason.UNKNOWN_ORIGIN,
        Reason.CARD_MISSING,
        Reason.CARD_REMOVED,
        Reason.PAYLOAD_UNREADABLE,
        Reason.NOT_READ_BACK,
        Reason.READ_BACK_DIFFERS,
        Reason.TOO_LATE,
        Reason.UNFORESEEN,
    }
)
"""Reasons that say nothing of another person. A reason that is new counts, until somebody writes it down here."""
_PEOPLE_WAIT_FOR: Final = frozenset({RequestClass.LOGIN, RequestClass.LOGOUT, RequestClass.SUBMISSION})
"""Polls and analytics are held as well, and nobody waits for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitOfDay:
    """One visit; its person is a keyed digest."""

    id: str
    person: str
    opened_at: datetime
    ended_at: datetime | None = None
    ending: str | None = None
    """None while it is open."""
    released: int = 0
    cleared: bool | None = None
    """Whether everything was proved; None before its clearance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerOfDay:
    """One held request with its answer."""

    id: int
    """Number of its journal entry."""
    visit_id: str | None
    portal: str
    request_class: str
    at: datetime
    held_ms: int = 0
    reason: str | None = None
    """Why it was stopped; None if it was released."""
    false_stop: bool = False
    """Whether staff say that the stop was wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What the ledger knows of one day, oldest first."""

    visits: tuple[VisitOfDay, ...] = ()
    answers: tuple[AnswerOfDay, ...] = ()

    @property
    def stops(self) -> tuple[AnswerOfDay, ...]:
        return tuple(answer for answer in self.answers if answer.reason is not None)

    @property
    def false_stops(self) -> int:
        return sum(stop.false_stop for stop in self.stops)

    @property
    def near_misses(self) -> tuple[AnswerOfDay, ...]:
        """Stops that were right, at a portal that another citizen's submission completed within ten minutes."""
        persons = {visit.id: visit.person for visit in self.visits}
        done = [each for each in self.answers if each.reason is None and each.request_class == RequestClass.SUBMISSION]

        def followed(stop: AnswerOfDay) -> bool:
            mine = persons.get(stop.visit_id or "")
            return mine is not None and any(
                each.portal == stop.portal
                and timedelta(0) <= each.at - stop.at <= NEAR
                and persons.get(each.visit_id or "", mine) != mine
                for each in done
            )

        return tuple(stop for stop in self.stops if _tells_of_another_person(stop) and followed(stop))

    def by_reason(self) -> tuple[tuple[str, int], ...]:
        """How many stops each reason has, the most frequent first."""
        return tuple(Counter(stop.reason for stop in self.stops if stop.reason is not None).most_common())

    def stops_of(self, visit_id: str) -> int:
        return sum(stop.visit_id == visit_id for stop in self.stops)

    def added_ms(self, visit_id: str) -> int:
        """Milliseconds for which the guard held what people waited for in this visit."""
        mine = (answer for answer in self.answers if answer.visit_id == visit_id)
        return sum(answer.held_ms for answer in mine if answer.request_class in _PEOPLE_WAIT_FOR)


def _tells_of_another_person(stop: AnswerOfDay) -> bool:
    return not stop.false_stop and stop.reason not in _ABOUT_ANOTHER_THING
