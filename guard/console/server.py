"""The console's web server, inside the supervisor's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from typing import TYPE_CHECKING, Final

import uvicorn

from guard.console.door import ENTRY, Keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

_START_DEADLINE: Final = 5.0  # seconds; it takes some milliseconds, so more than this means that it will never start


class ConsoleServer:
    """Serves a console on 127.0.0.1 from `start()` to `stop()`. Leaves the process's signals alone."""

    def __init__(self, app: Starlette, port: int = 0) -> None:
        """`app` comes from `create_app`; port 0 takes a free one."""
        keys = app.state.keys
        assert isinstance(keys, Keys)  # noqa: S101 - an app that did not come from `create_app` is a mistake in code
        self._keys = keys
        self._app = app
        self._wanted_port = port
        self._socket: socket.socket | None = None
        self._server: _QuietServer | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        if self._socket is None:
            msg = "the console is not started"
            raise RuntimeError(msg)
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """Where to open the console. Works once; a second window needs `new_url()`."""
        return f"http://127.0.0.1:{self.port}{ENTRY}?token={self._keys.token or ''}"

    def new_url(self) -> str:
        """An address with a fresh token. Opening it shuts out the window that was open before."""
        self._keys.issue()
        return self.url

    async def start(self) -> None:
        """Serve, and return when requests are answered. Raises OSError if the port is taken."""
        self._socket = _listen(self._wanted_port)
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,  # its lines would hold the token
            lifespan="off",
            server_header=False,
            proxy_headers=False,  # or the Door would believe a header about who is asking
            timeout_graceful_shutdown=1,  # seconds; an answer takes some milliseconds
        )
        self._server = _QuietServer(config)
        self._running = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="console")
        async with asyncio.timeout(_START_DEADLINE):
            while not self._server.started and not self._running.done():  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
        if self._running.done():
            self._running.result()

    async def stop(self) -> None:
        """End the server and its open streams. Does nothing if it is not running."""
        if self._server is None or self._running is None:
            return
        self._app.state.going_down.set()  # the event streams never end by themselves
        self._server.should_exit = True
        await self._running
        self._server = self._running = self._socket = None


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl+C to the supervisor, which has a visit to close first."""
        yield


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # a restart finds its port again; on Windows the option would let another program share it
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener
