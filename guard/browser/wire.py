"""Two roads to ask a portal something: from inside the browser, and, when it is gone, from outside."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import httpx

from guard.browser.session_key import parse_cookie_header
from guard.core.identity import Obscurity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.config import Config
    from guard.portal import Portal

LARGEST_ANSWER = 1 << 20  # bytes; who asks "who is logged in?" is not answered with a megabyte


class WireError(Exception):
    """The portal could not be asked; `why` says in which way."""

    def __init__(self, why: Obscurity) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a portal answered. A redirect is an answer, and is not followed; its status is then 300."""

    status: int
    content_type: str
    body: str


class Wire(Protocol):
    """One road to one portal under one session."""

    async def send(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, within: float = 5.0
    ) -> Answer:
        """Send a request and return the answer. Raises WireError after `within` seconds or on any fault."""
        ...


class Outside:
    """The guard's own connections to the portals, for what must be possible without a browser."""

    def __init__(self, config: Config) -> None:
        network = config.test_network
        context = ssl.create_default_context(cafile=str(network.ca_file) if network else None)
        hosts = dict(network.hosts) if network else {}
        self._client = httpx.AsyncClient(
            transport=_MappedHosts(hosts, verify=context, proxy=config.browser.proxy), follow_redirects=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    def wire(self, portal: Portal, cookie: str) -> OutsideWire:
        """A road under the session of a `Cookie` header that the browser has sent."""
        return OutsideWire(self._client, portal, cookie)


class OutsideWire:
    """Speaks as the browser spoke; follows a rotating session, and repeats the very same one otherwise."""

    def __init__(self, client: httpx.AsyncClient, portal: Portal, cookie: str) -> None:
        self._client = client
        self._portal = portal
        self._origin = portal.origin
        self._follow = portal.session.rotates
        self._cookies = parse_cookie_header(cookie)
        self._sent = cookie

    def twin(self) -> OutsideWire:
        """A second road under the session that the last request carried, whatever its answer made of it."""
        return OutsideWire(self._client, self._portal, self._sent)

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    async def send(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, within: float = 5.0
    ) -> Answer:
        """As `Wire.send`."""
        self._sent = self._cookie
        headers = {b"Cookie": self._sent.encode()}  # as bytes: portals put more than ASCII into cookies
        if method not in {"GET", "HEAD"}:
            headers[b"Origin"] = self._origin.encode()
        try:
            # Of its own, because httpx starts its limit anew with every byte that drips in.
            async with asyncio.timeout(within):
                return await self._exchange(method, self._origin + path, headers, form)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise WireError(Obscurity.TIMEOUT) from error
        except httpx.HTTPError as error:
            raise WireError(Obscurity.UNREACHABLE) from error
        except (httpx.InvalidURL, LookupError, UnicodeError) as error:  # a charset that does not exist, say
            raise WireError(Obscurity.NOT_UNDERSTOOD) from error

    async def _exchange(
        self, method: str, url: str, headers: dict[bytes, bytes], form: Mapping[str, str] | None
    ) -> Answer:
        data = dict(form or {}) or None
        async with self._client.stream(method, url, headers=headers, data=data, timeout=None) as response:
            body = await _short_body(response)
            self._client.cookies.clear()  # each wire carries its own session; the client must keep none
            if self._follow:
                self._cookies.update(response.cookies.items())
            return Answer(
                status=300 if response.is_redirect else response.status_code,
                content_type=response.headers.get("content-type", ""),
                body=body.decode(response.encoding or "utf-8", errors="replace"),
            )


async def _short_body(response: httpx.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise WireError(Obscurity.AMBIGUOUS)
    return body


class _MappedHosts(httpx.AsyncHTTPTransport):
    """Leads the names of a test network to their loopback ports, under their own TLS names."""

    def __init__(self, hosts: Mapping[str, int], *, verify: ssl.SSLContext, proxy: str | None) -> None:
        super().__init__(verify=verify, proxy=proxy)
        self._hosts = hosts

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        port = self._hosts.get(request.url.host)
        if port is not None:
            request.extensions["sni_hostname"] = request.url.host
            request.url = request.url.copy_with(host="127.0.0.1", port=port)
        return await super().handle_async_request(request)
