"""Short hands for the tests of the core: a counter that is fed events, with the people of one invented family."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from guard.core import machine
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.commands import Command, Kind, Record
from guard.core.confirmation import Personal, Question, Source
from guard.core.counter import Counter
from guard.core.events import BrowserReady, Event, HolderSighted, OpenRequested, SubmissionHeld
from guard.core.identity import Citizen, Holder, Identity, Jar, Known, Nobody, Obscurity, Sighting, Unclear
from guard.core.submission import Channel, RequestClass, Submission
from guard.core.terms import Assurance, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

TERMS: Mapping[str, Terms] = {
    "point": Terms(assurance=Assurance.IDENTITY, max_age=5.0, deadline=8.0),
    "nameless": Terms(assurance=Assurance.PROVENANCE, max_age=5.0, deadline=8.0),
}
POINT, NAMELESS = Jar(portal="point", context="window"), Jar(portal="nameless", context="window")
TANAKA = Citizen(name="髙田 未央", birth_date=date(1980, 4, 1))
MATCH = Known(identity=Identity(name="髙田　未央"))
VARIANT = Known(identity=Identity(name="高田 未央"))
SISTER = Known(identity=Identity(name="髙田 末央"))
MASKED = Known(identity=Identity(name="髙田 ●●"))
NOBODY = Nobody()
SOMEBODY = Known(identity=None)
GARBLED = Unclear(why=Obscurity.NOT_UNDERSTOOD)
DOWN = Unclear(why=Obscurity.UNREACHABLE)

BY_PORTAL = (Question(item=Personal.BIRTH_DATE, source=Source.PORTAL),)
BY_RECEPTION = (Question(item=Personal.BIRTH_DATE, source=Source.RECEPTION),)
"""What was asked and answered right in a typed confirmation."""

C = TypeVar("C", bound=Command)


def submission(
    request_class: RequestClass = RequestClass.SUBMISSION,
    *,
    jar: Jar = POINT,
    session: str | None = "s1",
    at: float = 10.0,
    generation: int = 1,
    name: str = "r1",
) -> Submission:
    return Submission(
        id=name,
        jar=jar,
        request_class=request_class,
        channel=Channel.DOCUMENT,
        method="POST",
        path="/apply/1234567",
        session=session,
        generation=generation,
        held_at=at,
    )


def sighting(
    holder: Holder, *, jar: Jar = POINT, session: str | None = "s1", at: float = 10.0, generation: int = 1
) -> Sighting:
    return Sighting(jar=jar, holder=holder, session=session, generation=generation, taken_at=at)


def held(*args: RequestClass, **kwargs: object) -> SubmissionHeld:
    return SubmissionHeld(submission=submission(*args, **kwargs))  # type: ignore[arg-type]  # passed through to a typed function


def sighted(holder: Holder, **kwargs: object) -> HolderSighted:
    return HolderSighted(sighting=sighting(holder, **kwargs))  # type: ignore[arg-type]  # passed through to a typed function


def clearance(visit_id: str | None = "v1", *, generation: int = 1, clean: bool = True) -> Clearance:
    finding = Finding.PROVED if clean else Finding.NOT_PROVED
    proofs = (
        Proof(area=Area.LOGGED_OUT, finding=finding, portal="point", detail="guest sign"),
        Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED),
    )
    return Clearance(visit_id=visit_id, generation=generation, proofs=proofs)


@dataclass
class Till:
    """A counter under test; `out` holds the commands of the last event."""

    counter: Counter = field(default_factory=Counter)
    out: tuple[Command, ...] = ()

    def feed(self, *happened: Event) -> tuple[Command, ...]:
        for event in happened:
            self.counter, self.out = machine.step(self.counter, event, TERMS)
        return self.out

    def all(self, kind: type[C]) -> list[C]:
        return [command for command in self.out if isinstance(command, kind)]

    def kinds(self) -> list[Kind]:
        return [entry.kind for entry in self.all(Record)]


def serving() -> Till:
    """A counter with an open visit of TANAKA in browser 1."""
    till = Till()
    till.feed(BrowserReady(generation=1), OpenRequested(visit_id="v1", citizen=TANAKA, at=0.0))
    return till
