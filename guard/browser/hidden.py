"""A hidden page on an origin: answered by the gate, so that no script of the portal ever runs in it."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from guard.browser.cdp import ProtocolError
from guard.browser.gate import html_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.browser.cdp import Message, Session
    from guard.browser.gate import Gate

_MAY_ASK_ITS_ORIGIN = "default-src 'none'; connect-src 'self'"


class HiddenPage:
    """One page, opened at first need and again after it was lost."""

    def __init__(
        self, browser: Session, gate: Gate, *, origin: str, context: str, on_request: Callable[[Message], None]
    ) -> None:
        self._browser = browser
        self._gate = gate
        self._context = context
        self._on_request = on_request
        self._address = f"{origin}/.well-known/madoguchi-guard/{secrets.token_hex(8)}"
        self._page: Session | None = None
        self._opening = asyncio.Lock()
        self._target = ""
        self.hidden = True
        """False where the browser refused a hidden target and an ordinary page serves instead."""
        self.failure = ""
        """What the network said of the last request that failed, such as net::ERR_CONNECTION_REFUSED."""
        self.targets: set[str] = set()
        """Every one that it ever had: a renderer that crashes takes its pages along."""
        browser.on("Target.targetCrashed", self._lost)
        browser.on("Target.targetDestroyed", self._lost)

    @property
    def is_open(self) -> bool:
        return self._page is not None

    async def opened(self) -> Session:
        """The page, ready for scripts of the guard's own."""
        async with self._opening:
            if self._page is None:
                page = await self._browser.attach(await self._create_target())
                await page.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
                await page.send("Network.setBypassServiceWorker", {"bypass": True})
                page.on("Network.loadingFailed", self._failed)
                await page.send("Page.enable")
                await page.send("Page.navigate", {"url": self._address})
                self._page = page
            return self._page

    def give_up(self) -> None:
        """Forget the page; the next question gets a new one."""
        if self._target:
            self._browser.post("Target.closeTarget", {"targetId": self._target})
        self._page, self._target = None, ""

    def _failed(self, event: Message) -> None:
        self.failure = event["errorText"]

    def _lost(self, event: Message) -> None:
        if event["targetId"] == self._target:
            self.give_up()

    async def _create_target(self) -> str:
        target: Message = {"url": "about:blank", "background": True}
        if self._context:
            target["browserContextId"] = self._context
        try:
            self.hidden = True
            answer = await self._browser.send("Target.createTarget", {**target, "hidden": True})
        except ProtocolError:
            self.hidden = False
            answer = await self._browser.send("Target.createTarget", target)
        self._target = target_id = str(answer["targetId"])
        self.targets.add(target_id)
        self._gate.leave_to(target_id, self._paused)
        return target_id

    def _paused(self, event: Message) -> None:
        if event["request"]["url"] == self._address:
            answer = html_answer(event["requestId"], "<!doctype html>", _MAY_ASK_ITS_ORIGIN)
            self._browser.post("Fetch.fulfillRequest", answer)
            return
        self._on_request(event)
        self._gate.let(event)
