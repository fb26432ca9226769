"""What the machine does about submissions and the sightings that decide them; used by the machine's table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import answer, answer_or_ask, decide, record, void, withdraw
from guard.core.checks import judge, needs_sighting, not_read_back, too_late
from guard.core.commands import Command, Kind, LookAt, SetDeadline
from guard.core.read_back import only_unread, turn_of, waits_for_sighting
from guard.core.submission import RequestClass
from guard.core.view import AlarmView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter
    from guard.core.events import (
        AlarmTextSeen,
        DeadlinePassed,
        HolderMayHaveChanged,
        HolderSighted,
        ReleaseAnswered,
        SubmissionHeld,
        SubmissionWithdrawn,
    )
    from guard.core.identity import Sighting
    from guard.core.submission import Submission
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]
_NOTHING: tuple[Command, ...] = ()


def held(counter: Counter, event: SubmissionHeld, terms: Mapping[str, Terms]) -> Step:
    """Answer a submission at once where that can be done, or look at the portal for it."""
    submission, its_terms = event.submission, terms.get(event.submission.jar.portal)
    counter = _remember_session(counter, submission.session, submission.generation)
    if its_terms is None or not needs_sighting(submission, counter, its_terms):
        return answer(counter, submission, judge(submission, counter, its_terms), terms)
    sighting = _reusable(counter, submission, its_terms)
    verdict = judge(submission, counter, its_terms, sighting)
    if sighting is not None and (verdict.passed or only_unread(verdict)):
        return answer_or_ask(counter, submission, verdict, terms, sighting)
    # A reused sighting may release but never stop: a stop is always live, because false stops get clicked away.
    counter = replace(counter, waiting={**counter.waiting, submission.id: submission})
    look = LookAt(jar=submission.jar, generation=counter.generation)
    return counter, (look, SetDeadline(submission_id=submission.id, seconds=its_terms.deadline))


def _reusable(counter: Counter, submission: Submission, terms: Terms) -> Sighting | None:
    """The jar's sighting, if the submission may be released on it without asking the portal again."""
    sighting = counter.sightings.get(submission.jar)
    if sighting is None or submission.jar in counter.voided or submission.request_class is RequestClass.LOGIN:
        return None
    fresh = submission.held_at - sighting.taken_at <= terms.max_age
    same = sighting.session == submission.session and sighting.generation == submission.generation
    return sighting if fresh and same else None


def release_answered(counter: Counter, event: ReleaseAnswered, terms: Mapping[str, Terms]) -> Step:
    """Whoever was seen while the request was on its way may have been seen before it took effect."""
    if event.submission.generation != counter.generation:
        return counter, ()
    return void(counter, event.submission, event.at, terms), ()


def sighted(counter: Counter, event: HolderSighted, terms: Mapping[str, Terms]) -> Step:
    """Take a sighting, decide what waits for it, and look again for whoever it comes too early for."""
    sighting, answers = event.sighting, _NOTHING
    if sighting.generation != counter.generation or sighting.jar.portal not in terms:
        return counter, ()
    counter = _remember_session(counter, sighting.session, sighting.generation)
    if _is_news(counter, sighting):
        counter = _store(counter, sighting)
        counter, answers = decide(counter, sighting, terms)
    if any(held.jar == sighting.jar and waits_for_sighting(counter, held) for held in counter.waiting.values()):
        # Asked before they were held, or before a login went out: only another look can decide them.
        answers += (LookAt(jar=sighting.jar, generation=counter.generation),)
    return counter, answers


def _is_news(counter: Counter, sighting: Sighting) -> bool:
    """False if the portal was asked before the sighting that we have, or before the holder may have changed."""
    last = counter.sightings.get(sighting.jar)
    overtaken = last is not None and sighting.taken_at < last.taken_at
    since = max(counter.awake_since, counter.voided.get(sighting.jar, sighting.taken_at))
    return not overtaken and sighting.taken_at >= since


def _store(counter: Counter, sighting: Sighting) -> Counter:
    voided = {jar: since for jar, since in counter.voided.items() if jar != sighting.jar}
    return replace(counter, sightings={**counter.sightings, sighting.jar: sighting}, voided=voided)


def sighted_while_closing(counter: Counter, event: HolderSighted, _terms: Mapping[str, Terms]) -> Step:
    """A sighting decides nothing any more, but a session key that it names is a leftover of this visit."""
    return _remember_session(counter, event.sighting.session, event.sighting.generation), ()


def _remember_session(counter: Counter, session: str | None, generation: int) -> Counter:
    """Count a session key as born in this visit, unless an earlier one knew it."""
    visit = counter.visit
    if visit is None or session is None or generation != counter.generation:
        return counter
    if session in visit.sessions or session in counter.earlier_sessions:
        return counter
    return replace(counter, visit=replace(visit, sessions=visit.sessions | {session}))


def holder_may_have_changed(counter: Counter, event: HolderMayHaveChanged, terms: Mapping[str, Terms]) -> Step:
    """Look ahead of need, unless what was seen is fresh."""
    its_terms, sighting = terms.get(event.jar.portal), counter.sightings.get(event.jar)
    if its_terms is None or event.generation != counter.generation:
        return counter, ()
    # Half of max_age, so that a submission soon after still finds it fresh.
    good_from = event.at - its_terms.max_age / 2
    fresh = sighting is not None and event.jar not in counter.voided and sighting.taken_at >= good_from
    if fresh and sighting is not None and event.session in {None, sighting.session}:
        return counter, ()
    return counter, (LookAt(jar=event.jar, generation=counter.generation),)


def withdrawn(counter: Counter, event: SubmissionWithdrawn, _terms: Mapping[str, Terms]) -> Step:
    """Forget a submission whose page went away, or say that its answer came too late for it."""
    if event.submission_id in counter.waiting:
        return withdraw(counter, (event.submission_id,))
    # It vanished while its answer was on the way: the entry of the answer needs this one beside it.
    late = (("submission", event.submission_id), ("after_answer", "yes"))
    return counter, (record(counter, Kind.WITHDRAWN, *late),)


def deadline_passed(counter: Counter, event: DeadlinePassed, terms: Mapping[str, Terms]) -> Step:
    """Stop what has waited for as long as it may."""
    submission = counter.waiting.get(event.submission_id)
    if submission is None or event.turn != turn_of(counter, submission).number:
        return counter, ()
    stopped = too_late if waits_for_sighting(counter, submission) else not_read_back
    return answer(counter, submission, stopped(submission), terms)


def alarm(counter: Counter, event: AlarmTextSeen, _terms: Mapping[str, Terms]) -> Step:
    """Show an alarm text once."""
    alarm = AlarmView(portal=event.portal, text=event.text)
    if counter.visit is None or event.generation != counter.generation or alarm in counter.visit.alarms:
        return counter, ()
    counter = replace(counter, visit=replace(counter.visit, alarms=(*counter.visit.alarms, alarm)))
    return counter, (record(counter, Kind.ALARM, ("portal", event.portal), ("text", event.text)),)
