"""Plays a journey with one citizen after another at a guarded counter; each is a visit with its handover."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from flows.journeys import Scene
from flows.site import NotAdvancedError
from guard.core.events import Ending
from guard.errors import GuardError
from guard.qa.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Playwright

    from flows.journeys import Journey, Sites
    from guard.blocking import BlockingCounter
    from guard.flow.cast import Part


class Outcome(StrEnum):
    """How one citizen's journey ended."""

    DONE = "done"
    LEFT = "left"
    """Half-way, as the flow says; the visit was interrupted."""
    STOPPED = "stopped"
    """The guard stopped a submission."""
    FAILED = "failed"
    """The portal went another way, or the handover owes a proof."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came of one citizen. Carries no name."""

    line: int
    """Row of the citizens file."""
    outcome: Outcome
    why: str
    """Stop reason, or what the portal said; empty if all went as the flow says."""
    step: str
    """The last step that was made; empty if none was."""
    released: int
    """Submissions that passed every check."""
    seconds: float
    """From the opening of the visit to its clearance."""

    @property
    def as_expected(self) -> bool:
        return self.outcome in {Outcome.DONE, Outcome.LEFT}


class FlowPlay:
    """One journey, for whoever comes."""

    def __init__(self, journey: Journey, sites: Sites, counter: BlockingCounter, playwright: Playwright) -> None:
        self._journey = journey
        self._sites = sites
        self._counter = counter
        self._playwright = playwright
        self._step = ""

    def serve(self, part: Part, told: Callable[[str], None]) -> Result:
        """Open a visit for the citizen, make the journey, end the visit; `told` hears of each step that is made."""
        began = time.monotonic()
        self._step = ""
        visits = Visits(self._counter, self._playwright.chromium.connect_over_cdp, lambda: self._step)
        with self._counter.following(visits.seen):
            trouble = self._played(part, visits, told)
            visits.settle()
            stops = [f"{stop.shown.reason.value} at {stop.method} {stop.path}" for stop in visits.stops]
            ending = Ending.DISCARDED if stops or trouble else self._ending
            visits.end(ending)
        trouble = trouble or "; ".join(filter(None, (visit.missing for visit in visits.told)))
        return Result(
            line=part.row.line,
            outcome=Outcome.STOPPED if stops else Outcome.FAILED if trouble else self._planned,
            why="; ".join(stops) or trouble,
            step=self._step,
            released=sum(verdict.passed for verdict in visits.verdicts),
            seconds=time.monotonic() - began,
        )

    @property
    def _ending(self) -> Ending:
        return Ending.INTERRUPTED if self._journey.interrupted else Ending.DONE

    @property
    def _planned(self) -> Outcome:
        return Outcome.LEFT if self._journey.interrupted else Outcome.DONE

    def _played(self, part: Part, visits: Visits, told: Callable[[str], None]) -> str:
        """What went another way than the journey; empty if nothing did."""
        acts_for = part.row.child if self._journey.acts_for_child else None
        try:
            browser = visits.open(part.row.citizen, acts_for)
            context = browser.contexts[0]
            page = context.pages[0] if context.pages else context.wait_for_event("page")
            self._make_journey(part, page, told)
        except NotAdvancedError as error:
            return f"{error}"
        except PlaywrightError as error:
            return error.message.partition("\n")[0]
        except GuardError as error:
            return f"{error}"
        return ""

    def _make_journey(self, part: Part, page: Page, told: Callable[[str], None]) -> None:
        def made(step: str) -> None:
            self._step = step
            told(step)

        scene = Scene(page=page, resident=part.resident, child=part.child, sites=self._sites)
        self._journey.play(scene, lambda step: made(step.name))
