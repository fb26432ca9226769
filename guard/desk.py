"""What staff may ask of a counter: the console's desk, and the library's."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from guard.core.commands import Refusal
from guard.core.events import Confirmed, Ending, EndRequested, LiftRequested, OpenRequested
from guard.core.identity import Citizen, Known
from guard.core.terms import Assurance
from guard.errors import GuardError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from datetime import date

    from guard.core.household import Shared
    from guard.core.identity import Identity, Sighting
    from guard.core.terms import Terms
    from guard.core.view import CounterView
    from guard.supervisor import Supervisor


class CounterDesk:
    """Turns what staff ask into events, and answers with the refusal, if there is one."""

    def __init__(
        self,
        supervisor: Supervisor,
        terms: Mapping[str, Terms],
        shared_with: Callable[[Citizen], frozenset[Shared]],
    ) -> None:
        self._supervisor = supervisor
        self._terms = terms
        self._shared_with = shared_with

    def view(self) -> CounterView:
        """The counter now."""
        return self._supervisor.view()

    def subscribe(self) -> AsyncGenerator[CounterView, None]:
        """Yield the present view at once, and a view after each change. A slow reader may miss some, never the last."""
        return self._supervisor.views()

    async def open_visit(self, citizen: Citizen, acting_for: Citizen | None = None) -> Refusal | None:
        """Open a visit for this citizen, who may act for somebody else."""
        visit_id = secrets.token_hex(6)
        shared = self._shared_with(citizen)
        asked = OpenRequested(visit_id=visit_id, citizen=citizen, acting_for=acting_for, shared=shared, at=_now())
        return self._supervisor.feed(asked)

    async def end(self, ending: Ending) -> Refusal | None:
        """End the open visit, and start the handover."""
        return self._supervisor.feed(EndRequested(ending=ending, at=_now()))

    async def lift(self, leader: str) -> Refusal | None:
        """Open a sealed counter again, on the word of this leader."""
        return self._supervisor.feed(LiftRequested(leader=leader))

    async def confirm(self, portal: str, typed_birth_date: date, staff: str) -> Refusal | None:
        """Confirm the holder of a portal, if the typed date is the one that the portal gives.

        Where the portal shows no birth date, the date is the citizen's own, typed again: the weaker assurance that
        a profile without names declares, and with a name a leader's word.
        """
        counter = self._supervisor.counter
        if counter.visit is None:
            return Refusal.NO_VISIT_OPEN
        for jar, sighting in counter.sightings.items():
            expected = self._expected_date(sighting, counter.visit.citizen) if jar.portal == portal else None
            if expected is not None and expected == typed_birth_date:
                return self._supervisor.feed(Confirmed(jar=jar, identity=_shown(sighting), confirmed_by=staff))
        return Refusal.CONFIRMATION_DIFFERS

    async def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        """Wait for a view; the caller sets the deadline."""
        async for now in self.subscribe():
            if wanted(now):
                return now
        raise GuardError("the counter has stopped", mend="Start it again.")

    def _expected_date(self, sighting: Sighting, citizen: Citizen) -> date | None:
        identity = _shown(sighting)
        if identity is not None:
            return identity.birth_date or citizen.birth_date
        nameless = self._terms[sighting.jar.portal].assurance is Assurance.PROVENANCE
        return citizen.birth_date if nameless else None


def _shown(sighting: Sighting) -> Identity | None:
    return sighting.holder.identity if isinstance(sighting.holder, Known) else None


def _now() -> float:
    return asyncio.get_running_loop().time()
