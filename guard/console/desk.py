"""What the console may ask of the counter. The supervisor implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from guard.core.card import CardAnswer
    from guard.core.checklist import Confirmer, Item
    from guard.core.commands import Refusal
    from guard.core.confirmation import Answers
    from guard.core.events import Ending
    from guard.core.identity import Citizen
    from guard.core.interruption import Interruption
    from guard.core.offline import Cause, Kept
    from guard.core.staff import Denied
    from guard.core.view import CounterView


class Desk(Protocol):
    """The counter as staff reach it. Every request answers with a refusal, or None when it is carried out.

    A request returns as soon as it is accepted; what follows (a handover, say) shows in the views.
    """

    def view(self) -> CounterView:
        """The counter now."""
        ...

    def subscribe(self) -> AsyncGenerator[CounterView, None]:
        """Yield the present view at once, and a view after each change. A slow reader may miss some, never the last."""
        ...

    def binds_at_login(self) -> bool:
        """Whether visits open without data, and their first login says whose they are."""
        ...

    async def open_visit(
        self, citizen: Citizen | None, acting_for: Citizen | None = None, ticket: str | None = None
    ) -> Refusal | None:
        """Open a visit for this citizen, who may act for somebody else; None only where logins say who it is."""
        ...

    async def bind(self, answers: Answers, staff: str, leader: str = "", pin: str = "") -> Refusal | Denied | None:
        """Make `CounterView.binding` the citizen of the open visit, if the answers are right, or a leader vouches."""
        ...

    async def end(self, ending: Ending, interruption: Interruption | None = None) -> Refusal | None:
        """End the open visit: DONE, DISCARDED, or INTERRUPTED with its reason."""
        ...

    async def card(self, answer: CardAnswer) -> Refusal | None:
        """Take staff's word on the card: the same citizen's again, or a visit without it."""
        ...

    async def enter_visit(self, began: str, ending: Ending, cause: Cause, kept: frozenset[Kept]) -> Refusal | None:
        """Enter a visit of a time when the guard was down."""
        ...

    async def still_serving(self) -> Refusal | None:
        """Take staff's word that the open visit goes on."""
        ...

    def input_seen(self, *, typed: bool | None) -> None:
        """Somebody is at a window of the console; `typed`: a form of it holds text. None from a page beside it."""
        ...

    async def checklist(self, visit_id: str, by: Confirmer, ticked: frozenset[Item]) -> Refusal | None:
        """Take the word of citizen or staff on the checklist of the visit that has just ended."""
        ...

    def asks_pins(self) -> bool:
        """Whether staff are registered, so that a leader's number is worth something with the PIN alone."""
        ...

    async def take_over(self, number: str, pin: str) -> Refusal | Denied | None:
        """Have this member of the staff serve from now on."""
        ...

    async def lift(self, leader: str, pin: str = "") -> Refusal | Denied | None:
        """Open a sealed counter again, on the word of this leader."""
        ...

    async def read_back(self, submission_id: str, typed: str) -> Refusal | None:
        """Take what the citizen typed again from their own paper; what differs stops the submission."""
        ...

    async def approve_value(self, submission_id: str, leader: str, pin: str = "") -> Refusal | Denied | None:
        """Allow, in this visit, what was sent for another person before, on the word of this leader."""
        ...

    async def confirm(
        self, portal: str, answers: Answers, staff: str, leader: str = "", pin: str = ""
    ) -> Refusal | Denied | None:
        """Confirm the holder of a portal, if the answers to `PortalView.questions` are right, or a leader vouches."""
        ...
