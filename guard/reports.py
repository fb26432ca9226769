"""What browsers, the card reader and the clock of this PC report, as events of the counter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from guard.browser.guarded import Listeners
from guard.card import CardPresent, CardRemoved
from guard.core.events import (
    AlarmTextSeen,
    BrowserLost,
    CardGone,
    CardSeen,
    Ending,
    EndRequested,
    HolderMayHaveChanged,
    ReleaseAnswered,
    Resumed,
    SubmissionHeld,
    SubmissionWithdrawn,
)

if TYPE_CHECKING:
    from guard.card import CardEvent
    from guard.core.identity import Citizen, Jar
    from guard.core.payload import Value
    from guard.core.submission import Submission
    from guard.supervisor import Supervisor

OfAnother = Callable[["tuple[Value, ...]", "Citizen"], "frozenset[Value]"]


class Reports:
    """Tells the supervisor; each report is one event."""

    def __init__(self, supervisor: Supervisor, of_another: OfAnother) -> None:
        """`of_another` says which values were sent for another person before."""
        self._supervisor = supervisor
        self._of_another = of_another

    @property
    def listeners(self) -> Listeners:
        """What every browser of the counter is given."""
        return Listeners(
            held=self.held,
            withdrawn=self._withdrawn,
            answered=self._answered,
            used=self.used,
            alarm=self._alarm,
            input_seen=self._supervisor.input_seen,
            ribbon_ready=lambda _: self._supervisor.draw_ribbons(),
            discard=self._discarded,
            window_closed=lambda generation: self._lost(generation, by_staff=True),
            process_ended=lambda generation, status: self._lost(generation, by_staff=status == 0),
        )

    def held(self, submission: Submission) -> None:
        """The gate holds a request."""
        self._supervisor.feed(SubmissionHeld(submission=self._with_owners(submission)))

    def _with_owners(self, submission: Submission) -> Submission:
        """With those of its values that were sent for another person before."""
        visit, payload = self._supervisor.counter.visit, submission.payload
        if visit is None or payload is None or not payload.values:
            return submission
        concerned, of_another = visit.concerned, frozenset(payload.values)  # nobody's, until it is known who came
        try:
            if concerned is not None:
                of_another = self._of_another(payload.values, concerned)
        except Exception as error:  # noqa: BLE001  # the gate reports this; a request that nobody answers hangs for ever
            self._supervisor.fault("whose values", error)
        return replace(submission, payload=replace(payload, of_another=of_another))

    def used(self, generation: int, jar: Jar, session: str | None) -> None:
        """A portal page was opened or used."""
        self._supervisor.feed(HolderMayHaveChanged(jar=jar, generation=generation, at=_now(), session=session))

    def card(self, event: CardEvent) -> None:
        """A card lies on the reader, or none that could be relied on."""
        match event:
            case CardPresent():
                self._supervisor.feed(CardSeen(at=_now()))
            case CardRemoved(why=why):
                self._supervisor.feed(CardGone(why=why, at=_now()))

    def resumed(self, away: float) -> None:
        """For so many seconds nobody watched."""
        self._supervisor.feed(Resumed(away=away, at=_now()))

    def _withdrawn(self, submission_id: str) -> None:
        self._supervisor.feed(SubmissionWithdrawn(submission_id=submission_id))

    def _answered(self, submission: Submission) -> None:
        self._supervisor.feed(ReleaseAnswered(submission=submission, at=_now()))

    def _alarm(self, generation: int, portal: str, text: str) -> None:
        self._supervisor.feed(AlarmTextSeen(portal=portal, text=text, generation=generation))

    def _discarded(self) -> None:
        self._supervisor.feed(EndRequested(ending=Ending.DISCARDED, at=_now()))

    def _lost(self, generation: int, *, by_staff: bool) -> None:
        self._supervisor.feed(BrowserLost(generation=generation, by_staff=by_staff, at=_now()))


def _now() -> float:
    return asyncio.get_running_loop().time()
