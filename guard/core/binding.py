"""A visit that was opened without data: whoever logs in first says who they are, and is its citizen from then on.

Until then nothing is submitted. Afterwards the visit is as one that reception typed, with what the portal said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guard.core.commands import Refusal
from guard.core.confirmation import Questions, about_holder, by_portal, exhausted
from guard.core.folding import fold, hidden
from guard.core.household import compare
from guard.core.identity import Citizen, Known
from guard.core.names import Agreement
from guard.core.terms import Assurance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.core.counter import Counter, Visit
    from guard.core.identity import Identity, Jar, Sighting
    from guard.core.terms import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Bond:
    """Where the citizen of a visit was first seen."""

    portal: str
    subject_id: str | None
    """Number of the citizen at that portal, and at no other: portals count their people each in their own way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who is logged in, and could be the citizen of an unbound visit."""

    jar: Jar
    identity: Identity
    questions: Questions


def citizen_of(identity: Identity, reading: str | None) -> Citizen | None:
    """The citizen whom a portal describes, with the reading that they typed; None if it shows no whole name."""
    name = identity.name or identity.kana or ""
    if not fold(name) or any(map(hidden, fold(name))):
        return None
    return Citizen(name=name, birth_date=identity.birth_date, kana=identity.kana or reading)


def citizen_at(visit: Visit, portal: str) -> Citizen | None:
    """The citizen of a visit as this portal must show them; None before the visit is bound."""
    if visit.citizen is None or visit.bond is None or visit.bond.portal != portal:
        return visit.citizen
    return replace(visit.citizen, subject_id=visit.bond.subject_id)


def candidate(counter: Counter, terms: Mapping[str, Terms]) -> Candidate | Refusal | None:
    """Who could be bound now, asked where the portal tells most; or why nobody can, or None while nobody is there.

    A session that an earlier visit knew binds nobody, nor do two windows that show different people.
    """
    visit = counter.visit
    if visit is None or visit.citizen is not None:
        return None
    named = _named(counter)
    if any(one.session in counter.earlier_sessions for one, _ in named):
        return Refusal.LEFTOVER_LOGIN
    people = [citizen for _, shown in named if (citizen := citizen_of(shown, None)) is not None]
    if any(compare(citizen, shown) is Agreement.MISMATCH for citizen in people for _, shown in named):
        return Refusal.TWO_PEOPLE
    fit = [_candidate(visit, one, shown) for one, shown in named if _fits(visit, one, shown, terms)]
    return max(fit, key=_told_by_portal, default=None)


def _named(counter: Counter) -> list[tuple[Sighting, Identity]]:
    """Whoever any portal names now; what was seen before a login does not count."""
    current = (one for jar, one in counter.sightings.items() if jar not in counter.voided)
    return [(one, one.holder.identity) for one in current if isinstance(one.holder, Known) and one.holder.identity]


def _fits(visit: Visit, one: Sighting, shown: Identity, terms: Mapping[str, Terms]) -> bool:
    its_terms = terms.get(one.jar.portal)
    by_name = its_terms is not None and its_terms.assurance is Assurance.IDENTITY
    return by_name and citizen_of(shown, None) is not None and one.session in visit.sessions


def _candidate(visit: Visit, one: Sighting, shown: Identity) -> Candidate:
    questions = about_holder(shown)
    questions = replace(questions, by_leader=questions.by_leader or exhausted(visit, shown))
    return Candidate(jar=one.jar, identity=shown, questions=questions)


def _told_by_portal(found: Candidate) -> int:
    return sum(by_portal((question,)) for question in found.questions.asked)
