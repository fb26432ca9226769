"""The commonest accident: A leaves still logged in, and B is served in A's session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from playwright.sync_api import Page

    from flows.accidents.counter import Counter
    from flows.accidents.journey import Outcome
    from flows.mock.books import Books
    from flows.people import Resident


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftLoggedIn:
    """A published accident of this family, with the parts that the demo plays one by one.

    The callables work on any sync `Page`, whoever drives it. `first_citizen_leaves` raises if A's own part does not
    run as published; the two others never raise for a page that does not advance, they say so in their outcome.
    """

    id: str
    place: Words
    day: date
    """The day that the report names: of the accident, or of its discovery where the report knows only that."""
    source: str
    """The report it is taken from."""
    what_happens: Words
    portal: str
    """Host of the portal where the wrong booking is made."""
    first: Resident
    """A, who goes home without having been logged out."""
    second: Resident
    """B, who is served next."""
    first_citizen_leaves: Callable[[Page], None]
    """What staff do with A until A goes home, still logged in."""
    second_citizen_is_served: Callable[[Page], Outcome]
    """What staff do with B, taking any session on show for B's; on the guest sign they log B in first."""
    attempt_in_leftover_session: Callable[[Page], Outcome]
    """B's data submitted in the session that is there; never logs in."""
    misattribution: Callable[[Books], str | None]
    """Whose points or account went to whom, in Japanese and English; None if nothing went astray."""
    served_properly: Callable[[Books], bool]
    """Whether B has what B came for, under B's own name, and nothing of A's or B's went astray."""

    @property
    def accident(self) -> Accident:
        """As any other: A's visit, which is interrupted, then B's."""
        return Accident(
            id=self.id,
            name=Words(ja=f"{self.place.ja}, {self.day}", en=f"{self.place.en}, {self.day}"),
            source=self.source,
            what_happens=self.what_happens,
            steps=in_turn(
                self.first,
                self.second,
                leaves=self.first_citizen_leaves,
                served=self.second_citizen_is_served,
            ),
            as_meant=self.served_properly,
            without=Without.ASTRAY,
            promise=Promise.CANNOT_ARISE,
        )


def in_turn(
    first: Resident, second: Resident, *, leaves: Callable[[Page], None], served: Callable[[Page], Outcome]
) -> Callable[[Counter], None]:
    """The first citizen's visit, which is interrupted, then the second one's."""

    def steps(counter: Counter) -> None:
        with counter.visit(first, interrupted=True) as page:
            leaves(page)
        with counter.visit(second) as page:
            served(page)

    return steps
