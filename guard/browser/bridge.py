"""A loopback bridge by which Playwright joins the guarded browser; its path is a secret of this run."""

from __future__ import annotations

import asyncio
import json
import secrets
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from guard.browser.cdp import GONE

if TYPE_CHECKING:
    from websockets.http11 import Request, Response

    from guard.browser.cdp import Connection, Raw

CLOSE_WITHIN = 0.5  # seconds; a client that hangs must not hold up the end of a visit


class Bridge:
    """Any number of Playwright clients on one browser, each in a browser session of its own.

    They see pages, never the gate; a client that leaves detaches its own session alone.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._server: Server | None = None

    async def open(self) -> str:
        """Start to listen on a free loopback port; returns the WebSocket address to connect to."""
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            0,
            process_request=self._admit,
            max_size=None,
            compression=None,
            close_timeout=CLOSE_WITHIN,
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}{self._path}"

    async def close(self) -> None:
        """Disconnect every client and stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _admit(self, client: ServerConnection, request: Request) -> Response | None:
        from_a_page = "Origin" in request.headers  # a web page always sends one, Playwright never
        if from_a_page or not secrets.compare_digest(request.path, self._path):
            return client.respond(HTTPStatus.FORBIDDEN, "forbidden\n")
        return None

    async def _serve(self, client: ServerConnection) -> None:
        try:
            session = (await self._connection.send("Target.attachToBrowserTarget"))["sessionId"]
        except GONE:
            return
        outbox: asyncio.Queue[bytes] = asyncio.Queue()
        own = _ending(session)  # the guest's own session is the root of the protocol to it

        def deliver(raw: bytes) -> None:
            outbox.put_nowait(raw.removesuffix(own) + b"}" if raw.endswith(own) else raw)

        self._connection.host(session, deliver)
        sender = asyncio.create_task(_send_all(client, outbox))
        try:
            async for text in client:
                command = json.loads(text)
                inner = command.get("sessionId") or session
                reply = partial(_reply, deliver, command["id"], _ending(inner))
                self._connection.forward_for_guest(command, inner, reply)
        except ConnectionClosed:
            pass  # the client left: an ordinary end
        finally:
            sender.cancel()
            self._connection.forward("Target.detachFromTarget", {"sessionId": session}, None, lambda _: None)


def _ending(session: str) -> bytes:
    """How the browser ends a message of this session."""
    return f',"sessionId":"{session}"}}'.encode()


def _reply(deliver: Raw, number: int, ending: bytes, raw: bytes) -> None:
    """Give an answer the guest's own number, and the session, which the browser omits when it is gone."""
    body = b'{"id":%d' % number + raw[raw.index(b",") :]
    deliver(body if body.endswith(ending) else body[:-1] + ending)


async def _send_all(client: ServerConnection, outbox: asyncio.Queue[bytes]) -> None:
    try:
        while True:
            await client.send(await outbox.get(), text=True)
    except ConnectionClosed:
        return
