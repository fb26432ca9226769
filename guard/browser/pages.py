"""The windows of one browser: each portal page gets the ribbon, and tells when it is used or closed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.browser.cdp import Message, Session
    from guard.browser.jars import Jars

WORLD = "madoguchi-guard"
"""Isolated world of the ribbon: it shares the page's document, but no script of the page can reach it."""
BINDING = "madoguchiReport"
_SCRIPT = resources.files("guard.browser").joinpath("ribbon.js").read_text()
_INPUT = resources.files("guard.browser").joinpath("input.js").read_text()


@dataclass
class Page:
    """One tab or window."""

    target: str
    session: Session
    url: str = ""
    world: int | None = None
    """Execution context of the ribbon in the document now shown."""
    ribbon: str = ""
    """What the ribbon in that document shows, as the expression that drew it."""
    frames: set[str] = field(default_factory=set)


class Pages:
    """Follows every page of a browser from before its first document."""

    def __init__(  # pages have two things to tell
        self,
        session: Session,
        jars: Jars,
        *,
        is_ours: Callable[[str], bool],
        on_report: Callable[[Page, Message], None],
        on_all_closed: Callable[[], None],
    ) -> None:
        self._session = session
        self._jars = jars
        self._is_ours = is_ours
        self._on_report = on_report
        self._on_all_closed = on_all_closed
        self._pages: dict[str, Page] = {}
        session.on("Target.attachedToTarget", self._attached)
        session.on("Target.targetDestroyed", self._destroyed)

    async def watch(self) -> None:
        """Attach to every page before it loads anything."""
        only_pages = [{"type": "page"}, {"exclude": True}]
        auto = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True, "filter": only_pages}
        await self._session.send("Target.setAutoAttach", auto)

    @property
    def open(self) -> list[Page]:
        """Pages that people can see."""
        return [page for page in self._pages.values() if not self._is_ours(page.target)]

    def call(self, page: Page, function: str, argument: str) -> None:
        """Call a function of the ribbon with a JavaScript expression; never wait, as a page may run no script now."""
        if page.world is not None:
            expression = f"globalThis.madoguchi?.{function}({argument})"
            page.session.post("Runtime.evaluate", {"expression": expression, "contextId": page.world})

    def write(self, page: Page, html: str) -> None:
        """Write a whole document in place of the one shown; nothing happens if that has been left meanwhile."""
        if page.world is not None:
            expression = f"document.documentElement.innerHTML = {json.dumps(html)}"
            page.session.post("Runtime.evaluate", {"expression": expression, "contextId": page.world})

    def show_ribbon(self, page: Page, state: str) -> None:
        """Draw the ribbon of one page, if it does not show that already."""
        if page.ribbon != state and page.world is not None:
            page.ribbon = state
            self.call(page, "show", state)

    def _attached(self, event: Message) -> None:
        info = event["targetInfo"]
        if info["type"] != "page":
            return
        page = Page(target=info["targetId"], session=self._session.child(event["sessionId"]))
        self._pages[page.target] = page
        page.frames.add(page.target)
        self._jars.frame_is_in(page.target, info.get("browserContextId", self._jars.default_context))
        self._listen(page)
        self._prepare(page)

    def _listen(self, page: Page) -> None:
        page.session.on("Runtime.executionContextCreated", lambda event: _world_came(page, event["context"]))
        page.session.on("Runtime.executionContextsCleared", lambda _: _world_went(page))
        page.session.on("Runtime.bindingCalled", lambda event: self._reported(page, event))
        page.session.on("Page.frameAttached", lambda event: self._frame(page, event["frameId"]))
        page.session.on("Page.frameNavigated", lambda event: self._navigated(page, event["frame"]))

    def _prepare(self, page: Page) -> None:
        """Without waiting for answers: a tab opened without opener gives none before it may run."""
        ribbon = {"source": _SCRIPT, "worldName": WORLD, "runImmediately": True}
        page.session.post("Page.enable")
        page.session.post("Runtime.enable")
        page.session.post("Runtime.addBinding", {"name": BINDING, "executionContextName": WORLD})
        page.session.post("Page.addScriptToEvaluateOnNewDocument", {**ribbon, "source": _INPUT})
        page.session.post("Page.addScriptToEvaluateOnNewDocument", ribbon)
        page.session.post("Runtime.runIfWaitingForDebugger")

    def _frame(self, page: Page, frame: str) -> None:
        page.frames.add(frame)
        self._jars.frame_is_in(frame, self._jars.context_of(page.target))

    def _reported(self, page: Page, event: Message) -> None:
        if event["name"] == BINDING and not self._is_ours(page.target):
            self._on_report(page, json.loads(event["payload"]))

    def _navigated(self, page: Page, frame: Message) -> None:
        if "parentId" not in frame:
            page.url = frame["url"]
            if page.world is not None and not page.ribbon and not self._is_ours(page.target):
                self._on_report(page, {"kind": "ready"})  # a popup's script may report before its address is known

    def _destroyed(self, event: Message) -> None:
        page = self._pages.pop(event["targetId"], None)
        if page is not None and not self._is_ours(page.target) and not self.open:
            self._on_all_closed()


def _world_came(page: Page, context: Message) -> None:
    if context["name"] == WORLD and context["auxData"].get("frameId") == page.target:
        page.world, page.ribbon = context["id"], ""


def _world_went(page: Page) -> None:
    page.world, page.ribbon = None, ""
