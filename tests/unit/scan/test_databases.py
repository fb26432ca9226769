"""Tests of `guard.scan.databases`, on databases of browsers old and new made by hand."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from guard.portal import load_portal
from guard.scan.databases import in_databases
from guard.scan.hosts import Hosts
from guard.scan.leftover import Kind, Leftover, Marker, Vault
from guard.scan.look import Look
from guard.scan.snapshot import snapshot
from tests.unit.profiles import IDP, POINT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Read = Callable[..., list[Leftover]]

AT = 13_439_778_000_000_000  # in the browser's own time
WHEN = datetime(2026, 11, 21, 23, 40, tzinfo=UTC)
COOKIES = """CREATE TABLE cookies (host_key TEXT, name TEXT, value TEXT, encrypted_value BLOB, creation_utc INTEGER,
last_access_utc INTEGER, expires_utc INTEGER)"""
HISTORY = """CREATE TABLE urls (url TEXT, title TEXT, visit_count INTEGER, last_visit_time INTEGER);
CREATE TABLE downloads (target_path TEXT, tab_url TEXT, referrer TEXT, start_time INTEGER)"""
LOGINS = """CREATE TABLE logins (origin_url TEXT, username_value TEXT, password_value BLOB, date_created INTEGER,
blacklisted_by_user INTEGER)"""
AUTOFILL = """CREATE TABLE autofill (name TEXT, value TEXT, date_created INTEGER, date_last_used INTEGER);
CREATE TABLE credit_cards (guid TEXT)"""


@pytest.fixture
def hosts(tmp_path: Path) -> Hosts:
    for name, text in (("point", POINT), ("idp", IDP)):
        (tmp_path / f"{name}.toml").write_text(text)
    return Hosts(load_portal(tmp_path / f"{name}.toml") for name in ("point", "idp"))


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "Default"
    (folder / "Network").mkdir(parents=True)
    return folder


@pytest.fixture
def read(profile: Path, hosts: Hosts) -> Read:
    def read(*, show_names: bool = False, unseen: list[str] | None = None) -> list[Leftover]:
        notes: list[str] = [] if unseen is None else unseen
        with snapshot(notes.append) as copies:
            look = Look(
                profile=profile,
                copies=copies,
                hosts=hosts,
                marker=Marker(bytes(32)),
                vault=Vault(),
                show_names=show_names,
                unseen=notes.append,
            )
            return list(in_databases(look))

    return read


def make(path: Path, schema: str, **tables: Sequence[tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(schema)
        for table, written in tables.items():
            for row in written:
                database.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)


@pytest.mark.parametrize("place", ["Cookies", "Network/Cookies"])
def test_a_session_cookie_tells_its_portal_and_its_times(profile: Path, read: Read, place: str) -> None:
    """Chromium keeps cookies in either place, by version and system."""
    make(profile / place, COOKIES, cookies=[("point.portal.test", "point_session", "", b"v10secret", AT, AT, 0)])

    (found,) = read()

    assert (found.kind, found.portal, found.where) == (Kind.SESSION_COOKIE, "point", place)
    assert (found.created, found.used, found.expires) == (WHEN, WHEN, None)


@pytest.mark.parametrize(
    ("host", "name", "kinds"),
    [
        ("point.portal.test", "point_session", {(Kind.SESSION_COOKIE, "point")}),
        (".portal.test", "point_session", {(Kind.SESSION_COOKIE, "point")}),
        (".point.portal.test", "point_session", {(Kind.SESSION_COOKIE, "point")}),
        (".portal.test", "remember", {(Kind.COOKIE, "point")}),
        ("portal.test", "point_session", set()),  # without the dot it is sent to that host alone
        ("evilportal.test", "point_session", set()),
        (".point.portal.test.evil.test", "point_session", set()),
        ("sub.point.portal.test", "point_session", set()),
        ("idp.portal.test", "point_session", {(Kind.COOKIE, "idp")}),
    ],
)
def test_a_cookie_belongs_to_the_portals_that_it_is_sent_to(
    profile: Path, read: Read, host: str, name: str, kinds: set[tuple[Kind, str]]
) -> None:
    make(profile / "Cookies", COOKIES, cookies=[(host, name, "", b"v10secret", AT, AT, 0)])

    assert {(one.kind, one.portal) for one in read()} == kinds


def test_history_counts_visits_to_portals_and_to_nobody_else(profile: Path, read: Read) -> None:
    urls = [
        ("https://point.portal.test/a?name=佐藤", "t", 3, AT),
        ("https://point.portal.test:8443/b", "t", 2, AT - 10_000_000),
        ("https://news.test/?u=point.portal.test", "t", 9, AT),
        ("https://[broken", "t", 1, AT),
    ]
    make(profile / "History", HISTORY, urls=urls)

    (found,) = read()

    assert (found.kind, found.host, found.count, found.used) == (Kind.HISTORY, "point.portal.test", 5, WHEN)


def test_names_of_files_and_users_are_digests_unless_they_may_be_seen(profile: Path, read: Read) -> None:
    path = "C:\\Users\\counter\\Downloads\\佐藤花子.pdf"
    make(profile / "History", HISTORY, downloads=[(path, "https://point.portal.test/d", "", AT)])
    make(profile / "Login Data", LOGINS, logins=[("https://idp.portal.test/", "hanako", b"v10pw", AT, 0)])

    hidden = json.dumps([asdict(one) for one in read()], default=str, ensure_ascii=False)
    assert "佐藤" not in hidden
    assert "hanako" not in hidden
    assert [(one.kind, one.what) for one in read(show_names=True)] == [
        (Kind.DOWNLOAD, "佐藤花子.pdf"),
        (Kind.SAVED_LOGIN, "hanako"),
    ]


def test_a_site_for_which_nothing_is_ever_saved_is_no_saved_login(profile: Path, read: Read) -> None:
    make(profile / "Login Data", LOGINS, logins=[("https://idp.portal.test/", "", b"", AT, 1)])

    assert read() == []


def test_autofill_is_counted_and_never_shown(profile: Path, read: Read) -> None:
    typed = [("phone", "0240000001", 1_790_000_000, 1_790_000_100), ("mail", "x@example.test", 1_790_000_000, 0)]
    make(profile / "Web Data", AUTOFILL, autofill=typed, credit_cards=[("g",)])

    fields, cards = read(show_names=True)

    assert (fields.kind, fields.count, fields.used) == (Kind.AUTOFILL, 2, datetime(2026, 9, 21, 14, 15, tzinfo=UTC))
    assert (cards.what, cards.count) == ("credit cards", 1)
    assert "0240000001" not in repr((fields, cards))


def test_a_database_of_an_unknown_form_is_named_and_the_others_are_read(profile: Path, read: Read) -> None:
    """A browser of the future renames a table; silence would look like a clean profile."""
    make(profile / "Cookies", "CREATE TABLE biscuits (name TEXT)")
    make(profile / "Login Data", LOGINS, logins=[("https://idp.portal.test/", "hanako", b"v10pw", AT, 0)])
    unseen: list[str] = []

    assert [one.kind for one in read(unseen=unseen)] == [Kind.SAVED_LOGIN]
    assert unseen == ["Default/Cookies: not read by cookies (OperationalError)"]


@pytest.mark.parametrize("odd", [-1, 2**62, None, "yesterday", b"\xff", 1.5])
def test_a_time_that_is_none_costs_no_finding(profile: Path, read: Read, odd: object) -> None:
    make(profile / "Cookies", COOKIES, cookies=[("point.portal.test", "point_session", "", b"v10", odd, odd, odd)])

    (found,) = read()

    assert (found.created, found.expires) == (None, None)


def test_a_value_that_is_no_text_costs_no_finding(profile: Path, read: Read) -> None:
    bad = [(b"\xff\xfe", None, b"\xff", None), (None, "https://point.portal.test/", None, AT)]
    make(profile / "History", HISTORY, downloads=bad, urls=[(b"\xff", None, None, None)])

    assert len(read(show_names=True)) == 2
