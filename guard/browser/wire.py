"""Two roads to ask a portal something: from inside the browser, and, when it is gone, from outside."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import httpx

from guard.browser.carried import Carried, parse_cookie_header, token_of
from guard.core.identity import Obscurity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.config import Config
    from guard.portal import Portal

CACHE_SIGNS = ("x-cache", "cf-cache-status")
HOPS = 5
LARGEST_ANSWER = 1 << 20  # bytes; who asks "who is logged in?" is not answered with a megabyte


class WireError(Exception):
    """The portal could not be asked; `why` says in which way."""

    def __init__(self, why: Obscurity) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a portal answered. A redirect that is not followed is an answer, too; its status is then 300."""

    status: int
    content_type: str
    body: bytes
    from_cache: bool = False
    """Whether a cache on the way gave it, by its own headers; it may then be an answer to somebody else."""


def from_cache(age: str, *signs: str) -> bool:
    """Whether the headers Age (RFC 9111), X-Cache and the like tell of a cache on the way."""
    return age.strip() not in {"", "0"} or any("hit" in sign.lower() for sign in signs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One request to a portal's first origin."""

    path: str
    method: str = "GET"
    form: Mapping[str, str] | None = None
    """Fields of a form; None for a request without body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Beside those that every request of the session carries."""
    follow: bool = False
    """Whether to go along with redirects inside the origin."""
    within: float = 5.0
    """Seconds for the whole answer."""


def who_is_logged_in(portal: Portal, within: float | None = None) -> Question:
    """The identity question of a portal, for its own deadline at most."""
    limit = portal.deadline if within is None else min(within, portal.deadline)
    return Question(path=portal.holder.path, follow=portal.holder.follow_redirects, within=limit)


class Wire(Protocol):
    """One road to one portal under one session."""

    async def ask(self, question: Question) -> Answer:
        """Send the question and return the answer. Raises WireError on any fault, and when it was not in time."""
        ...

    async def cookie(self, name: str) -> str | None:
        """Value of a cookie of the session."""
        ...

    @property
    def token(self) -> str:
        """The bearer token that the last request went out with; empty if it was none."""
        ...


class Outside:
    """The guard's own connections to the portals, for what must be possible without a browser."""

    def __init__(self, config: Config) -> None:
        network = config.test_network
        context = ssl.create_default_context(cafile=str(network.ca_file) if network else None)
        # A proxy is sent the names and finds the hosts itself, as for the browser.
        hosts = dict(network.hosts) if network and config.browser.proxy is None else {}
        self._client = httpx.AsyncClient(
            transport=_MappedHosts(hosts, verify=context, proxy=config.browser.proxy), follow_redirects=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    def wire(self, portal: Portal, carried: Carried) -> OutsideWire:
        """A road under the session that the browser has carried."""
        return OutsideWire(self._client, portal, carried)


class OutsideWire:
    """Speaks as the browser spoke; follows a rotating session, and repeats the very same one otherwise."""

    def __init__(self, client: httpx.AsyncClient, portal: Portal, carried: Carried) -> None:
        self._client = client
        self._portal = portal
        self._origin = portal.origin
        self._follow = portal.session.rotates
        self._cookies = parse_cookie_header(carried.cookie)
        self._brought: dict[str, str] = {}
        self._sent = carried

    def twin(self) -> OutsideWire:
        """A second road under the session that the last request carried, whatever its answer made of it."""
        return OutsideWire(self._client, self._portal, self._sent)

    def parts(self) -> list[OutsideWire]:
        """A road under each part of that session alone, if it has several: one of them may log in by itself."""
        cookies = parse_cookie_header(self._sent.cookie)
        kept = [Carried(cookie=f"{name}={cookies[name]}") for name in self._portal.session.cookies if cookies.get(name)]
        parts = [*kept, Carried(token=self._sent.token)] if self._sent.token else kept
        return [OutsideWire(self._client, self._portal, part) for part in parts] if len(parts) > 1 else []

    def heir(self) -> OutsideWire | None:
        """A road under the session that answers have brought beside the one that was sent; None if they brought none.

        A cookie that logs in by itself starts one with every request that carries no other.
        """
        if self._follow or not self._brought:
            return None
        cookie = "; ".join(f"{name}={value}" for name, value in (self._cookies | self._brought).items())
        return OutsideWire(self._client, self._portal, Carried(cookie=cookie, token=self._sent.token))

    @property
    def token(self) -> str:
        """As `Wire.token`."""
        return token_of(self._sent, self._portal.session)

    async def cookie(self, name: str) -> str | None:
        """As `Wire.cookie`."""
        return self._cookies.get(name)

    async def ask(self, question: Question) -> Answer:
        """As `Wire.ask`."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._sent = Carried(cookie=cookie, token=self._sent.token)
        sent = self._headers(question.method) | dict(question.headers)
        # As bytes: portals put more than ASCII into cookies.
        encoded = {name.encode(): value.encode() for name, value in sent.items()}
        try:
            # Of its own, because httpx starts its limit anew with every byte that drips in.
            async with asyncio.timeout(question.within):
                return await self._exchange(question, httpx.URL(self._origin + question.path), encoded)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise WireError(Obscurity.TIMEOUT) from error
        except httpx.HTTPError as error:
            raise WireError(Obscurity.UNREACHABLE) from error
        except (httpx.InvalidURL, LookupError, UnicodeError) as error:  # a charset that does not exist, say
            raise WireError(Obscurity.NOT_UNDERSTOOD) from error

    def _of_session(self, cookies: httpx.Cookies) -> dict[str, str]:
        named = self._portal.session.cookies
        return {name: value for name, value in cookies.items() if name in named and self._cookies.get(name) != value}

    def _headers(self, method: str) -> dict[str, str]:
        headers = {"Cookie": self._sent.cookie}
        if self._portal.session.token and self._sent.token:
            headers[self._portal.session.token.header] = self._sent.token
        if method not in {"GET", "HEAD"}:
            headers["Origin"] = self._origin
        return headers

    async def _exchange(
        self, question: Question, url: httpx.URL, headers: dict[bytes, bytes], hops: int = HOPS
    ) -> Answer:
        data = dict(question.form or {}) or None
        async with self._client.stream(question.method, url, headers=headers, data=data, timeout=None) as response:
            body = await _short_body(response)
            self._client.cookies.clear()  # each wire carries its own session; the client must keep none
            if self._follow:
                self._cookies.update(response.cookies.items())
            self._brought.update(self._of_session(response.cookies))
            onward = url.join(response.headers.get("location", "")) if response.is_redirect else None
            at_home = onward is not None and (onward.scheme, onward.netloc) == (url.scheme, url.netloc)
            if onward is not None and at_home and question.follow and hops:
                return await self._exchange(replace(question, method="GET", form=None), onward, headers, hops - 1)
            return Answer(
                status=300 if response.is_redirect else response.status_code,
                content_type=response.headers.get("content-type", ""),
                body=body,
                from_cache=from_cache(*(response.headers.get(name, "") for name in ("age", *CACHE_SIGNS))),
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
