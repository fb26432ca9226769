"""The visit machine: `step` turns an event into the next state and commands, by the table at the end.

What the table does not list is illegal. The driver carries the commands out in order, and answers any
exception, `IllegalEvent` included, with `UnforeseenFault`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from guard.core import (
    binding_steps,
    card_steps,
    checklist,
    checklist_steps,
    confirmation_steps,
    day_steps,
    idle_steps,
    read_back_steps,
    seal_steps,
    submission_steps,
    wake_steps,
)
from guard.core.answers import record, stop_waiting, withdraw
from guard.core.checks import judge
from guard.core.commands import Admit, Command, Decline, Handover, Kind, Refusal
from guard.core.counter import Counter, Visit
from guard.core.events import (
    AlarmTextSeen,
    AnswersDiffered,
    Bound,
    BrowserLost,
    BrowserReady,
    CardAnswered,
    CardGone,
    CardGracePassed,
    CardSeen,
    ChecklistConfirmed,
    Confirmed,
    DayBegan,
    DeadlinePassed,
    Ending,
    EndRequested,
    Event,
    HandoverEnded,
    HolderMayHaveChanged,
    HolderSighted,
    IdleTimerRang,
    InputSeen,
    LiftRequested,
    OpenRequested,
    PinRefused,
    ReadBack,
    ReleaseAnswered,
    Resumed,
    StaffChanged,
    StillServing,
    StopMarked,
    SubmissionHeld,
    SubmissionWithdrawn,
    UnforeseenFault,
    ValueApproved,
    VisitWithoutGuard,
)
from guard.core.terms import Terms
from guard.core.view import Phase, SealReason

Step = tuple[Counter, tuple[Command, ...]]
AllTerms = Mapping[str, Terms]
"""Of every portal, by name."""
Handler = Callable[[Counter, Any, AllTerms], Step]


class IllegalEvent(RuntimeError):  # noqa: N818 (an event, in the words of the table)
    """An event that cannot happen now: something is broken, and the counter has to be sealed."""


def step(counter: Counter, event: Event, terms: AllTerms) -> Step:
    """Take one event and return the next state with what has to be done, in this order.

    Raises IllegalEvent for what the table does not list; the state is unchanged then.
    """
    handler = _TABLE[counter.phase].get(type(event))
    if handler is None:
        raise _illegal(counter, event)
    return handler(counter, event, terms)


def _illegal(counter: Counter, event: Event) -> IllegalEvent:
    return IllegalEvent(f"{type(event).__name__} while {counter.phase.value}")


# The day: browsers, visits, handovers


def _browser_ready(counter: Counter, event: BrowserReady, _terms: AllTerms) -> Step:
    counter = replace(counter, phase=Phase.READY, generation=event.generation, training=event.training)
    training = (("training", "yes"),) if event.training else ()
    started = record(counter, Kind.COUNTER_STARTED, ("generation", str(event.generation)), *training)
    if event.unfinished_visit is not None:
        found = replace(record(counter, Kind.UNFINISHED_VISIT_FOUND), visit_id=event.unfinished_visit)
        counter, sealed = seal_steps.seal(counter, SealReason.UNFINISHED_VISIT, event.unfinished_visit)
        return counter, (started, found, *sealed)
    if event.unlifted_seal is not None:
        counter, sealed = seal_steps.seal(counter, event.unlifted_seal, event.unlifted_detail or "from an earlier run")
        return counter, (started, *sealed)
    return counter, (started,)


def _open(counter: Counter, event: OpenRequested, _terms: AllTerms) -> Step:
    if counter.seal is not None:
        return counter, (Decline(refusal=Refusal.COUNTER_SEALED),)
    visit = Visit(
        id=event.visit_id,
        citizen=event.citizen,
        acting_for=event.acting_for,
        shared=event.shared,
        opened_at=event.at,
        time=event.time,
        card=card_steps.watch(event.card, counter.reader),
        idle=idle_steps.begin(event.idle, event.at),
        earlier=event.earlier,
    )
    left_open = checklist_steps.left_open(counter)
    counter = replace(counter, phase=Phase.SERVING, visit=visit, checklist=None, sightings={}, voided={})
    facts = [("generation", str(counter.generation))]
    if event.citizen is None:
        facts.append(("citizen", "not_known_yet"))
    if event.shared:
        facts.append(("shared", " ".join(sorted(event.shared))))
    opened = record(counter, Kind.VISIT_OPENED, *facts, citizen=event.citizen)
    opened = replace(opened, acting_for=event.acting_for, ticket=event.ticket)
    admit = Admit(generation=counter.generation, visit_id=visit.id)
    return counter, (*left_open, opened, admit, *idle_steps.first_timer(visit))


def _end(counter: Counter, event: EndRequested, terms: AllTerms) -> Step:
    closing = replace(counter, phase=Phase.CLOSING)
    counter, stopped = stop_waiting(closing, lambda held: judge(held, closing, terms.get(held.jar.portal)), terms)
    if counter.visit is not None and event.interruption is not None:
        counter = replace(counter, visit=replace(counter.visit, interruption=event.interruption))
    return counter, (*stopped, *_hand_over(counter, event.ending))


def _card_grace_passed(counter: Counter, event: CardGracePassed, terms: AllTerms) -> Step:
    visit = counter.visit
    if visit is None or visit.id != event.visit_id or visit.card is None:
        return counter, ()
    if visit.card.gone is None or visit.card.removals != event.removal:  # staff vouched for it, or it is another one
        return counter, ()
    return _end(counter, EndRequested(ending=Ending.CARD_GONE, at=event.at), terms)


def _idle_timer_rang(counter: Counter, event: IdleTimerRang, terms: AllTerms) -> Step:
    if idle_steps.is_over(counter, event):
        return _end(counter, EndRequested(ending=Ending.IDLE, at=event.at), terms)
    return idle_steps.rang(counter, event)


def _browser_lost_in_visit(counter: Counter, event: BrowserLost, _terms: AllTerms) -> Step:
    if event.generation != counter.generation:
        return counter, ()
    counter, forgotten = withdraw(replace(counter, phase=Phase.CLOSING), counter.waiting)
    ending = Ending.WINDOW_CLOSED if event.by_staff else Ending.BROWSER_LOST
    return counter, (*forgotten, *_hand_over(counter, ending))


def _browser_lost_before_visit(counter: Counter, event: BrowserLost, _terms: AllTerms) -> Step:
    if event.generation != counter.generation:
        return counter, ()
    return replace(counter, phase=Phase.CLOSING), _hand_over(counter, None)


def _hand_over(counter: Counter, ending: Ending | None) -> tuple[Command, ...]:
    visit_id = None if counter.visit is None else counter.visit.id
    handover = Handover(generation=counter.generation, visit_id=visit_id, ending=ending)
    if ending is None:
        return (handover,)
    why = None if counter.visit is None else counter.visit.interruption
    facts = [("ending", ending.value)] if why is None else [("ending", ending.value), ("interruption", why.value)]
    return (record(counter, Kind.VISIT_ENDING, *facts), handover)


def _handover_ended(counter: Counter, event: HandoverEnded, _terms: AllTerms) -> Step:
    clearance, visit = event.clearance, counter.visit
    if (clearance.generation, clearance.visit_id) != (counter.generation, None if visit is None else visit.id):
        raise _illegal(counter, event)  # the proof of another browser or visit proves nothing here
    if event.generation == counter.generation:
        raise _illegal(counter, event)  # no browser serves two citizens
    clean = ("clean", "yes" if clearance.clean else "no")
    cleared = record(counter, Kind.CLEARANCE, clean, *_proofs(event), *_card_returned(counter))
    counter = Counter(
        phase=Phase.READY,
        training=counter.training,
        generation=event.generation,
        earlier_sessions=counter.earlier_sessions | (frozenset() if visit is None else visit.sessions),
        reader=counter.reader if visit is None else card_steps.left_behind(counter.reader),
        card_went=counter.card_went,
        awake_since=counter.awake_since,
        staff=counter.staff,
        staff_of_yesterday=counter.staff_of_yesterday,
        without_guard=counter.without_guard,
        seal=counter.seal,
        clearance=clearance,
        checklist=checklist.due(counter, clearance),
    )
    counter, relieved = day_steps.relieve(counter)
    if clearance.clean:
        counter, sealed = _after_interruption(counter, visit)
        return counter, (cleared, *relieved, *sealed)
    missing = ", ".join(sorted({proof.area.value for proof in clearance.missing})) or "no proof at all"
    counter, sealed = seal_steps.seal(counter, SealReason.NOT_CLEARED, missing)
    return counter, (cleared, *relieved, *sealed)


def _after_interruption(counter: Counter, visit: Visit | None) -> Step:
    """What was left half done at a portal is a leader's to look at, however clean the browser is."""
    if visit is None or visit.interruption is None or counter.seal is not None:
        return counter, ()
    return seal_steps.seal(counter, SealReason.INTERRUPTED, visit.interruption.value)


def _card_returned(counter: Counter) -> tuple[tuple[str, str], ...]:
    """What the reader says of the card, where the visit required one."""
    required = counter.visit is not None and counter.visit.card is not None
    return (("card_reader", counter.reader.value),) if required else ()


def _proofs(event: HandoverEnded) -> tuple[tuple[str, str], ...]:
    proofs = event.clearance.proofs
    named = ((f"{proof.area.value}:{proof.portal or proof.place or 'browser'}", proof) for proof in proofs)
    found = ((name, f"{proof.finding.value}: {proof.detail}".removesuffix(": ")) for name, proof in named)
    assured = ((f"assurance:{portal}", assurance.value) for portal, assurance in event.clearance.assurances)
    downloads = (("downloads", str(event.clearance.downloads)),) if event.clearance.downloads else ()
    return (*found, *assured, *downloads)


def _held(counter: Counter, event: SubmissionHeld, terms: AllTerms) -> Step:
    if event.submission.id in counter.waiting:
        raise _illegal(counter, event)  # it would get two answers
    return submission_steps.held(counter, event, terms)


# What is declined and what is ignored


def _decline(refusal: Refusal) -> Handler:
    return lambda counter, _event, _terms: (counter, (Decline(refusal=refusal),))


def _ignore(counter: Counter, _event: Event, _terms: AllTerms) -> Step:
    return counter, ()


_ALWAYS: dict[type[Event], Handler] = {
    SubmissionHeld: _held,
    SubmissionWithdrawn: submission_steps.withdrawn,
    DeadlinePassed: submission_steps.deadline_passed,
    UnforeseenFault: seal_steps.fault,
    CardSeen: checklist_steps.card_seen,
    CardGone: checklist_steps.card_gone,
    ChecklistConfirmed: checklist_steps.confirmed,
    InputSeen: idle_steps.input_seen,
    IdleTimerRang: _idle_timer_rang,
    StillServing: idle_steps.still_serving,
    Resumed: wake_steps.resumed,
    VisitWithoutGuard: day_steps.without_guard,
    StaffChanged: day_steps.staff_changed,
    DayBegan: day_steps.day_began,
    StopMarked: day_steps.marked,
    PinRefused: day_steps.pin_refused,
}

# Late reports of the sentinel, of pages and of browsers reach every phase; they are ignored by name, not by default.
_WITHOUT_A_VISIT: dict[type[Event], Handler] = _ALWAYS | {
    BrowserLost: _ignore,
    HolderSighted: _ignore,
    HolderMayHaveChanged: _ignore,
    ReleaseAnswered: _ignore,
    AlarmTextSeen: _ignore,
    CardGracePassed: _ignore,
    OpenRequested: _decline(Refusal.NOT_READY),
    EndRequested: _decline(Refusal.NO_VISIT_OPEN),
    Confirmed: _decline(Refusal.NO_VISIT_OPEN),
    AnswersDiffered: _decline(Refusal.NO_VISIT_OPEN),
    Bound: _decline(Refusal.NO_VISIT_OPEN),
    CardAnswered: _decline(Refusal.NO_VISIT_OPEN),
    ReadBack: _decline(Refusal.NO_VISIT_OPEN),
    ValueApproved: _decline(Refusal.NO_VISIT_OPEN),
    LiftRequested: seal_steps.no_lift_yet,
}

_TABLE: dict[Phase, dict[type[Event], Handler]] = {
    Phase.STARTING: _WITHOUT_A_VISIT | {BrowserReady: _browser_ready},
    Phase.READY: _WITHOUT_A_VISIT
    | {
        BrowserLost: _browser_lost_before_visit,
        OpenRequested: _open,
        LiftRequested: seal_steps.lift,
    },
    Phase.SERVING: _ALWAYS
    | {
        BrowserLost: _browser_lost_in_visit,
        HolderSighted: submission_steps.sighted,
        HolderMayHaveChanged: submission_steps.holder_may_have_changed,
        ReleaseAnswered: submission_steps.release_answered,
        AlarmTextSeen: submission_steps.alarm,
        OpenRequested: _decline(Refusal.VISIT_ALREADY_OPEN),
        EndRequested: _end,
        Confirmed: confirmation_steps.confirmed,
        AnswersDiffered: confirmation_steps.differed,
        Bound: binding_steps.bound,
        LiftRequested: seal_steps.no_lift_yet,
        CardGracePassed: _card_grace_passed,
        CardAnswered: card_steps.answered,
        ReadBack: read_back_steps.read_back,
        ValueApproved: read_back_steps.approve,
    },
    Phase.CLOSING: _WITHOUT_A_VISIT
    | {
        HandoverEnded: _handover_ended,
        HolderSighted: submission_steps.sighted_while_closing,
    },
}
