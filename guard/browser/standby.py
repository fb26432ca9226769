"""The next browser, made ready ahead of need, so that a handover costs nobody a second."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.browser.cdp import GONE
from guard.browser.clipboard import empty, has_desktop
from guard.browser.inspection import inspect
from guard.errors import BrowserError, GuardError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from guard.browser.guarded import GuardedBrowser
    from guard.core.clearance import Proof
    from guard.tasks import Tasks

PAUSES = (0.0, 0.5, 2.0)  # seconds before each try; a full disk or a busy machine is often over soon
RETRY_AFTER = 5.0  # seconds; a disk that stays full is mended by people
TRIES = 2  # a browser that stands by for hours may end just when it is needed
END_WITHIN = 5.0  # seconds for a browser that is being started when nobody needs it any more


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A browser that staff see, and what was found in it before they did."""

    browser: GuardedBrowser
    clean: tuple[Proof, ...]


class Standby:
    """Keeps one browser ready, without a window. Counts generations.

    `on_trouble` hears, once for each time of trouble, that no browser starts; `on_coming` hears of a browser
    before its window is there.
    """

    def __init__(
        self,
        start: Callable[[int], Awaitable[GuardedBrowser]],
        tasks: Tasks,
        *,
        on_trouble: Callable[[BaseException], None],
        on_coming: Callable[[GuardedBrowser], None],
    ) -> None:
        self._start = start
        self._tasks = tasks
        self._on_trouble = on_trouble
        self._on_coming = on_coming
        self._generation = 0
        self._next: asyncio.Task[GuardedBrowser] | None = None
        self._dismissed = False

    def prepare(self) -> None:
        """Begin to start the next browser, unless that is under way."""
        if self._next is None and not self._dismissed:
            self._next = self._tasks.start(self._start_patiently(), "standby")

    async def show_next(self, words: set[str]) -> Shown:
        """Search the next browser for `words` and show it. While none starts: say so, and go on trying."""
        told = False
        while True:
            try:
                return await self.show(words)
            except BrowserError as error:
                if not told:
                    self._on_trouble(error)
                told = True
                await asyncio.sleep(RETRY_AFTER)

    async def show(self, words: set[str]) -> Shown:
        """Search the next browser for `words` and show it. Raises BrowserError if none starts."""
        failure: BaseException | None = None
        for _ in range(TRIES):
            browser = await self._take()
            try:
                await _empty_clipboard(browser)
                clean = await inspect(browser.session, browser.user_data_dir, words)
                self._on_coming(browser)
                await browser.show()
            except GONE as error:
                failure = error
                await browser.destroy()
            except BaseException:  # a browser that nobody is told of would run on
                await browser.destroy()
                raise
            else:
                return Shown(browser=browser, clean=clean)
        what = f"the next browser ends before it shows its window ({type(failure).__name__})"
        raise BrowserError(what, mend="Look at memory.") from failure

    async def dismiss(self) -> None:
        """End the browser that stands by; nobody will need it."""
        self._dismissed = True
        task, self._next = self._next, None
        if task is None:
            return
        await asyncio.wait([task], timeout=END_WITHIN)  # half a start leaves more behind than a whole one
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None:
            await task.result().destroy()

    async def _take(self) -> GuardedBrowser:
        """The browser that stands by, or a cold start. Raises BrowserError if none starts."""
        while True:
            self.prepare()
            if self._next is None:
                raise BrowserError("no browser is started any more", mend="Start the guard again.")
            task, self._next = self._next, None
            browser = await task
            if browser.alive:
                return browser
            await browser.destroy()

    async def _start_patiently(self) -> GuardedBrowser:
        failure: Exception | None = None
        for pause in PAUSES:
            if self._dismissed:
                break
            await asyncio.sleep(pause)
            self._generation += 1
            try:
                return await self._start(self._generation)
            except Exception as error:  # noqa: BLE001  # whatever it is, the next try may work, and people are told
                failure = error
        what = f"the next browser does not start ({_said(failure)})"
        raise BrowserError(what, mend="Look at disk space and memory.") from failure


async def _empty_clipboard(browser: GuardedBrowser) -> None:
    """What was copied in one visit must not be pasted in the next; the inspection says whether it worked."""
    if await has_desktop(browser.session):
        with contextlib.suppress(OSError):
            await asyncio.to_thread(empty)


def _said(error: Exception | None) -> str:
    return str(error) if isinstance(error, GuardError | OSError) else type(error).__name__
