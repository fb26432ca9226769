"""What the machine does when a citizen reads a value back, and when a leader allows one; used by its table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guard.core.answers import answer, record
from guard.core.checks import read_back_differs, shown_by
from guard.core.commands import Command, Decline, Kind, Record, Refusal
from guard.core.payload import typed_again, unread
from guard.core.read_back import ask, look_again, turn_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter, Visit
    from guard.core.events import ReadBack, ValueApproved
    from guard.core.payload import Value
    from guard.core.submission import Submission
    from guard.core.terms import Terms

Step = tuple["Counter", tuple[Command, ...]]


def read_back(counter: Counter, event: ReadBack, terms: Mapping[str, Terms]) -> Step:
    """Take what the citizen typed: the same moves the submission on, anything else stops it, to be tried again."""
    visit, submission = counter.visit, counter.waiting.get(event.submission_id)
    asked = None if submission is None else turn_of(counter, submission).value
    if visit is None or submission is None or asked is None:
        return counter, (Decline(refusal=Refusal.NOTHING_TO_READ_BACK),)
    if not typed_again(asked, event.typed):
        entry = _told(counter, submission, asked, agrees="no")
        counter, stopped = answer(counter, submission, read_back_differs(submission), terms)
        return counter, (entry, *stopped)
    entry = _told(counter, submission, asked, agrees="yes")
    known = replace(visit, read_back=visit.read_back | {asked})
    counter, moved = _move_on(replace(counter, visit=known), known, asked, event.at, terms)
    return counter, (entry, *moved)


def _told(counter: Counter, submission: Submission, value: Value, agrees: str) -> Record:
    facts = (("submission", submission.id), ("portal", submission.jar.portal), ("value", value.kind.value))
    return record(counter, Kind.READ_BACK, *facts, ("agrees", agrees))


def _move_on(counter: Counter, visit: Visit, value: Value, at: float, terms: Mapping[str, Terms]) -> Step:
    """Ask for the next value, or look again, wherever this one was waited for: it is read back once."""
    commands: tuple[Command, ...] = ()
    for submission in tuple(counter.waiting.values()):
        if turn_of(counter, submission).value != value:
            continue
        coming = unread(submission.payload, visit, shown_by(counter.sightings.get(submission.jar)))
        its_terms = terms[submission.jar.portal]
        if coming is None:
            counter, following = look_again(counter, submission, at, its_terms)
        else:
            counter, following = ask(counter, submission, coming, its_terms)
        commands += following
    return counter, commands


def approve(counter: Counter, event: ValueApproved, _terms: Mapping[str, Terms]) -> Step:
    """Let the values of one stop through in this visit, on the word of a leader; the form is sent again."""
    visit = counter.visit
    disputed = () if visit is None else tuple(one for one in visit.disputes if one.submission_id == event.submission_id)
    if visit is None or not disputed:
        return counter, (Decline(refusal=Refusal.NOTHING_TO_APPROVE),)
    if counter.seal is not None:
        return counter, (Decline(refusal=Refusal.COUNTER_SEALED),)
    values = frozenset(one.value for one in disputed)
    left = tuple(one for one in visit.disputes if one.value not in values)
    counter = replace(counter, visit=replace(visit, approved=visit.approved | values, disputes=left))
    facts = (("submission", event.submission_id), ("portal", disputed[0].portal), ("leader", event.leader))
    proved = ("pin", "right" if event.by_pin else "not_asked")
    return counter, (record(counter, Kind.VALUE_APPROVED, *facts, proved),)
