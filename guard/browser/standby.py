"""The next browser, made ready ahead of need, so that a handover costs nobody a second."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from guard.browser.cdp import BrowserGoneError, ProtocolError
from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from guard.browser.guarded import GuardedBrowser
    from guard.tasks import Tasks

NOT_STARTED = (BrowserError, BrowserGoneError, ProtocolError, OSError, TimeoutError)
"""In what ways a browser may fail to start."""
PAUSES = (0.0, 0.5, 2.0)  # seconds before each try; a full disk or a busy machine is often over soon


class Standby:
    """Keeps one browser ready, without a window. Counts generations."""

    def __init__(self, start: Callable[[int], Awaitable[GuardedBrowser]], tasks: Tasks) -> None:
        self._start = start
        self._tasks = tasks
        self._generation = 0
        self._next: asyncio.Task[GuardedBrowser] | None = None

    def prepare(self) -> None:
        """Begin to start the next browser, unless that is under way."""
        if self._next is None:
            self._next = self._tasks.start(self._start_patiently(), "standby")

    async def take(self) -> GuardedBrowser:
        """The browser that stands by, or a cold start. Raises BrowserError if none starts."""
        while True:
            self.prepare()
            assert self._next is not None  # noqa: S101  # just prepared
            task, self._next = self._next, None
            browser = await task
            if browser.alive:
                return browser
            await browser.destroy()

    async def dismiss(self) -> None:
        """End the browser that stands by; nobody will need it."""
        task, self._next = self._next, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled() and task.exception() is None:
                await task.result().destroy()

    async def _start_patiently(self) -> GuardedBrowser:
        failure: BaseException | None = None
        for pause in PAUSES:
            await asyncio.sleep(pause)
            self._generation += 1
            try:
                return await self._start(self._generation)
            except NOT_STARTED as error:
                failure = error
        what = f"the next browser does not start ({type(failure).__name__}: {failure})"
        raise BrowserError(what, mend="Look at disk space and memory, then start the guard again.") from failure
