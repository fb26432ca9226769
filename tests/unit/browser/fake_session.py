"""A DevTools session without browser: it keeps what was sent, and lets a test speak as the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guard.browser.cdp import Session

if TYPE_CHECKING:
    from guard.browser.cdp import Message, Receiver


class FakeConnection:
    """Answers every command at once, with `answers` or nothing."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.answers: dict[str, Message] = {}
        self.receiver: Receiver

    def own(self, _session: str, receiver: Receiver) -> None:
        self.receiver = receiver

    def forward(self, method: str, params: Message, _session: str | None, reply: Receiver) -> None:
        self.sent.append((method, params))
        reply(self.answers.get(method, {"result": {}}))

    async def send(
        self, method: str, params: Message | None = None, _session: str | None = None, **_limits: float
    ) -> Message:
        self.sent.append((method, params or {}))
        result: Message = self.answers.get(method, {}).get("result", {})
        return result

    def say(self, method: str, params: Message) -> None:
        """Speak as the browser."""
        self.receiver({"sessionId": "s", "method": method, "params": params})


def fake_session() -> tuple[Session, FakeConnection]:
    connection: Any = FakeConnection()  # stands in for a pipe
    return Session(connection, "s"), connection
