"""What stands between a counter and its portals in an office: a proxy, and a server that hands out its script (PAC)."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class OfficeProxy:
    """An HTTP proxy that opens tunnels. It finds the portals itself, as a proxy does: a browser sends it the names."""

    def __init__(self, hosts: Mapping[str, int]) -> None:
        """`hosts` are the names that it finds on this machine, with their ports."""
        self._hosts = hosts
        self._roads: set[asyncio.Task[None]] = set()
        self.tunnels: list[str] = []
        """Host and port of each tunnel that was asked for."""
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def stop(self, server: asyncio.Server) -> None:
        server.close()
        for road in self._roads:
            road.cancel()
        await asyncio.gather(*self._roads, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        road = asyncio.current_task()
        assert road is not None
        self._roads.add(road)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._tunnel(reader, writer)
        finally:
            writer.close()
            self._roads.discard(road)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, *_ = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split(" ")
        self.tunnels.append(target)
        port = self._hosts.get(target.removesuffix(":443"))
        if method != "CONNECT" or port is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            return
        there, out = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(_carry(reader, out), _carry(there, writer))
        finally:
            out.close()


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while part := await source.read(65536):
            sink.write(part)
            await sink.drain()
    finally:
        sink.close()  # one way closed is the whole tunnel closed


@contextmanager
def office_proxy(hosts: Mapping[str, int]) -> Iterator[OfficeProxy]:
    """A proxy on a port of its own while the block lasts."""
    proxy = OfficeProxy(hosts)
    with start_blocking_portal(name="office proxy") as loop:
        server = loop.call(proxy.start)
        try:
            yield proxy
        finally:
            loop.call(proxy.stop, server)


@contextmanager
def handing_out(script: str, *, status: int = 200) -> Iterator[str]:
    """A web server of the office; gives the address of a script (PAC)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/x-ns-proxy-autoconfig; charset=utf-8")
            self.end_headers()
            self.wfile.write(script.encode())

        def log_message(self, *_: object) -> None:  # pytest's output is for failures
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/proxy.pac"
        finally:
            server.shutdown()
            thread.join()
