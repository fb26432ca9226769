"""Every journey of the portals by its name; `NAME@STEP` is the same journey, left after that step.

journey = find("points")
journey.play(Scene(page=page, resident=resident, sites=Sites(point="https://staging.example")))
"""

from __future__ import annotations

import difflib

from flows.journeys.account import ACCOUNT_REGISTRATION
from flows.journeys.cancel import CANCEL
from flows.journeys.cashless_link import CASHLESS_LINK
from flows.journeys.child import FOR_CHILD
from flows.journeys.household import HOUSEHOLD
from flows.journeys.journey import Journey, Scene, Sites, Step
from flows.journeys.points import POINTS
from flows.journeys.second import SECOND

__all__ = ["JOURNEYS", "Journey", "Scene", "Sites", "Step", "find"]

JOURNEYS = {
    journey.name: journey
    for journey in (POINTS, CASHLESS_LINK, ACCOUNT_REGISTRATION, CANCEL, SECOND, FOR_CHILD, HOUSEHOLD)
}


def find(name: str) -> Journey:
    """The journey of this name, or the one that is left after a step: `points@kinds`. Raises LookupError."""
    whole, at, step = name.partition("@")
    if whole not in JOURNEYS:
        near = difflib.get_close_matches(whole, JOURNEYS, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else "."
        msg = f"there is no flow {whole!r}{meant} There are: {', '.join(JOURNEYS)}"
        raise LookupError(msg)
    return JOURNEYS[whole].until(step) if at else JOURNEYS[whole]
