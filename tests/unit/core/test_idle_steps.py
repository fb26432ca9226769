"""A visit that nobody touches: asked first, ended when nobody answers, and never while something goes on."""

from __future__ import annotations

import pytest

from guard.core.card import CardTerms, Gone
from guard.core.commands import Handover, Kind, Record, SetIdleTimer
from guard.core.events import (
    BrowserReady,
    CardGone,
    CardSeen,
    Ending,
    EndRequested,
    Event,
    IdleTimerRang,
    InputSeen,
    OpenRequested,
    StillServing,
)
from guard.core.idle import IdleTerms
from guard.core.view import Phase
from guard.core.viewing import view
from tests.unit.core.counters import NOBODY, TANAKA, TERMS, Till, held, sighted

RESTS = IdleTerms(ask_after=300.0, answer_within=120.0)


def visit(*happened: Event, idle: IdleTerms | None = RESTS, card: CardTerms | None = None) -> Till:
    """A visit opened at 0."""
    till = Till()
    opened = OpenRequested(visit_id="v1", citizen=TANAKA, card=card, idle=idle, at=0.0)
    till.feed(BrowserReady(generation=1), opened, *happened)
    return till


def rang(at: float, *, text: bool = False, visit_id: str = "v1") -> IdleTimerRang:
    return IdleTimerRang(visit_id=visit_id, text_open=text, at=at)


def asks(till: Till) -> bool:
    return view(till.counter, TERMS).idle_asked


def timer(till: Till) -> float:
    (one,) = till.all(SetIdleTimer)
    return one.seconds


def test_after_five_quiet_minutes_staff_are_asked_and_nothing_ends() -> None:
    till = visit()
    assert timer(till) == 300.0
    till.feed(rang(300.0))
    assert (till.kinds(), asks(till), timer(till)) == ([Kind.IDLE_ASKED], True, 120.0)
    assert till.counter.phase is Phase.SERVING


def test_input_moves_the_question_and_one_timer_goes_on() -> None:
    till = visit(InputSeen(at=100.0), InputSeen(at=90.0), rang(300.0))
    assert (asks(till), timer(till)) == (False, 100.0)
    till.feed(rang(400.0))
    assert asks(till)


def test_two_minutes_without_an_answer_run_the_handover() -> None:
    till = visit(rang(300.0), rang(419.0))
    assert timer(till) == 1.0
    till.feed(rang(420.0))
    assert till.all(Record)[0].facts == (("ending", "idle"),)
    assert [handover.ending for handover in till.all(Handover)] == [Ending.IDLE]


def test_staff_say_that_it_goes_on() -> None:
    """The question goes, the five minutes begin anew, and the timer that runs is the only one."""
    till = visit(rang(300.0), StillServing(at=350.0))
    assert (asks(till), till.all(SetIdleTimer)) == (False, [])
    till.feed(rang(420.0))
    assert (till.counter.phase, timer(till)) == (Phase.SERVING, 230.0)


def test_typing_puts_the_handover_off_and_leaves_the_question() -> None:
    """Whoever types may be the next citizen in an open session: only staff's answer takes the question back."""
    till = visit(rang(300.0), InputSeen(at=410.0), rang(420.0))
    assert (till.counter.phase, asks(till), timer(till)) == (Phase.SERVING, True, 110.0)
    till.feed(rang(530.0))
    assert till.counter.phase is Phase.CLOSING


def test_a_half_filled_form_puts_the_question_off_once() -> None:
    """A citizen who looks for a number; but one who walked away from a form is the accident itself."""
    till = visit(rang(300.0, text=True))
    assert (asks(till), timer(till)) == (False, 300.0)
    till.feed(rang(600.0, text=True))
    assert asks(till)
    till.feed(rang(720.0, text=True))
    assert till.counter.phase is Phase.CLOSING


def test_a_question_about_the_card_puts_it_off() -> None:
    back = (CardSeen(at=1.0), CardGone(why=Gone.REMOVED, at=2.0), CardSeen(at=3.0))
    till = visit(*back, rang(300.0), card=CardTerms())
    assert (asks(till), timer(till)) == (False, 300.0)


def test_nothing_ends_while_a_submission_waits_for_its_answer() -> None:
    """It has a deadline of its own; then the visit ends."""
    till = visit(rang(300.0), held(at=419.0), rang(420.0))
    assert (till.counter.phase, timer(till)) == (Phase.SERVING, 1.0)
    till.feed(sighted(NOBODY, at=420.5), rang(421.0))
    assert till.counter.phase is Phase.CLOSING


@pytest.mark.parametrize("event", [rang(900.0), InputSeen(at=900.0), StillServing(at=900.0)])
def test_where_nobody_is_to_be_asked_nothing_happens(event: Event) -> None:
    """Switched off; another visit's timer; between visits; while the visit closes."""
    ended = visit(EndRequested(ending=Ending.DONE, at=5.0))
    tills = [visit(idle=None), Till(), ended]
    tills += [visit()] if not isinstance(event, IdleTimerRang) else []
    for till in tills:
        before = till.counter.phase
        assert till.feed(event) == ()
        assert till.counter.phase is before


def test_the_timer_of_an_earlier_visit_ends_nothing() -> None:
    till = visit(rang(300.0))
    assert till.feed(rang(900.0, visit_id="v0")) == ()
