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
    from flows.mock import Arrival, MockPortals, PointApplication
    from flows.people import Resident
    from guard.blocking import BlockingCounter
    from guard.record.entry import Entry

PUT_TO_PEOPLE = {RequestClass.LOGIN, RequestClass.SUBMISSION}
ON_THE_WAY = ((POINT, "/apply/", RequestClass.SUBMISSION), (IDP, "/authenticate", RequestClass.LOGIN))
"""Host, path and class of the requests that are counted where they leave and where they arrive."""


class SentAgainError(AssertionError):
    """One entry of the journal, and more than one arrival of the same request."""


@dataclass
class Account:
    """One visit, from before it opened; read it when the visit is over and the fault mended."""

    portals: MockPortals
    counter: BlockingCounter
    citizen: Resident
    told: Told = field(default_factory=Told)
    page_said: str = ""
    """Why the citizen came no further, as the page has it."""
    is_all: bool = False
    """Whether all that journal and portals know is of this visit: the counter was started again in its middle."""

    def __post_init__(self) -> None:
        self._entries_before = 0 if self.is_all else len(entries(self.counter))
        self._arrivals_before = 0 if self.is_all else len(self.portals.requests)

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
        self.nothing_astray()
        self._people_were_told()
        self._clean_means_clean()

    def nothing_astray(self) -> None:
        """Raise AssertionError if something was booked for the wrong person or left unjournalled."""
        self._books_are_right()
        self._nothing_left_unjournalled()

    def _books_are_right(self) -> None:
        assert self.portals.books.misattributed() == ()
        for row in self.portals.books.point_applications():
            assert row.applied_by_name == row.holder_name

    def _nothing_left_unjournalled(self) -> None:
        """Nothing that reached a portal lacks its entry, and the chain of entries is whole."""
        for host, path, of_class in ON_THE_WAY:
            assert len(set(self._arrived(host, path))) <= self._released(host, of_class)
        if self.booked:
            assert self.journalled(Kind.RELEASED)
        assert journal_of(self.counter).verify() is None

    def no_entry_for_two(self) -> None:
        """Raise `SentAgainError` if one release reached a portal more than once."""
        for host, path, of_class in ON_THE_WAY:
            arrived, released = self._arrived(host, path), self._released(host, of_class)
            if len(arrived) > released:
                raise SentAgainError([(one.path, one.body_sha256) for one in arrived], released)

    def _arrived(self, host: str, path: str) -> list[Arrival]:
        arrived = self.portals.requests[self._arrivals_before :]
        return [one for one in arrived if (one.method, one.host) == ("POST", host) and one.path.startswith(path)]

    def _released(self, host: str, of_class: RequestClass) -> int:
        wanted = ("POST", host.partition(".")[0], of_class)
        released = (dict(entry.facts) for entry in self.journalled(Kind.RELEASED))
        return sum((facts["method"], facts["portal"], facts["class"]) == wanted for facts in released)

    def _people_were_told(self) -> None:
        """Each stop and the first seal of the journal were on show, with their texts; nothing waits for an answer."""
        assert not waiting(self.counter)
        assert {Reason(reason) for reason in self._stops()} <= self.told.stops
        sealed = [SealReason(reason) for reason in self._facts(Kind.SEALED, "reason")]
        assert set(sealed[:1]) <= self.told.seals  # the one to be looked at first stays on show
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
        said += [self.page_said] if said == ["not sent"] and self.page_said else []
        return ", ".join(said)
