"""How a held submission gets its one answer, and what that answer changes; used by the machine alone.

Every answer is two commands: the journal entry, then `Release` or `Stop`. They are put together here
and nowhere else, so that nothing is sent without its entry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.checks import judge, shown_by, unforeseen
from guard.core.commands import Command, Kind, Record, Release, Stop
from guard.core.identity import Jar, Known, Unclear
from guard.core.payload import unread
from guard.core.read_back import Dispute, ask, only_unread, turn_of
from guard.core.submission import RequestClass
from guard.core.terms import Assurance
from guard.core.verdict import Reason, Verdict
from guard.core.view import SentView, StopView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from guard.core.counter import Counter, Visit
    from guard.core.identity import Citizen, Sighting
    from guard.core.read_back import Turn
    from guard.core.submission import Submission
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]

_STOPS_SHOWN = 50
"""Stops kept for the pages of staff: a page that polls would fill the memory of a long visit."""
_SENT_SHOWN = 10
"""What was sent is counted in full, and the newest is told one by one."""


def record(counter: Counter, kind: Kind, *facts: tuple[str, str], citizen: Citizen | None = None) -> Record:
    """A journal entry under the visit that is open or closing, if any."""
    visit_id = None if counter.visit is None else counter.visit.id
    return Record(kind=kind, visit_id=visit_id, facts=facts, citizen=citizen)


def proved(*, by_pin: bool) -> tuple[str, str]:
    """Whether a PIN proved the number of who gave their word, for the journal."""
    return "pin", "right" if by_pin else "not_asked"


def answer(
    counter: Counter,
    submission: Submission,
    verdict: Verdict,
    terms: Mapping[str, Terms],
    sighting: Sighting | None = None,
) -> Step:
    """Answer a submission, waiting or just held, and forget it; `sighting` is the one that decided."""
    counter = _forget(counter, submission.id)
    if verdict.passed:
        entry = _sent(_timed(record(counter, Kind.RELEASED, *_facts(submission)), submission), submission, counter)
        counter = _after_release(counter, submission, terms, sighting)
        return counter, (entry, Release(submission=submission, verdict=verdict))
    reason = verdict.reason or Reason.UNFORESEEN
    entry = _timed(record(counter, Kind.STOPPED, *_facts(submission), ("reason", reason.value)), submission)
    counter = _after_stop(counter, submission, reason, sighting)
    return counter, (entry, Stop(submission=submission, verdict=verdict))


def _timed(entry: Record, submission: Submission) -> Record:
    return replace(entry, held_at=submission.held_at)


def _sent(entry: Record, submission: Submission, counter: Counter) -> Record:
    """With whose values they are, by which another visit recognises them."""
    values = () if submission.payload is None else submission.payload.values
    if counter.visit is None or not values:
        return entry
    return replace(entry, citizen=counter.visit.concerned, values=values)


def decide(counter: Counter, sighting: Sighting, terms: Mapping[str, Terms]) -> Step:
    """Answer what waits in the sighting's jar and was held before the portal was asked.

    Logins come last, and one at a time: after it the holder may be another, so that the rest needs a new look.
    """
    commands: tuple[Command, ...] = ()
    ripe = [held for held in counter.waiting.values() if _decides(sighting, held, turn_of(counter, held))]
    for submission in sorted(ripe, key=lambda held: held.request_class is RequestClass.LOGIN):
        verdict = judge(submission, counter, terms.get(submission.jar.portal), sighting)
        counter, answered = answer_or_ask(counter, submission, verdict, terms, sighting)
        commands += answered
        if verdict.passed and submission.request_class is RequestClass.LOGIN:
            break
    return counter, commands


def answer_or_ask(
    counter: Counter, submission: Submission, verdict: Verdict, terms: Mapping[str, Terms], sighting: Sighting
) -> Step:
    """Answer it, or have it wait for the citizen, if a value to be read back is all that is in the way."""
    if only_unread(verdict) and counter.visit is not None:
        value = unread(submission.payload, counter.visit, shown_by(sighting))
        if value is not None:
            return ask(counter, submission, value, terms[submission.jar.portal])
    return answer(counter, submission, verdict, terms, sighting)


def stop_waiting(counter: Counter, verdict_of: Callable[[Submission], Verdict], terms: Mapping[str, Terms]) -> Step:
    """Answer everything that waits."""
    commands: tuple[Command, ...] = ()
    for submission in tuple(counter.waiting.values()):
        counter, answered = answer(counter, submission, verdict_of(submission), terms)
        commands += answered
    return counter, commands


def take_back(counter: Counter, unsent: Iterable[Submission], terms: Mapping[str, Terms]) -> Step:
    """Stop what was to be released and was not sent, and forget what its release had changed."""
    commands: tuple[Command, ...] = ()
    for submission in unsent:
        visit = counter.visit
        if visit is not None and submission.generation == counter.generation:
            counted = submission.request_class is RequestClass.SUBMISSION
            sent = tuple(one for one in visit.sent if one.submission_id != submission.id)
            visit = replace(visit, released=visit.released - counted, sent=sent, logins=visit.logins - {submission.jar})
            counter = replace(counter, visit=visit)
        counter, answered = answer(counter, submission, unforeseen(submission), terms)
        commands += answered
    return counter, commands


def withdraw(counter: Counter, ids: Iterable[str]) -> Step:
    """Forget waiting submissions that vanished; unknown ids were answered already."""
    commands: tuple[Command, ...] = ()
    for submission in [counter.waiting[one] for one in ids if one in counter.waiting]:
        counter = _forget(counter, submission.id)
        commands += (record(counter, Kind.WITHDRAWN, *_facts(submission)),)
    return counter, commands


def _decides(sighting: Sighting, submission: Submission, turn: Turn) -> bool:
    return turn.value is None and submission.jar == sighting.jar and turn.since <= sighting.taken_at


def _forget(counter: Counter, submission_id: str) -> Counter:
    if submission_id not in counter.waiting:
        return counter
    waiting = {key: held for key, held in counter.waiting.items() if key != submission_id}
    turns = {key: turn for key, turn in counter.turns.items() if key != submission_id}
    return replace(counter, waiting=waiting, turns=turns)


def _facts(submission: Submission) -> tuple[tuple[str, str], ...]:
    # The path is left out: portals write numbers of people into it.
    return (
        ("submission", submission.id),
        ("portal", submission.jar.portal),
        ("channel", submission.channel.value),
        ("method", submission.method),
        ("class", submission.request_class.value),
    )


def _after_release(
    counter: Counter, submission: Submission, terms: Mapping[str, Terms], sighting: Sighting | None
) -> Counter:
    """Count it, and void the sightings of holders that it may change."""
    visit = counter.visit
    if visit is None or submission.generation != counter.generation:
        return counter
    since = submission.held_at if sighting is None else max(submission.held_at, sighting.taken_at)
    counter = void(counter, submission, since, terms)
    match submission.request_class:
        case RequestClass.SUBMISSION:
            settled, sent = _settled(visit, submission), (*visit.sent, _shown(submission))[-_SENT_SHOWN:]
            visit = replace(visit, released=visit.released + 1, sent=sent, disputes=settled)
            return replace(counter, visit=visit)
        case RequestClass.LOGIN | RequestClass.LOGOUT:
            return replace(counter, visit=_after_holder_change(visit, submission, terms))
        case RequestClass.HARMLESS | RequestClass.FOREIGN:
            return counter


def _shown(submission: Submission) -> SentView:
    """What people see of a submission that went out."""
    values = () if submission.payload is None else submission.payload.values
    return SentView(
        submission_id=submission.id,
        portal=submission.jar.portal,
        channel=submission.channel,
        fields=tuple((value.kind, value.name) for value in values),
        time=submission.time,
    )


def _settled(visit: Visit, submission: Submission) -> tuple[Dispute, ...]:
    """The disputes that are left when a submission went out: its own number took the place of another person's."""
    sent = () if submission.payload is None else submission.payload.values
    about = {(submission.jar.portal, value.kind) for value in sent}
    return tuple(one for one in visit.disputes if (one.portal, one.value.kind) not in about)


def void(counter: Counter, submission: Submission, since: float, terms: Mapping[str, Terms]) -> Counter:
    """Void the sightings of holders that a request may have changed, if they were taken before `since`."""
    if not submission.may_change_holder:
        return counter
    jars = {submission.jar}  # some pages log in again in the background, by a request that no profile knows
    if submission.request_class in {RequestClass.LOGIN, RequestClass.LOGOUT}:
        jars |= {Jar(portal=portal, context=submission.jar.context) for portal in terms}
    later = {jar: max(since, counter.voided.get(jar, since)) for jar in jars}
    return replace(counter, voided={**counter.voided, **later})


def _after_holder_change(visit: Visit, submission: Submission, terms: Mapping[str, Terms]) -> Visit:
    """Remember the login or logout, and drop what a person confirmed about a nameless holder before it.

    A confirmed name stays confirmed: it is asked for again, letter by letter, whenever the portal shows it.
    """
    jar = submission.jar

    def outlives(confirmed: Jar) -> bool:
        # One login may change several portals; where no name would show that, the confirmation cannot outlive it.
        by_name = confirmed.portal in terms and terms[confirmed.portal].assurance is Assurance.IDENTITY
        return by_name or confirmed.context != jar.context

    login = submission.request_class is RequestClass.LOGIN
    return replace(
        visit,
        logins=visit.logins | {jar} if login else visit.logins - {jar},
        confirmations=frozenset(entry for entry in visit.confirmations if outlives(entry[0])),
    )


def _after_stop(counter: Counter, submission: Submission, reason: Reason, sighting: Sighting | None) -> Counter:
    """Show the stop to staff, if it happened in the browser of the visit."""
    visit = counter.visit
    if visit is None or submission.generation != counter.generation:
        return counter
    holder = None if sighting is None else sighting.holder
    shown = StopView(
        submission_id=submission.id,
        portal=submission.jar.portal,
        reason=reason,
        why=holder.why if isinstance(holder, Unclear) else None,
        holder_name=holder.identity.name if isinstance(holder, Known) and holder.identity else None,
    )
    disputes = _disputed(visit, submission) if reason is Reason.VALUE_OF_ANOTHER else visit.disputes
    return replace(counter, visit=replace(visit, stops=(*visit.stops, shown)[-_STOPS_SHOWN:], disputes=disputes))


def _disputed(visit: Visit, submission: Submission) -> tuple[Dispute, ...]:
    """The newest stop of each value, which a leader may be asked about."""
    of_another = frozenset() if submission.payload is None else submission.payload.of_another - visit.approved
    portal, kept = submission.jar.portal, (one for one in visit.disputes if one.value not in of_another)
    new = (Dispute(submission_id=submission.id, portal=portal, value=value) for value in of_another)
    return (*kept, *new)[-_STOPS_SHOWN:]
