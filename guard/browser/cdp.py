"""DevTools protocol over a pipe: commands out, each event to the one who owns its session."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from guard.tasks import Tasks

Message = dict[str, Any]
Receiver = Callable[[Message], None]
Raw = Callable[[bytes], None]

ANSWER_WITHIN = 10.0  # seconds; a browser that answers later than this is as good as gone
LARGEST_MESSAGE = 1 << 28  # bytes; a held form of 5 MB arrives in one message


_SESSION_AT_THE_END = re.compile(rb'"sessionId":"(\w+)"\}\Z')
_ATTACHED = b'{"method":"Target.attachedToTarget"'


class ProtocolError(Exception):
    """The browser refused a command; expected refusals are caught where they are expected."""


class BrowserGoneError(Exception):
    """The browser ended before it answered."""


GONE = (BrowserGoneError, ProtocolError, TimeoutError)
"""What a browser, or a page, that is ending answers."""


class Outlet(Protocol):
    """Where messages to the browser go in. Closing it ends the browser."""

    def write(self, data: bytes, /) -> None: ...
    def close(self) -> None: ...


class Connection:
    """One browser's pipe. Every session has exactly one owner; child sessions inherit theirs.

    Several Playwright clients and the guard share the pipe: each works in a browser session of its own
    (`Target.attachToBrowserTarget`), so that nobody sees another's events.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: Outlet, tasks: Tasks) -> None:
        self._reader = reader
        self._writer = writer
        self._last_id = 0
        self._replies: dict[int, Receiver] = {}
        self._owners: dict[str, Receiver] = {}
        self._guests: dict[bytes, Raw] = {}
        self._guest_replies: dict[int, Raw] = {}
        self.closed = asyncio.Event()
        tasks.start(self._read(), "devtools pipe")

    def forward(self, method: str, params: Message, session: str | None, reply: Receiver) -> None:
        """Send a command and have its whole answer given to `reply`; None of it is interpreted."""
        if self.closed.is_set():
            reply({"error": {"message": "browser gone"}})
            return
        self._last_id += 1
        self._replies[self._last_id] = reply
        message: Message = {"id": self._last_id, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        self._writer.write(json.dumps(message).encode() + b"\0")

    async def send(
        self, method: str, params: Message | None = None, session: str | None = None, *, within: float = ANSWER_WITHIN
    ) -> Message:
        """Send a command and return its result.

        Raises ProtocolError if the browser refuses, BrowserGoneError if it ended, TimeoutError after `within` seconds.
        """
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

        def settle(message: Message) -> None:
            if not answer.done():
                answer.set_result(message)

        self.forward(method, params or {}, session, settle)
        async with asyncio.timeout(within):
            message = await answer
        if "error" in message:
            if self.closed.is_set():
                raise BrowserGoneError(method)
            raise ProtocolError(f"{method}: {message['error'].get('message')}")
        result: Message = message["result"]
        return result

    def own(self, session: str, receiver: Receiver) -> None:
        """Give all events of a session, and of the sessions that grow out of it, to `receiver`."""
        self._owners[session] = receiver

    def host(self, session: str, receiver: Raw) -> None:
        """Give all events of a guest's session, and of those that grow out of it, to `receiver` as they came.

        A page with a hundred images sends its guests thousands of events; nobody here has to read them.
        """
        self._guests[session.encode()] = receiver

    def forward_for_guest(self, command: Message, session: str, reply: Raw) -> None:
        """Send a guest's command in this session; its answer goes to `reply` as it came, under our own id."""
        self._last_id += 1
        self._guest_replies[self._last_id] = reply
        self._writer.write(json.dumps({**command, "id": self._last_id, "sessionId": session}).encode() + b"\0")

    async def browser_session(self) -> Session:
        """A new session on the browser itself."""
        answer = await self.send("Target.attachToBrowserTarget")
        return Session(self, answer["sessionId"])

    def close(self) -> None:
        """Close the pipe, which ends the browser."""
        self._writer.close()

    async def _read(self) -> None:
        try:
            while True:
                raw = (await self._reader.readuntil(b"\0"))[:-1]
                if not self._is_for_a_guest(raw):
                    self._dispatch(json.loads(raw))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the pipe closed: that is how a browser's end is seen
        finally:
            self._end()

    def _is_for_a_guest(self, raw: bytes) -> bool:
        """Hand a guest's message over unread; False if it is not a guest's."""
        if raw.startswith(b'{"id":'):  # by its number alone: for a session that is gone the answer names none
            reply = self._guest_replies.pop(int(raw[6 : raw.index(b",")]), None)
            if reply is not None:
                reply(raw)
            return reply is not None
        found = _SESSION_AT_THE_END.search(raw, max(0, len(raw) - 80))
        guest = self._guests.get(found[1]) if found else None
        if guest is None:
            return False
        if raw.startswith(_ATTACHED):
            self._guests[json.loads(raw)["params"]["sessionId"].encode()] = guest
        guest(raw)
        return True

    def _dispatch(self, message: Message) -> None:
        if "id" in message:
            self._replies.pop(message["id"])(message)
            return
        owner = self._owners.get(message.get("sessionId", ""))
        if owner is None:
            return
        if message["method"] == "Target.attachedToTarget":
            self._owners.setdefault(message["params"]["sessionId"], owner)
        owner(message)
        if message["method"] == "Target.detachedFromTarget":
            self._owners.pop(message["params"]["sessionId"], None)

    def _end(self) -> None:
        self.closed.set()
        waiting, self._replies = self._replies, {}
        for reply in waiting.values():
            reply({"error": {"message": "browser gone"}})
        self._writer.close()


class Session:
    """A session of the guard's own; handlers are plain functions called in the order of events."""

    def __init__(self, connection: Connection, session_id: str) -> None:
        self.connection = connection
        self.id = session_id
        self._handlers: defaultdict[str, list[Receiver]] = defaultdict(list)
        connection.own(session_id, self._receive)

    def on(self, method: str, handler: Receiver) -> None:
        """Call `handler` with the parameters of every such event of this session."""
        self._handlers[method].append(handler)

    def child(self, session_id: str) -> Session:
        """A session that grew out of this one, with handlers of its own."""
        return Session(self.connection, session_id)

    async def attach(self, target: str) -> Session:
        """A new session on one target."""
        answer = await self.send("Target.attachToTarget", {"targetId": target, "flatten": True})
        return self.child(answer["sessionId"])

    async def send(self, method: str, params: Message | None = None, *, within: float = ANSWER_WITHIN) -> Message:
        """As `Connection.send`, in this session."""
        return await self.connection.send(method, params, self.id, within=within)

    def post(self, method: str, params: Message | None = None, reply: Receiver | None = None) -> None:
        """Send without waiting; `reply` gets the whole answer, errors included."""
        self.connection.forward(method, params or {}, self.id, reply or (lambda _: None))

    def _receive(self, message: Message) -> None:
        if message.get("sessionId") != self.id:
            return
        for handler in self._handlers.get(message["method"], ()):
            handler(message["params"])
