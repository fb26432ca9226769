"""A session that is a bearer token: found, asked about and ended without any browser."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from guard.cli import app
from guard.scan.tokens import token_in
from tests.unit.scan.leveldbs import batch, log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "opaque-token-0815-of-sato"  # noqa: S105  # invented
PROFILE = """
name = "spa"
title = {{ ja = "申請", en = "Applications" }}
origins = ["{origin}"]
session = {{ token = {{ storage = "{storage}", {key} }} }}
holder = {{ path = "/me", reading = "json", guest = "guest", name = "name" }}
[[logout.steps]]
path = "/logout"
"""
_KEYS = dict.fromkeys(("local", "session"), 'key = "auth", inside = "user.token"') | {
    "indexed_db": 'key = "db/store/key"'
}
STORED = json.dumps({"user": {"token": TOKEN}})


class Portal:
    """A portal that knows its visitors by a bearer token alone."""

    def __init__(self) -> None:
        self.alive = {f"Bearer {TOKEN}"}
        self.arrived: list[tuple[str, str]] = []
        self.origin = ""

    def answer(self, method: str, path: str, token: str) -> dict[str, Any]:
        self.arrived.append((method, path))
        if path == "/logout":
            self.alive.discard(token)
        return {"name": "佐藤 花子"} if token in self.alive else {"guest": True}


@contextmanager
def served(portal: Portal) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(portal.answer(self.command, self.path, self.headers.get("Authorization", ""))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # http.server's own name

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        portal.origin = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield
        server.shutdown()


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    with served(portal):
        yield portal


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "Default"
    folder.mkdir()
    (folder / "Preferences").write_text("{}")
    return folder


def scan(portal: Portal, profile: Path, *options: str, storage: str = "local") -> tuple[str, dict[str, Any]]:
    (profile.parent / "spa.toml").write_text(PROFILE.format(origin=portal.origin, storage=storage, key=_KEYS[storage]))
    config = profile.parent / "counter.toml"
    config.write_text(f'counter = "窓口1"\nportals = ["spa.toml"]\nstate_dir = "{profile.parent}"')
    result = CliRunner().invoke(app, ["scan", str(profile), "--config", str(config), "--json", *options])
    assert result.exit_code == 1, result.output
    return result.output, json.loads(result.stdout)


def in_local_storage(portal: Portal, profile: Path, value: str | None = STORED) -> None:
    folder = profile / "Local Storage/leveldb"
    folder.mkdir(parents=True, exist_ok=True)
    key = f"_{portal.origin}".encode() + b"\0\x01auth"
    puts = [batch(1, (key, b"\x01" + STORED.encode()))]
    if value != STORED:
        puts.append(batch(2, (key, None if value is None else b"\x01" + value.encode())))
    (folder / "000003.log").write_bytes(log(*puts))


def in_session_storage(portal: Portal, profile: Path) -> None:
    folder = profile / "Session Storage"
    folder.mkdir(parents=True)
    spaces = (f"namespace-a_b-{portal.origin}/".encode(), b"0"), (b"map-0-auth", STORED.encode("utf-16-le"))
    (folder / "000003.log").write_bytes(log(batch(1, *spaces)))


def test_the_token_that_a_profile_names_is_a_session(portal: Portal, profile: Path) -> None:
    in_local_storage(portal, profile)

    said, document = scan(portal, profile)

    assert [(one["kind"], one["portal"], one["what"]) for one in document["leftovers"]] == [
        ("session_token", "spa", "auth")
    ]
    assert TOKEN not in said
    assert portal.arrived == []


@pytest.mark.parametrize("storage", ["local", "session"])
def test_a_token_is_asked_about_and_ended(portal: Portal, profile: Path, storage: str) -> None:
    (in_local_storage if storage == "local" else in_session_storage)(portal, profile)

    said, document = scan(portal, profile, "--ask-portals", "--log-out", storage=storage)

    (session,) = document["sessions"]
    assert (session["state"], session["logged_out"], session["replay_refused"]) == ("alive", True, True)
    assert portal.alive == set()
    assert TOKEN not in said
    assert "佐藤" not in said
    (again,) = scan(portal, profile, "--ask-portals", storage=storage)[1]["sessions"]
    assert again["state"] == "dead"


def test_a_logout_that_changes_nothing_is_not_taken_for_one(portal: Portal, profile: Path) -> None:
    """The replay tells, not the portal's friendly answer."""
    in_local_storage(portal, profile)
    portal.alive = type("Undying", (set,), {"discard": lambda *_: None})(portal.alive)

    (session,) = scan(portal, profile, "--ask-portals", "--log-out")[1]["sessions"]

    assert (session["logged_out"], session["replay_refused"]) == (True, False)


def test_a_token_that_the_page_removed_or_replaced_is_no_session(portal: Portal, profile: Path) -> None:
    in_local_storage(portal, profile, value='{"user": null}')

    _, document = scan(portal, profile, "--ask-portals")

    assert [one["kind"] for one in document["leftovers"]] == ["local_storage"]
    assert document["sessions"] == []
    assert portal.arrived == []


def test_a_jwt_in_indexed_db_is_a_session_where_the_portal_keeps_it_there(portal: Portal, profile: Path) -> None:
    """Its key only a browser could read; a token that the page deleted is found, and not asked about."""
    jwts = [f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ7{number}fQ.c2lnbmF0dXJl" for number in ("AAAA", "BBBB")]
    portal.alive = {f"Bearer {jwts[0]}"}
    folder = profile / f"IndexedDB/{portal.origin.replace('://', '_').replace(':', '_')}.indexeddb.leveldb"
    folder.mkdir(parents=True)
    puts = batch(1, (b"\0\1", jwts[0].encode()), (b"\0\2", jwts[1].encode())), batch(3, (b"\0\2", None))
    (folder / "000003.log").write_bytes(log(*puts))

    said, document = scan(portal, profile, "--ask-portals", storage="indexed_db")

    assert [(one["kind"], one["what"]) for one in document["leftovers"]] == [
        ("indexed_db", "database"),
        ("session_token", "JWT"),
        ("indexed_db", "JWT, deleted"),
    ]
    assert [one["state"] for one in document["sessions"]] == ["alive"]
    assert not any(jwt in said for jwt in jwts)


@pytest.mark.parametrize(
    ("value", "inside", "token"),
    [
        ("t", None, "t"),
        ("", None, None),
        ('{"a": {"b": "t"}}', "a.b", "t"),
        ('{"a": ["t"]}', "a.b", None),
        ('{"a": {"b": 3}}', "a.b", None),
        ("not json", "a", None),
        ("[" * 10_000, "a", None),
    ],
)
def test_a_token_is_read_from_where_the_profile_says(value: str, inside: str | None, token: str | None) -> None:
    assert token_in(value, inside) == token
