"""Tests of `guard.scan.storages`; what a real browser writes is tested in tests/browser/test_scan_places.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.portal import load_portal
from guard.scan.hosts import Hosts
from guard.scan.leftover import Kind, Leftover, Marker, Vault
from guard.scan.look import Look
from guard.scan.snapshot import snapshot
from guard.scan.storages import in_storages
from tests.unit.profiles import POINT
from tests.unit.scan.leveldbs import batch, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[..., list[Leftover]]

ORIGIN = b"https://point.portal.test"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "Default"
    folder.mkdir()
    return folder


@pytest.fixture
def read(profile: Path, tmp_path: Path) -> Read:
    (tmp_path / "point.toml").write_text(POINT)
    hosts = Hosts([load_portal(tmp_path / "point.toml")])

    def read(*, show_names: bool = False, unseen: list[str] | None = None) -> list[Leftover]:
        notes: list[str] = [] if unseen is None else unseen
        with snapshot(notes.append) as copies:
            marker = Marker(bytes(32))
            look = Look(
                profile=profile,
                copies=copies,
                hosts=hosts,
                marker=marker,
                vault=Vault(),
                show_names=show_names,
                unseen=notes.append,
            )
            return list(in_storages(look))

    return read


def store(folder: Path, *puts: tuple[bytes, bytes | None]) -> None:
    folder.mkdir(parents=True)
    (folder / "000003.log").write_bytes(log(batch(1, *puts)))


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (b"\x01access_token", "access_token"),
        (b"\x01user:4711", None),  # a digit may be somebody's number
        (b"\x00" + "お名前".encode("utf-16-le"), None),
    ],
)
def test_the_name_of_a_key_is_shown_only_if_it_can_be_nobodys(
    profile: Path, read: Read, key: bytes, shown: str | None
) -> None:
    store(profile / "Local Storage/leveldb", (b"_" + ORIGIN + b"\0" + key, b"\x01value"))

    (found,) = read()

    assert (found.kind, found.portal) == (Kind.LOCAL_STORAGE, "point")
    assert (found.what == shown) if shown else (found.what or "").startswith("key ")
    assert "value" not in repr(found)


@pytest.mark.parametrize(
    "origin",
    [b"https://other.test", b"https://point.portal.test.evil.test", b"chrome-extension://abc", b"", b"\xff\xfe"],
)
def test_what_other_origins_keep_is_not_the_portals(profile: Path, read: Read, origin: bytes) -> None:
    store(profile / "Local Storage/leveldb", (b"_" + origin + b"\0\x01k", b"\x01v"))

    assert read() == []


def test_a_frame_of_the_portal_in_another_site_counts_as_the_portals(profile: Path, read: Read) -> None:
    """Its storage is kept apart by the site around it."""
    store(profile / "Local Storage/leveldb", (b"_" + ORIGIN + b"/^0https://other.test\0\x01k", b"\x01v"))

    assert [one.host for one in read()] == ["point.portal.test"]


def test_session_storage_is_found_by_its_two_halves(profile: Path, read: Read) -> None:
    store(
        profile / "Session Storage",
        (b"namespace-af01_23-" + ORIGIN + b"/", b"7"),
        (b"namespace-af01_23-https://other.test/", b"8"),
        (b"map-7-refresh", "token".encode("utf-16-le")),
        (b"map-8-refresh", "token".encode("utf-16-le")),
    )

    (found,) = read()

    assert (found.kind, found.what, found.host) == (Kind.SESSION_STORAGE, "refresh", "point.portal.test")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("place", ["Sessions/Session_1", "Sessions/Tabs_1", "Current Session", "Last Tabs"])
def test_tabs_that_may_be_opened_again_are_found(profile: Path, read: Read, place: str, encoding: str) -> None:
    (profile / "Sessions").mkdir()
    (profile / place).write_bytes(b"SNSS\x03" + "https://point.portal.test/my".encode(encoding))
    (profile / "Sessions" / "Session_2").write_bytes("https://point.portal.test.evil.test/".encode(encoding))

    (found,) = read()

    assert (found.kind, found.where, found.portal) == (Kind.RESTORE_FILE, place, "point")
    assert found.used is not None


def test_tabs_that_the_browser_encrypts_are_said_to_be_unknown(profile: Path, read: Read) -> None:
    (profile / "Sessions_Encrypted").mkdir()
    (profile / "Sessions_Encrypted" / "Session_1").touch()
    unseen: list[str] = []

    assert read(unseen=unseen) == []
    assert "Sessions_Encrypted" in unseen[0]


def test_a_storage_of_an_unknown_form_is_named(profile: Path, read: Read) -> None:
    (profile / "Local Storage").mkdir()
    (profile / "Local Storage" / "store.sqlite").touch()
    unseen: list[str] = []

    read(unseen=unseen)

    assert unseen == ["Default/Local Storage/store.sqlite: of an unknown form, not read"]


def test_a_damaged_storage_is_named(profile: Path, read: Read) -> None:
    store(profile / "Local Storage/leveldb", (b"_" + ORIGIN + b"\0\x01k", b"\x01v"))
    (profile / "Local Storage/leveldb/000005.ldb").write_bytes(b"damaged")
    unseen: list[str] = []

    assert len(read(unseen=unseen)) == 1
    assert "000005.ldb" in unseen[0]


def test_a_database_of_a_form_that_cannot_be_read_is_still_found(profile: Path, read: Read) -> None:
    """Its name says whose it is."""
    (profile / "IndexedDB").mkdir()
    (profile / "IndexedDB" / "https_point.portal.test_0.indexeddb.sqlite").touch()

    (found,) = read()

    assert (found.kind, found.host) == (Kind.INDEXED_DB, "point.portal.test")
