"""What DevTools alone takes: a gate and a hidden page as the guard has them, with nothing decided or written down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from guard.browser.gate import HELD_TYPES, READING_METHODS

if TYPE_CHECKING:
    from guard.browser.cdp import Message, Session

ASK = 'fetch("/whoami", { cache: "no-store" }).then((answer) => answer.text())'


class Floor:
    """A gate that lets everything go on with the cookies that it was held with, with or without asking the portal."""

    def __init__(self, browser: Session) -> None:
        self._browser = browser
        self._asking: Session | None = None
        self._hidden = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self, origin: str, *, asks: bool) -> None:
        """Put the gate on, in a browser that has a window; raises what `Session.send` raises."""
        self._browser.on("Fetch.requestPaused", self._paused)
        await self._browser.send("Fetch.enable", {"patterns": [{"resourceType": kind} for kind in HELD_TYPES]})
        if asks:
            target = await self._browser.send("Target.createTarget", {"url": f"{origin}/whoami", "hidden": True})
            self._hidden = target["targetId"]
            self._asking = await self._browser.attach(self._hidden)

    def _paused(self, event: Message) -> None:
        if event["request"]["method"] in READING_METHODS:
            self._browser.post("Fetch.continueRequest", {"requestId": event["requestId"]})
        elif self._asking is None:
            self._let_go(event)
        else:
            task = asyncio.ensure_future(self._ask_first(self._asking, event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask_first(self, page: Session, event: Message) -> None:
        await page.send("Runtime.evaluate", {"expression": ASK, "awaitPromise": True, "returnByValue": True})
        self._let_go(event)

    def _let_go(self, event: Message) -> None:
        headers = [{"name": name, "value": value} for name, value in event["request"]["headers"].items()]
        self._browser.post("Fetch.continueRequest", {"requestId": event["requestId"], "headers": headers})
