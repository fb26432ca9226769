"""A guarded counter for synchronous callers: the demo, flows and tests that use Playwright's sync API.

The counter runs in an event loop of its own, in another thread; sync Playwright joins its browsers over the bridge.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from guard.core.events import Ending
from guard.core.staff import Denied
from guard.counter import OpenCounter, not_opened, open_counter
from guard.errors import GuardError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from guard.card import Service
    from guard.config import Config
    from guard.core.clearance import Clearance
    from guard.core.identity import Citizen
    from guard.core.view import CounterView
    from guard.supervisor import Answered

T = TypeVar("T")


class BlockingCounter:
    """A running counter, asked from another thread. Open it with `open_blocking_counter`."""

    def __init__(self, portal: BlockingPortal, counter: OpenCounter) -> None:
        self._portal = portal
        self.counter = counter

    def call(self, function: Callable[..., Awaitable[T]], *arguments: object) -> T:
        """Await something in the counter's loop."""
        return self._portal.call(function, *arguments)

    def open_visit(self, citizen: Citizen | None, acting_for: Citizen | None = None) -> str:
        """Open a visit; returns the address at which Playwright joins its browser. Raises GuardError if declined."""
        refusal = self.call(self.counter.desk.open_visit, citizen, acting_for)
        if refusal is not None:
            raise not_opened(refusal, self.view)
        return self.endpoint

    def end(self, ending: Ending = Ending.DONE) -> Clearance | None:
        """End the open visit and wait for its clearance."""
        return self.call(self.counter.end, ending)

    def lift(self, leader: str, pin: str = "") -> None:
        """Open a sealed counter again. Raises GuardError if declined."""
        refusal = self.call(self.counter.desk.lift, leader, pin)
        if refusal is not None:
            why = refusal.why if isinstance(refusal, Denied) else refusal
            raise GuardError("the counter was not opened again", value=why.value, mend="See guard/texts.toml.")

    def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        """Wait until people at the counter see something. Raises TimeoutError after ten seconds."""
        return self.call(self.counter.until, wanted)

    @contextmanager
    def following(self, told: Callable[[CounterView], None]) -> Iterator[None]:
        """Within the block, call `told` in the counter's thread with the present view and each that follows."""

        async def follow() -> None:
            async for view in self.counter.desk.subscribe():
                told(view)

        following = self._portal.start_task_soon(follow)
        try:
            yield
        finally:
            following.cancel()

    @property
    def endpoint(self) -> str:
        """Address at which Playwright joins the browser that staff see."""
        browser = self.counter.supervisor.browser
        return browser.endpoint if browser else ""

    @property
    def view(self) -> CounterView:
        return self.counter.view()

    @property
    def answered(self) -> tuple[Answered, ...]:
        """Submissions of the visit that is, or was last, open; newest last."""
        return tuple(self.counter.supervisor.answered)


@contextmanager
def open_blocking_counter(
    config: Config, *, headless: bool = True, card_service: Service | None = None
) -> Iterator[BlockingCounter]:
    """`guard.open_counter` for synchronous callers."""
    with (
        start_blocking_portal("asyncio", name="counter") as portal,
        portal.wrap_async_context_manager(
            open_counter(config, headless=headless, card_service=card_service)
        ) as counter,
    ):
        yield BlockingCounter(portal, counter)
