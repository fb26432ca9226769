"""One visit into which a fault falls: the counter, its window, its card reader, and what people were told."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.mock import POINT, IdentityFault
from guard.core.card import CardState, Reader
from tests.day import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from flows.mock import HostFaults, MockPortals
    from flows.mock.card_reader import MockReader
    from flows.people import Resident
    from guard.blocking import BlockingCounter
    from guard.core.verdict import Reason
    from guard.core.view import CounterView, SealReason
    from tests.conftest import ServeAt


@dataclass
class Told:
    """What the people at the counter were told in one visit."""

    stops: set[Reason] = field(default_factory=set)
    seals: set[SealReason] = field(default_factory=set)

    def hear(self, view: CounterView) -> None:
        self.stops |= {stop.reason for stop in view.stops}
        if view.seal is not None:
            self.seals.add(view.seal)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A counter that demands the card, in the visit of one citizen."""

    portals: MockPortals
    counter: BlockingCounter
    reader: MockReader
    page: Page

    @property
    def switches(self) -> HostFaults:
        """The faults of the site at which the citizen applies."""
        return self.portals.faults.of(POINT)

    def hold(self) -> None:
        """Let the site think about who is logged in, so that whatever needs the answer waits."""
        self.switches.identity = IdentityFault.HANGS

    def let_go(self) -> None:
        self.switches.identity = None


@contextmanager
def visit(
    portals: MockPortals, counter: BlockingCounter, reader: MockReader, serve_at: ServeAt, citizen: Resident
) -> Iterator[Scene]:
    """A visit whose citizen lays the card down before, and takes it along afterwards."""
    reader.lay()
    try:
        with serve_at(counter, citizen) as page:
            counter.until(lambda view: view.card is CardState.THERE)
            yield Scene(portals=portals, counter=counter, reader=reader, page=page)
    finally:
        reader.take()
        eventually(lambda: counter.counter.supervisor.counter.reader is Reader.EMPTY)
