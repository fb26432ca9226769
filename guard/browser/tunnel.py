"""A stand-in for the pipe where Python cannot hand one over: the same messages, through Playwright.

Playwright starts the browser in a persistent context, and keeps its pipe. A DevTools session that is *nested*
in Playwright's own (`Target.attachToTarget` on the browser, not flat) is a whole connection to the browser:
commands, flat child sessions and auto-attach travel in it as on a pipe of one's own. So everything above works
unchanged: gate before the first document, standby without a window, bridge. Measured on Chromium 156.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import psutil
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from guard.browser.cdp import LARGEST_MESSAGE, Connection
from guard.browser.process import BrowserProcess, environment
from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from playwright.async_api import BrowserContext, CDPSession, Playwright

    from guard.browser.cdp import Message
    from guard.tasks import Tasks

WINDOWS_SWITCHES = (  # NOT RUN: from the comments in Playwright's own list
    "--edge-skip-compat-layer-relaunch",  # Edge may start itself anew, and lose the pipe
    "--do-not-de-elevate",  # so may Chrome, when an administrator starts the guard
)
STOP_WITHIN = 3.0  # seconds
STARTED_WITHIN = 20.0  # seconds; the first start of a profile writes all its databases


class Tunnel:
    """Both ends of a pipe, for a `Connection`. As with a pipe, closing it ends the browser."""

    def __init__(self, road: CDPSession, session: str, end_browser: Callable[[], None], tasks: Tasks) -> None:
        self._road = road
        self._session = session
        self._end_browser = end_browser
        self._tasks = tasks
        self._open = True
        self.reader = asyncio.StreamReader(limit=LARGEST_MESSAGE)
        road.on("Target.receivedMessageFromTarget", self._arrived)
        road.on("Target.detachedFromTarget", self._detached)
        road.on("close", lambda _: self.close())

    @classmethod
    async def dig(cls, road: CDPSession, end_browser: Callable[[], None], tasks: Tasks) -> Tunnel:
        """A tunnel within a browser-level session of Playwright's. Raises PlaywrightError if the browser refuses."""
        whole_browser = (await road.send("Target.getTargetInfo"))["targetInfo"]["targetId"]
        nested = await road.send("Target.attachToTarget", {"targetId": whole_browser, "flatten": False})
        return cls(road, nested["sessionId"], end_browser, tasks)

    def write(self, data: bytes, /) -> None:
        """Send one message. Tasks begin in the order in which they are started, so messages leave in order."""
        if self._open:
            self._tasks.start(self._send(data.removesuffix(b"\0").decode()), "devtools tunnel")

    def close(self) -> None:
        """End the browser. It is never detached from: that would send what is held."""
        if self._open:
            self._end_browser()
            self.browser_ended()

    def browser_ended(self) -> None:
        """Nothing comes any more."""
        if self._open:
            self._open = False
            self.reader.feed_eof()

    async def _send(self, message: str) -> None:
        try:
            await self._road.send("Target.sendMessageToTarget", {"sessionId": self._session, "message": message})
        except PlaywrightError:
            self.close()  # without this road there is no gate, so there may be no browser

    def _arrived(self, event: Message) -> None:
        if self._open and event["sessionId"] == self._session:
            self.reader.feed_data(event["message"].encode() + b"\0")

    def _detached(self, event: Message) -> None:
        if event["sessionId"] == self._session:
            self.close()


async def start_through_tunnel(
    executable: Path, switches: Sequence[str], user_data_dir: Path, tasks: Tasks
) -> BrowserProcess:
    """Start the browser in a Playwright of its own, which ends with it. Raises BrowserError if it does not start."""
    playwright = await _start_playwright(tasks)
    try:
        context = await _launch(playwright, executable, switches, user_data_dir)
        process = await _adopt(context, user_data_dir, tasks)
    except BaseException as error:  # a start given up on the way leaves nothing behind either
        await _stop(playwright)
        if not isinstance(error, PlaywrightError):
            raise
        what = f"the browser could not be started through Playwright ({error.message.splitlines()[0]})"
        raise BrowserError(what, value=executable, mend="Run guard setup.") from error
    tasks.start(_stop_after(process, playwright), "Playwright of a browser")
    return process


async def _start_playwright(tasks: Tasks) -> Playwright:
    """Start a Playwright, or none: one that is given up while it starts would run on unnoticed."""
    starting = tasks.start(async_playwright().start(), "Playwright starts")
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _stop(await starting)
        raise


async def _launch(
    playwright: Playwright, executable: Path, switches: Sequence[str], user_data_dir: Path
) -> BrowserContext:
    own = WINDOWS_SWITCHES if sys.platform == "win32" else ()
    context = await playwright.chromium.launch_persistent_context(
        user_data_dir,
        executable_path=executable,
        ignore_default_args=True,  # they are made for tests; without them Playwright waits for no window either
        args=[*switches, *own, f"--user-data-dir={user_data_dir}", "--remote-debugging-pipe"],
        env={**environment(user_data_dir)},
        no_viewport=True,
        handle_sigint=False,  # Ctrl+C is for the guard, which logs out first
        handle_sigterm=False,
        handle_sighup=False,
        timeout=STARTED_WITHIN * 1000,
    )
    context.on("dialog", lambda _: None)  # with nobody listening Playwright dismisses what is asked of staff
    return context


async def _adopt(context: BrowserContext, user_data_dir: Path, tasks: Tasks) -> BrowserProcess:
    browser = context.browser
    assert browser is not None  # noqa: S101  # only Android and Electron have none
    road = await browser.new_browser_cdp_session()
    # Playwright would keep downloads under names of its own, in a folder that the wipe does not know.
    await road.send("Browser.setDownloadBehavior", {"behavior": "default"})
    processes = (await road.send("SystemInfo.getProcessInfo"))["processInfo"]
    process = psutil.Process(next(process["id"] for process in processes if process["type"] == "browser"))
    tunnel = await Tunnel.dig(road, lambda: _end(process), tasks)
    browser.on("disconnected", lambda _: tunnel.browser_ended())
    connection = Connection(tunnel.reader, tunnel, tasks)
    return BrowserProcess(process.pid, connection, user_data_dir, wait=lambda: _exit_code(process))


async def _stop_after(process: BrowserProcess, playwright: Playwright) -> None:
    try:
        await process.ended.wait()
    finally:
        await _stop(playwright)


async def _stop(playwright: Playwright) -> None:
    """Wait for the end of Playwright's process, even when the counter closes meanwhile; one that hangs is left."""
    stopping = asyncio.ensure_future(playwright.stop())
    try:
        await asyncio.wait([stopping], timeout=STOP_WITHIN)
    except asyncio.CancelledError:
        await asyncio.wait([stopping], timeout=STOP_WITHIN)
        raise


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _exit_code(process: psutil.Process) -> int | None:
    """Wait for its end. Only Windows tells the status of another's child (NOT RUN: from psutil's documentation)."""
    code: int | None = process.wait()
    return code
