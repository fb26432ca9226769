"""What must hold in every cell of the fault matrix: books, journal and messages of one visit compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.mock import IDP, POINT
from guard.core.commands import Kind
from guard.core.submission import RequestClass
from guard.core.verdict import Reason
from guard.core.view import SealReason
from guard.texts import Language, Texts
from tests.day import entries, journal_of, waiting
from tests.faults.scene import Told

if TYPE_CHECKING:
    from flows.mock import MockPortals, PointApplication
    from flows.people import Resident
    from guard.blocking import BlockingCounter
    from guard.record.entry import Entry

PUT_TO_PEOPLE = {RequestClass.LOGIN, RequestClass.SUBMISSION}


@dataclass
class Account:
    """One visit, from before it opened; read it when the visit is over and the fault mended."""

    portals: MockPortals
    counter: BlockingCounter
    citizen: Resident
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self._entries_before = len(entries(self.counter))
        self._arrivals_before = len(self.portals.requests)

    def journalled(self, *kinds: Kind) -> list[Entry]:
        return [entry for entry in entries(self.counter)[self._entries_before :] if entry.kind in kinds]

    def _facts(self, kind: Kind, fact: str) -> list[str]:
        return [dict(entry.facts)[fact] for entry in self.journalled(kind)]

    @property
    def booked(self) -> list[PointApplication]:
        """What the portal has booked for the citizen."""
        found = self.portals.books.point_applications()
        return [row for row in found if row.holder_subject == self.citizen.subject]

    def check(self) -> None:
        """Raise AssertionError if anything went astray, out unjournalled, or untold."""
        self._books_are_right()
        self._nothing_left_unjournalled()
        self._people_were_told()
        self._clean_means_clean()

    def _books_are_right(self) -> None:
        assert self.portals.books.misattributed() == ()
        for row in self.portals.books.point_applications():
            assert row.applied_by_name == row.holder_name

    def _nothing_left_unjournalled(self) -> None:
        """Nothing that reached a portal lacks its entry, and the chain of entries is whole."""
        arrived = self.portals.requests[self._arrivals_before :]
        for host, path, of_class in ((POINT, "/apply/", "submission"), (IDP, "/authenticate", "login")):
            posts = [one for one in arrived if (one.method, one.host) == ("POST", host) and one.path.startswith(path)]
            released = [
                facts
                for facts in (dict(entry.facts) for entry in self.journalled(Kind.RELEASED))
                if (facts["method"], facts["portal"], facts["class"]) == ("POST", host.partition(".")[0], of_class)
            ]
            assert len(posts) <= len(released), (posts, released)
        if self.booked:
            assert self.journalled(Kind.RELEASED)
        assert journal_of(self.counter).verify() is None

    def _people_were_told(self) -> None:
        """Each stop and each seal of the journal was on show, with its texts; nothing waits for an answer."""
        assert not waiting(self.counter)
        assert {Reason(reason) for reason in self._stops()} <= self.told.stops
        assert {SealReason(reason) for reason in self._facts(Kind.SEALED, "reason")} <= self.told.seals
        for texts in map(Texts, Language):
            advice = [*map(texts.reason, self.told.stops), *map(texts.seal, self.told.seals)]
            assert all(one.failed and one.todo and one.release for one in advice)

    def _stops(self) -> list[str]:
        """Reasons of the stops that a person is waiting for."""
        facts = [dict(entry.facts) for entry in self.journalled(Kind.STOPPED)]
        return [fact["reason"] for fact in facts if fact["class"] in PUT_TO_PEOPLE]

    def _clean_means_clean(self) -> None:
        """A clean clearance is true: no portal knows a session of the citizen any more. Else the counter was sealed."""
        clearance = self.counter.counter.clearance
        assert clearance is not None
        if not clearance.clean:
            assert clearance.missing
            assert self.told.seals
            return
        alive = self.portals._store.all("SELECT host FROM session WHERE subject = ?", self.citizen.subject)
        assert [row["host"] for row in alive] == []

    @property
    def outcome(self) -> str:
        """In one line what became of the visit."""
        said = ["sent" if self.booked else "not sent"]
        said += [f"stopped: {reason}" for reason in sorted(set(self._stops()))]
        said += [f"ended: {ending}" for ending in self._facts(Kind.VISIT_ENDING, "ending") if ending != "done"]
        said += [f"sealed: {reason}" for reason in sorted(self.told.seals)]
        return ", ".join(said)
