"""The properties have teeth: each fault seeded here on purpose breaks a promise within one run.

A mutant is a name and a patch of one private part of the core. A property test that lets one live proves nothing
about the real machine, so this file fails then. Fixed seeds: the same days every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from guard.core import (
    answers,
    binding,
    binding_steps,
    card_steps,
    checklist,
    checklist_steps,
    checks,
    confirmation_steps,
    idle,
    idle_steps,
    machine,
    payload,
    read_back,
    read_back_steps,
    seal_steps,
    submission_steps,
    wake_steps,
)
from guard.core import events as e
from guard.core.card import Reader
from guard.core.checklist import Checklist, Item
from guard.core.commands import LookAt
from guard.core.counter import Counter, Seal
from guard.core.names import Agreement
from guard.core.submission import RequestClass
from guard.core.verdict import CheckName, CheckResult, Reason, Verdict
from guard.core.view import Phase as CounterPhase
from guard.core.view import SealReason
from tests.property.days import HostileDay, LegalDay
from tests.property.oracle import BrokenPromise

pytestmark = pytest.mark.all_day  # `make mutants` plays them

_SETTINGS = settings(
    max_examples=900,  # the slowest mutant needs about a third of it; the others end at their first broken promise
    stateful_step_count=40,
    deadline=None,  # shared test machines stall
    derandomize=True,  # a mutant that is killed today must be killed tomorrow
    database=None,
    phases=(Phase.generate,),  # the kill counts, not the smallest example of it
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

Patch = pytest.MonkeyPatch
READY, SERVING, CLOSING = CounterPhase.READY, CounterPhase.SERVING, CounterPhase.CLOSING


def _passing(check: CheckName) -> Callable[..., CheckResult]:
    return lambda *_args: CheckResult(check=check)


def _every_verdict(patch: Patch, reason: Reason | None) -> None:
    def judge(submission: Any, *_rest: Any) -> Verdict:
        return Verdict(submission_id=submission.id, checks=(CheckResult(check=CheckName.VISIT, reason=reason),))

    patch.setattr(machine, "judge", judge)
    patch.setattr(submission_steps, "judge", judge)
    patch.setattr(answers, "judge", judge)


Wrapping = Callable[[machine.Handler], machine.Handler]


def _handler(patch: Patch, phase: CounterPhase, event: type[e.Event], wrapped: Wrapping) -> None:
    patch.setitem(machine._TABLE[phase], event, wrapped(machine._TABLE[phase].get(event, machine._ignore)))


def always_passes(patch: Patch) -> None:
    _every_verdict(patch, None)


def always_stops(patch: Patch) -> None:
    _every_verdict(patch, Reason.UNFORESEEN)


def skips_identity(patch: Patch) -> None:
    patch.setattr(checks, "identity", _passing(CheckName.IDENTITY))


def skips_identity_before_login(patch: Patch) -> None:
    patch.setattr(checks, "identity_before_login", _passing(CheckName.IDENTITY))


def skips_same_session(patch: Patch) -> None:
    patch.setattr(checks, "same_session", _passing(CheckName.SAME_SESSION))


def skips_provenance(patch: Patch) -> None:
    patch.setattr(checks, "provenance", _passing(CheckName.PROVENANCE))


def takes_every_variant_as_confirmed(patch: Patch) -> None:
    patch.setattr(checks, "confirmed", lambda *_args: True)


def takes_the_ticket_for_a_proof(patch: Patch) -> None:
    patch.setattr(confirmation_steps, "by_portal", bool)


def lets_staff_guess_for_ever(patch: Patch) -> None:
    patch.setattr(confirmation_steps, "exhausted", lambda *_args: False)


def binds_without_an_answer_of_the_portal(patch: Patch) -> None:
    patch.setattr(binding_steps, "by_portal", bool)


def binds_after_any_number_of_guesses(patch: Patch) -> None:
    patch.setattr(binding_steps, "exhausted", lambda *_args: False)


def binds_one_of_two_people(patch: Patch) -> None:
    patch.setattr(binding, "compare", lambda *_args: Agreement.MATCH)


def binds_whoever_logged_in_before(patch: Patch) -> None:
    real = binding._named
    patch.setattr(binding, "_named", lambda counter: real(replace(counter, voided={})))


def binds_a_leftover(patch: Patch) -> None:
    def candidate(counter: Counter, terms: Any) -> Any:
        visit = counter.visit
        if visit is not None:
            visit = replace(visit, sessions=visit.sessions | counter.earlier_sessions)
        return binding.candidate(replace(counter, visit=visit, earlier_sessions=frozenset()), terms)

    patch.setattr(binding_steps, "candidate", candidate)


def binds_a_second_time(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def binding_again(counter: Counter, event: Any, terms: Any) -> machine.Step:
            visit = counter.visit
            unbound = None if visit is None else replace(visit, citizen=None)
            return handler(replace(counter, visit=unbound), event, terms)

        return binding_again

    _handler(patch, SERVING, e.Bound, wrapped)


def takes_the_first_login_for_the_citizen(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def trusting(counter: Counter, event: Any, terms: Any) -> machine.Step:
            found = binding.candidate(counter, terms)
            visit = counter.visit
            if visit is not None and isinstance(found, binding.Candidate):
                visit = replace(visit, citizen=binding.citizen_of(found.identity, None))
            return handler(replace(counter, visit=visit), event, terms)

        return trusting

    _handler(patch, SERVING, e.SubmissionHeld, wrapped)


def lets_an_unbound_visit_log_in_over_anybody(patch: Patch) -> None:
    real = checks.identity_before_login

    def identity(visit: Any, *rest: Any) -> CheckResult:
        return CheckResult(check=CheckName.IDENTITY) if visit.citizen is None else real(visit, *rest)

    patch.setattr(checks, "identity_before_login", identity)


def forgets_session_keys(patch: Patch) -> None:
    patch.setattr(submission_steps, "_remember_session", lambda counter, *_rest: counter)


def reuses_a_stale_sighting(patch: Patch) -> None:
    fresh = submission_steps._reusable

    def reusable(counter: Counter, submission: Any, terms: Any) -> Any:
        return fresh(counter, submission, replace(terms, max_age=3600.0))

    patch.setattr(submission_steps, "_reusable", reusable)


def reuses_a_sighting_for_a_login(patch: Patch) -> None:
    def reusable(counter: Counter, submission: Any, _terms: Any) -> Any:
        return counter.sightings.get(submission.jar)

    patch.setattr(submission_steps, "_reusable", reusable)


def forgets_that_a_login_takes_time(patch: Patch) -> None:
    _handler(patch, SERVING, e.ReleaseAnswered, lambda _: machine._ignore)


def believes_an_older_generation(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def believing(counter: Counter, event: e.HolderSighted, terms: Any) -> machine.Step:
            sighting = replace(event.sighting, generation=counter.generation)
            return handler(counter, e.HolderSighted(sighting=sighting), terms)

        return believing

    _handler(patch, SERVING, e.HolderSighted, wrapped)


def serves_an_older_browser(patch: Patch) -> None:
    real = checks._no_open_visit
    patch.setattr(
        checks,
        "_no_open_visit",
        lambda submission, counter: real(replace(submission, generation=counter.generation), counter),
    )


def decides_by_a_sighting_from_before_the_hold(patch: Patch) -> None:
    patch.setattr(answers, "_decides", lambda sighting, held, _turn: sighting.jar == held.jar)


def believes_an_overtaken_sighting(patch: Patch) -> None:
    patch.setattr(submission_steps, "_is_news", lambda *_args: True)


def _forgets_to_void_after(patch: Patch, request_class: RequestClass) -> None:
    real = answers._after_release

    def after(counter: Counter, submission: Any, *rest: Any) -> Counter:
        new = real(counter, submission, *rest)
        return replace(new, voided=counter.voided) if submission.request_class is request_class else new

    patch.setattr(answers, "_after_release", after)


def forgets_to_void_after_login(patch: Patch) -> None:
    _forgets_to_void_after(patch, RequestClass.LOGIN)


def forgets_to_void_after_logout(patch: Patch) -> None:
    _forgets_to_void_after(patch, RequestClass.LOGOUT)


def forgets_to_void_after_submission(patch: Patch) -> None:
    _forgets_to_void_after(patch, RequestClass.SUBMISSION)


def keeps_confirmations_beyond_a_login(patch: Patch) -> None:
    real = answers._after_holder_change
    patch.setattr(
        answers,
        "_after_holder_change",
        lambda visit, *rest: replace(real(visit, *rest), confirmations=visit.confirmations),
    )


def opens_while_sealed(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def opening(counter: Counter, event: Any, terms: Any) -> machine.Step:
            after, out = handler(replace(counter, seal=None), event, terms)
            return replace(after, seal=counter.seal), out

        return opening

    _handler(patch, READY, e.OpenRequested, wrapped)


def opens_before_clearance(patch: Patch) -> None:
    _handler(patch, CLOSING, e.OpenRequested, lambda _handler: machine._open)


def releases_while_sealed(patch: Patch) -> None:
    real = checks._no_open_visit
    patch.setattr(checks, "_no_open_visit", lambda submission, counter: real(submission, replace(counter, seal=None)))


def releases_while_closing(patch: Patch) -> None:
    real = checks._no_open_visit
    patch.setattr(checks, "_no_open_visit", lambda held, counter: real(held, replace(counter, phase=SERVING)))


def answers_twice(patch: Patch) -> None:
    patch.setattr(answers, "_forget", lambda counter, _id: counter)


def forgets_who_waits_at_the_end(patch: Patch) -> None:
    patch.setattr(machine, "stop_waiting", lambda counter, *_rest: (counter, ()))


def drops_who_waits_unanswered(patch: Patch) -> None:
    patch.setattr(machine, "stop_waiting", lambda counter, *_rest: (replace(counter, waiting={}), ()))


def ignores_deadlines(patch: Patch) -> None:
    _handler(patch, SERVING, e.DeadlinePassed, lambda _handler: machine._ignore)


def waits_without_asking(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def silent(counter: Counter, event: Any, terms: Any) -> machine.Step:
            after, out = handler(counter, event, terms)
            return after, tuple(one for one in out if not isinstance(one, LookAt))

        return silent

    _handler(patch, SERVING, e.SubmissionHeld, wrapped)


def _entries(patch: Patch, order: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> None:
    real = answers.answer

    def answer(*args: Any) -> answers.Step:
        after, out = real(*args)
        return after, order(out)

    patch.setattr(answers, "answer", answer)
    patch.setattr(submission_steps, "answer", answer)


def releases_before_the_record(patch: Patch) -> None:
    _entries(patch, lambda out: out[::-1])


def releases_without_a_record(patch: Patch) -> None:
    _entries(patch, lambda out: out[1:])


def does_not_seal_after_a_fault(patch: Patch) -> None:
    patch.setattr(seal_steps, "seal", lambda counter, *_rest: (counter, ()))


def loses_the_seal_at_the_handover(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        return lambda counter, event, terms: handler(replace(counter, seal=None), event, terms)

    _handler(patch, CLOSING, e.HandoverEnded, wrapped)


def forgets_an_interruption(patch: Patch) -> None:
    patch.setattr(machine, "_after_interruption", lambda counter, _visit: (counter, ()))


def forgets_what_staff_say_of_a_stop(patch: Patch) -> None:
    _handler(patch, SERVING, e.StopMarked, lambda _: machine._ignore)


def forgets_a_pin_tried_in_vain(patch: Patch) -> None:
    _handler(patch, SERVING, e.PinRefused, lambda _: machine._ignore)


def lifts_while_serving(patch: Patch) -> None:
    _handler(patch, SERVING, e.LiftRequested, lambda _handler: seal_steps.lift)


def seals_when_a_user_navigates_away(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def sealing(counter: Counter, event: Any, terms: Any) -> machine.Step:
            after, out = handler(counter, event, terms)
            return replace(after, seal=Seal(reason=SealReason.UNFORESEEN)), out

        return sealing

    _handler(patch, SERVING, e.SubmissionWithdrawn, wrapped)


def skips_the_card(patch: Patch) -> None:
    patch.setattr(checks, "card", _passing(CheckName.CARD))


def takes_any_card_that_comes_back(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def trusting(counter: Counter, event: Any, terms: Any) -> machine.Step:
            after, out = handler(counter, event, terms)
            visit = after.visit
            if visit is None or visit.card is None:
                return after, out
            return replace(after, visit=replace(visit, card=replace(visit.card, gone=None))), out

        return trusting

    _handler(patch, SERVING, e.CardSeen, wrapped)


def takes_a_card_left_behind(patch: Patch) -> None:
    patch.setattr(card_steps, "left_behind", lambda reader: reader)


def forgets_a_card_left_behind_when_the_reader_stumbles(patch: Patch) -> None:
    patch.setattr(card_steps, "_without", lambda _was, _why: Reader.EMPTY)


def lets_wait_what_waits_without_the_card(patch: Patch) -> None:
    patch.setattr(card_steps, "stop_waiting", lambda counter, *_rest: (counter, ()))


def goes_on_after_the_grace(patch: Patch) -> None:
    _handler(patch, SERVING, e.CardGracePassed, lambda _handler: machine._ignore)


def waives_a_card_that_was_seen(patch: Patch) -> None:
    real = card_steps._without_card
    patch.setattr(
        card_steps, "_without_card", lambda counter, visit, card: real(counter, visit, replace(card, seen=False))
    )


def lets_people_tick_what_the_guard_must_prove(patch: Patch) -> None:
    real = checklist.due

    def due(counter: Counter, clearance: Any) -> Checklist | None:
        found = real(counter, clearance)
        return None if found is None else replace(found, proved=frozenset(Item))

    patch.setattr(checklist, "due", due)


def believes_that_a_card_was_returned(patch: Patch) -> None:
    real = checklist.due

    def due(counter: Counter, clearance: Any) -> Checklist | None:
        found = real(counter, clearance)
        return None if found is None else replace(found, card_seen_off=bool(found.card_on_reader), card_on_reader=False)

    patch.setattr(checklist, "due", due)


def forgets_an_open_checklist(patch: Patch) -> None:
    patch.setattr(checklist_steps, "left_open", lambda _counter: ())


def ends_a_visit_unasked(patch: Patch) -> None:
    patch.setattr(idle_steps, "is_over", lambda counter, event: idle_steps._resting(counter, event) is not None)


def ends_a_visit_while_somebody_types(patch: Patch) -> None:
    for phase in CounterPhase:
        _handler(patch, phase, e.InputSeen, lambda _: machine._ignore)


def ends_a_visit_while_something_waits(patch: Patch) -> None:
    real = idle_steps.is_over
    patch.setattr(idle_steps, "is_over", lambda counter, event: real(replace(counter, waiting={}), event))


def never_asks_over_a_half_filled_form(patch: Patch) -> None:
    patch.setattr(idle, "PUT_OFF", 1e9)


def forgets_the_idle_timer(patch: Patch) -> None:
    real = idle_steps.rang
    patch.setattr(idle_steps, "rang", lambda counter, event: (real(counter, event)[0], ()))


def does_not_hear_that_staff_go_on(patch: Patch) -> None:
    for phase in CounterPhase:
        _handler(patch, phase, e.StillServing, lambda _: machine._ignore)


def believes_what_was_seen_before_the_pc_slept(patch: Patch) -> None:
    for phase in CounterPhase:
        _handler(patch, phase, e.Resumed, lambda _: machine._ignore)


def believes_a_look_from_before_the_pc_slept(patch: Patch) -> None:
    real = wake_steps.resumed

    def resumed(counter: Counter, event: e.Resumed, terms: Any) -> machine.Step:
        after, commands = real(counter, event, terms)
        return replace(after, awake_since=counter.awake_since), commands

    for phase in CounterPhase:
        _handler(patch, phase, e.Resumed, lambda _: resumed)


def books_whatever_is_typed(patch: Patch) -> None:
    patch.setattr(checks, "payload", _passing(CheckName.PAYLOAD))


def takes_a_slip_for_the_number(patch: Patch) -> None:
    patch.setattr(read_back_steps, "typed_again", lambda *_args: True)


def takes_the_right_number_for_a_slip(patch: Patch) -> None:
    patch.setattr(read_back_steps, "typed_again", lambda *_args: False)


def takes_any_name_on_an_account(patch: Patch) -> None:
    patch.setattr(payload, "_agreement", lambda *_args: Agreement.VARIANT)


def overlooks_a_field_that_cannot_be_read(patch: Patch) -> None:
    real = payload._wrong
    patch.setattr(payload, "_wrong", lambda carried, *rest: real(replace(carried, readable=True), *rest))


def overlooks_whose_number_it_was(patch: Patch) -> None:
    real = payload._wrong
    patch.setattr(payload, "_wrong", lambda carried, *rest: real(replace(carried, of_another=frozenset()), *rest))


def allows_what_no_leader_allowed(patch: Patch) -> None:
    real = answers._disputed

    def disputed(visit: Any, submission: Any) -> Any:
        object.__setattr__(visit, "approved", submission.payload.of_another)
        return real(visit, submission)

    patch.setattr(answers, "_disputed", disputed)


def forgets_what_a_leader_allowed(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        return lambda counter, event, terms: (counter, handler(counter, event, terms)[1])

    _handler(patch, SERVING, e.ValueApproved, wrapped)


def releases_on_the_look_before_the_read_back(patch: Patch) -> None:
    real = read_back.look_again
    patch.setattr(
        read_back_steps, "look_again", lambda counter, held, _at, terms: real(counter, held, held.held_at, terms)
    )


def looks_again_for_nobody(patch: Patch) -> None:
    real = read_back.look_again
    patch.setattr(read_back_steps, "look_again", lambda *args: (real(*args)[0], real(*args)[1][1:]))


def ends_a_wait_by_an_earlier_deadline(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        def ending(counter: Counter, event: e.DeadlinePassed, terms: Any) -> machine.Step:
            held = counter.waiting.get(event.submission_id)
            turn = 0 if held is None else read_back.turn_of(counter, held).number
            return handler(counter, replace(event, turn=turn), terms)

        return ending

    _handler(patch, SERVING, e.DeadlinePassed, wrapped)


def waits_for_the_citizen_without_end(patch: Patch) -> None:
    def wrapped(handler: machine.Handler) -> machine.Handler:
        return lambda counter, event, terms: (counter, ()) if event.turn == 1 else handler(counter, event, terms)

    _handler(patch, SERVING, e.DeadlinePassed, wrapped)


def stops_what_is_only_unread(patch: Patch) -> None:
    patch.setattr(answers, "only_unread", lambda _verdict: False)


MUTANTS = (
    books_whatever_is_typed,
    takes_a_slip_for_the_number,
    takes_the_right_number_for_a_slip,
    takes_any_name_on_an_account,
    overlooks_a_field_that_cannot_be_read,
    overlooks_whose_number_it_was,
    allows_what_no_leader_allowed,
    forgets_what_a_leader_allowed,
    releases_on_the_look_before_the_read_back,
    looks_again_for_nobody,
    ends_a_wait_by_an_earlier_deadline,
    waits_for_the_citizen_without_end,
    stops_what_is_only_unread,
    believes_what_was_seen_before_the_pc_slept,
    believes_a_look_from_before_the_pc_slept,
    ends_a_visit_unasked,
    ends_a_visit_while_somebody_types,
    ends_a_visit_while_something_waits,
    never_asks_over_a_half_filled_form,
    forgets_the_idle_timer,
    does_not_hear_that_staff_go_on,
    lets_people_tick_what_the_guard_must_prove,
    believes_that_a_card_was_returned,
    forgets_an_open_checklist,
    skips_the_card,
    takes_any_card_that_comes_back,
    takes_a_card_left_behind,
    forgets_a_card_left_behind_when_the_reader_stumbles,
    lets_wait_what_waits_without_the_card,
    goes_on_after_the_grace,
    waives_a_card_that_was_seen,
    always_passes,
    always_stops,
    skips_identity,
    skips_identity_before_login,
    skips_same_session,
    skips_provenance,
    takes_every_variant_as_confirmed,
    takes_the_ticket_for_a_proof,
    lets_staff_guess_for_ever,
    binds_without_an_answer_of_the_portal,
    binds_after_any_number_of_guesses,
    binds_one_of_two_people,
    binds_whoever_logged_in_before,
    binds_a_leftover,
    binds_a_second_time,
    takes_the_first_login_for_the_citizen,
    lets_an_unbound_visit_log_in_over_anybody,
    forgets_session_keys,
    forgets_that_a_login_takes_time,
    reuses_a_stale_sighting,
    reuses_a_sighting_for_a_login,
    believes_an_older_generation,
    serves_an_older_browser,
    decides_by_a_sighting_from_before_the_hold,
    believes_an_overtaken_sighting,
    forgets_to_void_after_login,
    forgets_to_void_after_logout,
    forgets_to_void_after_submission,
    keeps_confirmations_beyond_a_login,
    opens_while_sealed,
    opens_before_clearance,
    releases_while_sealed,
    releases_while_closing,
    answers_twice,
    forgets_who_waits_at_the_end,
    drops_who_waits_unanswered,
    ignores_deadlines,
    waits_without_asking,
    releases_before_the_record,
    releases_without_a_record,
    does_not_seal_after_a_fault,
    loses_the_seal_at_the_handover,
    forgets_an_interruption,
    forgets_what_staff_say_of_a_stop,
    forgets_a_pin_tried_in_vain,
    lifts_while_serving,
    seals_when_a_user_navigates_away,
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_seeded_fault_breaks_a_promise(mutant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """An ordinary day finds it; the oracle names the broken promise."""
    mutant(monkeypatch)
    with pytest.raises(BrokenPromise):
        run_state_machine_as_test(LegalDay, settings=_SETTINGS)


HOSTILE = (always_passes, skips_identity, answers_twice, does_not_seal_after_a_fault)


@pytest.mark.parametrize("mutant", HOSTILE, ids=lambda mutant: mutant.__name__)
def test_a_hostile_day_finds_faults_as_well(mutant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """The hostile machine is not stuck in its first seal."""
    mutant(monkeypatch)
    with pytest.raises(BrokenPromise):
        run_state_machine_as_test(HostileDay, settings=_SETTINGS)
