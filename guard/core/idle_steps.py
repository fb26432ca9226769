"""What the machine does about a visit that rests; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import record
from guard.core.card import CardState
from guard.core.card import state as card_state
from guard.core.commands import Command, Kind, SetIdleTimer
from guard.core.idle import SOON, Idle, due_at
from guard.core.view import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter, Visit
    from guard.core.events import IdleTimerRang, InputSeen, StillServing
    from guard.core.idle import IdleTerms
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def begin(terms: IdleTerms | None, at: float) -> Idle | None:
    """The rest of a visit that opens now."""
    return None if terms is None else Idle(terms=terms, last_input=at)


def first_timer(visit: Visit) -> tuple[SetIdleTimer, ...]:
    """The one timer of a visit; each time it rings it is set anew."""
    return () if visit.idle is None else (SetIdleTimer(visit_id=visit.id, seconds=visit.idle.terms.ask_after),)


def is_over(counter: Counter, event: IdleTimerRang) -> bool:
    """Whether staff were asked, nobody answered or touched anything, and nothing waits for its answer."""
    idle = _resting(counter, event)
    asked = idle is not None and idle.asked_at is not None
    return idle is not None and asked and event.at >= due_at(idle, busy=False) and not counter.waiting


def rang(counter: Counter, event: IdleTimerRang) -> Step:
    """Ask if it is time, and set the timer anew."""
    visit, idle = counter.visit, _resting(counter, event)
    if visit is None or idle is None:
        return counter, ()
    left = due_at(idle, busy=_is_busy(counter, event)) - event.at
    if left > 0:
        return counter, (SetIdleTimer(visit_id=visit.id, seconds=left),)
    if idle.asked_at is not None:
        return counter, (SetIdleTimer(visit_id=visit.id, seconds=SOON),)
    counter = replace(counter, visit=replace(visit, idle=replace(idle, asked_at=event.at)))
    again = SetIdleTimer(visit_id=visit.id, seconds=idle.terms.answer_within)
    return counter, (record(counter, Kind.IDLE_ASKED), again)


def input_seen(counter: Counter, event: InputSeen | StillServing, _terms: Mapping[str, Terms]) -> Step:
    """Somebody types or points: nothing ends now, though a question stays until it is answered."""
    visit = counter.visit
    if visit is None or visit.idle is None:
        return counter, ()
    idle = replace(visit.idle, last_input=max(visit.idle.last_input, event.at))
    return replace(counter, visit=replace(visit, idle=idle)), ()


def still_serving(counter: Counter, event: StillServing, terms: Mapping[str, Terms]) -> Step:
    """Staff say that the visit goes on."""
    counter, _ = input_seen(counter, event, terms)  # the answer is input as well
    visit = counter.visit
    if visit is None or visit.idle is None:
        return counter, ()
    return replace(counter, visit=replace(visit, idle=replace(visit.idle, asked_at=None))), ()


def _resting(counter: Counter, event: IdleTimerRang) -> Idle | None:
    """The rest of the visit that this timer belongs to, if it is open still."""
    visit = counter.visit if counter.phase is Phase.SERVING else None
    return None if visit is None or visit.id != event.visit_id else visit.idle


def _is_busy(counter: Counter, event: IdleTimerRang) -> bool:
    """Something is under way that looks idle."""
    watch = None if counter.visit is None else counter.visit.card
    return event.text_open or bool(counter.waiting) or card_state(watch, counter.reader) is CardState.BACK
