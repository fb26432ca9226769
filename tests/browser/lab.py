"""A portal made for tests of the gate: real HTTPS servers that note every request and serve what a test lays down."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs

import trustme

from flows.mock.serving import HostServer, issue
from guard.browser.carried import parse_cookie_header
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings, Config, TestNetwork
from guard.core.identity import Citizen
from guard.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import BrowserContext, Page
    from starlette.types import Receive, Scope, Send

    from guard.blocking import BlockingCounter
    from guard.supervisor import Answered

LAB = "lab.portal.test"
OTHER = "other.elsewhere.test"
"""A second portal, of another site: its cookies and frames are third parties to the first one's."""
STRANGER = "stranger.test"
"""A site that no profile names."""
COOKIE = "lab_sid"

BEFORE = Citizen(name="佐藤 花子", birth_date=date(1957, 4, 1))
NOW = Citizen(name="田中 一郎", birth_date=date(1980, 9, 12))
"""The citizen being served; BEFORE is the one who forgot to log out."""

WITHIN = 5.0  # seconds for what a test waits for; two busy cores need most of one


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One request, byte for byte as the server saw it."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def session(self) -> str | None:
        return parse_cookie_header(self.headers.get("cookie")).get(COOKIE)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the lab answers."""

    body: bytes = b"<!doctype html><title>lab</title><p>lab"
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    after: float = 0.0
    """Seconds before the answer begins."""


class Lab:
    """Three hosts on loopback while the block lasts."""

    def __init__(self) -> None:
        self.hosts: dict[str, int] = {}
        self.arrivals: list[Arrival] = []
        self.answers: dict[str, Answer] = {}
        """By path, on every host; all other paths get a small page."""
        self.people: dict[str, Citizen] = {}
        """Who is logged in, by session."""
        self._servers: list[HostServer] = []

    def __enter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="lab-"))
        authority = trustme.CA(organization_name="lab")
        self.ca_file = self._directory / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        pins = []
        for host in (LAB, OTHER, STRANGER):
            certificate = issue(authority, host, self._directory)
            server = HostServer(self, certificate)
            server.start()
            self._servers.append(server)
            self.hosts[host] = server.port
            pins.append(certificate.spki)
        self.spki = tuple(pins)
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def page(self, html: str, *, path: str = "", headers: tuple[tuple[str, str], ...] = ()) -> str:
        """Lay down a page; returns its path."""
        path = path or f"/page/{secrets.token_hex(4)}"
        self.answers[path] = Answer(body=f"<!doctype html><title>lab</title>{html}".encode(), headers=headers)
        return path

    def script(self, source: str, *, path: str = "") -> str:
        """Lay down a script; returns its path."""
        path = path or f"/script/{secrets.token_hex(4)}.js"
        anywhere = (("service-worker-allowed", "/"),)
        self.answers[path] = Answer(body=source.encode(), content_type="text/javascript", headers=anywhere)
        return path

    def log_in(self, context: BrowserContext, citizen: Citizen | None) -> str:
        """Put a citizen's session, or nobody's, into a browser's cookie jar; returns its value."""
        context.clear_cookies(name=COOKIE)
        session = secrets.token_hex(12)
        if citizen is not None:
            self.people[session] = citizen
            context.add_cookies([cookie(host, session) for host in (LAB, OTHER)])
        return session

    def at(self, path: str, *, host: str | None = None) -> list[Arrival]:
        """What arrived at a path, reading requests of the browser's own (preflights) left out."""
        return [
            one
            for one in list(self.arrivals)
            if one.path == path and one.method != "OPTIONS" and host in {None, one.host}
        ]

    def switches(self) -> list[str]:
        """By which an unguarded browser finds and trusts the hosts."""
        rules = ",".join(f"MAP {host}:443 127.0.0.1:{port}" for host, port in self.hosts.items())
        return [f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={','.join(self.spki)}"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        arrival = Arrival(
            method=scope["method"],
            host=headers.get("host", "").partition(":")[0],
            path=scope["path"],
            query=scope["query_string"].decode(),
            headers=headers,
            body=body,
        )
        self.arrivals.append(arrival)
        await _say(send, self._answer(arrival), arrival)

    def _answer(self, arrival: Arrival) -> Answer:
        if arrival.path in self.answers:
            return self.answers[arrival.path]
        if arrival.path == "/whoami":
            return self.who_is_logged_in(arrival)
        if arrival.path.startswith("/hop/"):
            return _hop(arrival)
        if arrival.path.startswith("/icon") or arrival.path == "/favicon.ico":
            return Answer(status=404)
        return Answer()

    def who_is_logged_in(self, arrival: Arrival) -> Answer:
        """The truth."""
        return whoami(self.people.get(arrival.session or ""))


def whoami(citizen: Citizen | None, after: float = 0.0) -> Answer:
    """What the lab says when it is asked who is logged in."""
    said: dict[str, Any] = {"authenticated": citizen is not None}
    if citizen is not None:
        said |= {"name": citizen.name, "birthDate": str(citizen.birth_date)}
    return Answer(body=json.dumps(said).encode(), content_type="application/json", after=after)


def cookie(host: str, session: str) -> Any:
    """A session cookie that goes along with third-party requests, too."""
    return {
        "name": COOKIE,
        "value": session,
        "domain": host,
        "path": "/",
        "secure": True,
        "httpOnly": True,
        "sameSite": "None",
    }


def _hop(arrival: Arrival) -> Answer:
    """`/hop/307/x?become=s` answers 307 to /sink/x, and may change the session on the way."""
    _, _, status, name = arrival.path.split("/", 3)
    become = parse_qs(arrival.query).get("become", [])
    changed = tuple(("set-cookie", f"{COOKIE}={one}; Path=/; Secure; HttpOnly; SameSite=None") for one in become)
    return Answer(status=int(status), headers=(("location", f"/sink/{name}"), *changed))


async def _say(send: Send, answer: Answer, arrival: Arrival) -> None:
    await asyncio.sleep(answer.after)
    allowed = {
        "access-control-allow-origin": arrival.headers.get("origin", "*"),
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": "content-type",
    }
    usual = {"content-type": answer.content_type, "cache-control": "no-store", **allowed}
    own = {name for name, _ in answer.headers}
    headers = [*((name, value) for name, value in usual.items() if name not in own), *answer.headers]
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": answer.body})


def profile(name: str, host: str, **changes: object) -> Portal:
    """A portal profile of one of the lab's hosts."""
    described: dict[str, object] = {
        "name": name,
        "title": {"ja": name, "en": name},
        "origins": [f"https://{host}"],
        "session": {"cookies": [COOKIE]},
        "holder": {
            "path": "/whoami",
            "reading": "json",
            "guest": "authenticated == `false`",
            "name": "name",
            "birth_date": "birthDate",
        },
        "requests": {
            "logout": [{"method": "POST", "path": "/logout"}],
            "submission": [{"method": "GET", "path": "/submit/.*"}],
        },
        "logout": {"kills_session": False},
        "deadline": 3.0,
    }
    return Portal.model_validate(described | changes)


def lab_config(lab: Lab, state_dir: Path, **changes: object) -> Config:
    """A counter on the lab."""
    settings: dict[str, Any] = {
        "counter": "窓口1",
        "portals": (profile("lab", LAB), profile("other", OTHER)),
        "state_dir": state_dir,
        "browser": BrowserSettings(allow_no_sandbox=needs_no_sandbox()),
        "test_network": TestNetwork(hosts=lab.hosts, ca_file=lab.ca_file, trusted_spki=lab.spki),
    }
    return Config(**(settings | changes))


def wait_until(condition: Callable[[], object], what: str, within: float = WITHIN) -> None:
    """Wait without a page; fails with `what` was waited for."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        threading.Event().wait(0.005)


def answered_at(counter: BlockingCounter, path: str) -> list[Answered]:
    """The gate's answers to what was sent to one path."""
    return [one for one in counter.answered if one.submission.path == path]


@contextmanager
def new_page(context: BrowserContext) -> Iterator[Page]:
    """A tab of its own, gone with the block."""
    page = context.new_page()
    try:
        yield page
    finally:
        page.close()
