"""Switches for what real portals do wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class LogoutFault(StrEnum):
    """How a logout can fail."""

    SERVER_ERROR = "server_error"
    """Answers 500; the session lives on."""
    COOKIE_ONLY = "cookie_only"
    """Looks right, but the session stays alive on the server."""
    WITHOUT_EFFECT = "without_effect"
    """Shows its done page and does nothing: cookie and session stay."""


class IdentityFault(StrEnum):
    """How the answer about the holder can fail."""

    HANGS = "hangs"
    """No answer until the fault is mended."""
    HTML = "html"
    """A page with status 200 in place of JSON."""
    SERVER_ERROR = "server_error"


class AnswerFault(StrEnum):
    """How the answer to any request can fail after the work is done."""

    RESET = "reset"
    """The connection is reset (TCP RST) before the first byte."""
    TRUNCATED = "truncated"
    """Half of what was announced, then the end of the connection."""


@dataclass(slots=True)
class HostFaults:
    """The faults of one host; mend one by setting it back."""

    logout: LogoutFault | None = None
    identity: IdentityFault | None = None
    identity_delay: float = 0.0
    """Seconds before the holder is answered."""
    rotates: bool = False
    """A new session id with every page and every answer about the holder; the old one is dead at once."""
    keeps_id: bool = False
    """A login goes into the session that the browser had before it, under the id that it had (ASVS 7.2.4)."""
    stale_worker: bool = False
    """A service worker answers the home page from its cache, whoever was logged in when it was put there."""
    withholds_answers: bool = False
    """Every submission's work is done, but no answer to one leaves until the fault is mended."""
    answer: AnswerFault | None = None
    """To every request."""
    answer_to_post: AnswerFault | None = None
    """To the requests alone that change something: whether they did, nobody learns."""


class Faults:
    """The faults of all hosts. `faults.of(host).logout = LogoutFault.SERVER_ERROR` and the like."""

    def __init__(
        self, hosts: Iterable[str], *, take_down: Callable[[str], None], bring_up: Callable[[str], None]
    ) -> None:
        self._hosts = {host: HostFaults() for host in hosts}
        self._down: set[str] = set()
        self._stop_serving = take_down
        self._serve = bring_up

    def of(self, host: str) -> HostFaults:
        """The switches of one host."""
        return self._hosts[host]

    def take_down(self, host: str) -> None:
        """Refuse every connection to the host, and break those that are open."""
        if host not in self._down:
            self._down.add(host)
            self._stop_serving(host)

    def bring_up(self, host: str) -> None:
        """Serve the host again, at the same port and with the same sessions."""
        if host in self._down:
            self._serve(host)
            self._down.remove(host)

    def mend(self) -> None:
        """Set every switch back."""
        for host in sorted(self._down):
            self.bring_up(host)
        self.release()

    def release(self) -> None:
        """Let hanging answers go, and forget every switch but `take_down`."""
        for host in self._hosts:
            self._hosts[host] = HostFaults()


class Spoilt:
    """ASGI middleware: let the site do its work, and spoil the answer as its host's switch says."""

    def __init__(self, app: ASGIApp, faults: Callable[[], HostFaults]) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        faults = self._faults()
        match faults.answer_to_post or faults.answer if scope["method"] == "POST" else faults.answer:
            case AnswerFault.RESET:
                scope["extensions"]["reset"]()
                return
            case AnswerFault.TRUNCATED:
                answer = [answer[0], _half(answer[1:])]
            case None:
                pass
        for message in answer:
            await send(message)


def _half(parts: list[Message]) -> Message:
    """The first half of a body, which the server takes for its end only when the connection is gone."""
    body = b"".join(part.get("body", b"") for part in parts)
    return {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
