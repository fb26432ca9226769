"""Takes from every page and frame what would send past the gate and has no switch, preference or policy.

WebTransport speaks UDP in spite of every proxy rule, and a WebRTC data channel speaks TCP to a relay through
the very port that the portal answers on. No portal of a counter needs either. Workers keep WebTransport, and so
does the empty first document of a window opened by script: any client may let those go before the guard is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.browser.cdp import Message, Session

REMOVED = ("WebTransport", "RTCPeerConnection", "webkitRTCPeerConnection")
_SCRIPT = f"for (const name of {list(REMOVED)}) delete globalThis[name];"
_DOCUMENTS = [{"type": "page"}, {"type": "iframe"}, {"exclude": True}]
_AUTO = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True, "filter": _DOCUMENTS}


class Scopes:
    """Follows every page and every frame with a process of its own, and changes it before its first line."""

    def __init__(self, session: Session) -> None:
        self._session = session
        session.on("Target.attachedToTarget", lambda event: self._attached(session, event))

    async def watch(self) -> None:
        """Start to follow."""
        await self._session.send("Target.setAutoAttach", _AUTO)

    def _attached(self, parent: Session, event: Message) -> None:
        """Without waiting for answers: a tab opened without opener gives none before it may run."""
        scope = parent.child(event["sessionId"])
        scope.on("Target.attachedToTarget", lambda inner: self._attached(scope, inner))
        scope.post("Target.setAutoAttach", _AUTO)
        scope.post("Page.enable")
        scope.post("Page.addScriptToEvaluateOnNewDocument", {"source": _SCRIPT, "runImmediately": True})
        scope.post("Runtime.runIfWaitingForDebugger")
