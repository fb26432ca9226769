"""A loopback bridge by which Playwright joins the guarded browser; its path is a secret of this run."""

from __future__ import annotations

import asyncio
import json
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from guard.browser.cdp import GONE, Connection, Message

if TYPE_CHECKING:
    from websockets.http11 import Request, Response

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
        outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._connection.own(session, lambda event: outbox.put_nowait(_unwrap(event, session)))
        sender = asyncio.create_task(_send_all(client, outbox))  # awaited below
        try:
            async for text in client:
                self._pass_on(json.loads(text), session, outbox)
        except ConnectionClosed:
            pass  # the client left: an ordinary end
        finally:
            sender.cancel()
            self._connection.forward("Target.detachFromTarget", {"sessionId": session}, None, lambda _: None)

    def _pass_on(self, command: Message, session: str, outbox: asyncio.Queue[Message]) -> None:
        number, inner = command["id"], command.get("sessionId")

        def reply(answer: Message) -> None:
            returned = {**answer, "id": number}
            outbox.put_nowait(_unwrap(returned, session) if inner is None else {**returned, "sessionId": inner})

        self._connection.forward(command["method"], command.get("params") or {}, inner or session, reply)


def _unwrap(message: Message, session: str) -> Message:
    """Present the client's own browser session to it as the root of the protocol."""
    if message.get("sessionId") == session:
        return {key: value for key, value in message.items() if key != "sessionId"}
    return message


async def _send_all(client: ServerConnection, outbox: asyncio.Queue[Message]) -> None:
    try:
        while True:
            await client.send(json.dumps(await outbox.get()))
    except ConnectionClosed:
        return
