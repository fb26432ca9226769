from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from guard.browser import residue
from guard.browser.residue import FOLDERS, found_in
from guard.core.leftovers import Place

HSTS = {
    "sts": [{"expiry": 1795309584.5, "host": "pO2Pt4ekoh0P2QvNl0NxKuqC5v7TXSTW7gzBayR9Obc=", "mode": "force-https"}],
    "version": 2,
}
"""As Chromium 156 wrote it on its way out; while it runs, it is late."""
SERVER = {
    "net": {
        "http_server_properties": {
            "servers": [{"alternative_service": [{"port": 443, "protocol_str": "h3"}], "server": "https://lab.test"}],
            "version": 5,
        }
    }
}
ZOOM = {"partition": {"per_host_zoom_levels": {"x": {"lab.test": {"zoom_level": 1.2}}}}}
SITE = {"profile": {"content_settings": {"exceptions": {"geolocation": {"https://lab.test:443,*": {"setting": 1}}}}}}
EMPTY = {
    "TransportSecurity": {"sts": [], "version": 2},
    "Network Persistent State": {"net": {"http_server_properties": {"servers": [], "version": 5}}},
    "Preferences": {"profile": {"content_settings": {"exceptions": {"geolocation": {}, "migrated": True}}}},
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residue, "PAUSES", (0.0, 0.01))


def lay(profile: Path, name: str, content: bytes) -> Path:
    file = profile / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("file", "state", "place"),
    [
        ("TransportSecurity", HSTS, Place.HSTS),
        ("Network Persistent State", SERVER, Place.NETWORK_STATE),
        ("Preferences", ZOOM, Place.PERMISSIONS),
        ("Preferences", SITE, Place.PERMISSIONS),
    ],
)
def test_a_site_in_the_browsers_settings_is_found(
    file: str, state: dict[str, object], place: Place, tmp_path: Path
) -> None:
    lay(tmp_path, f"Default/{file}", json.dumps(state).encode())
    assert [found for found, _ in found_in(tmp_path)] == [place]


def test_settings_without_a_site_hold_nothing(tmp_path: Path) -> None:
    for file, state in EMPTY.items():
        for content in (state, {}):
            lay(tmp_path, f"Default/{file}", json.dumps(content).encode())
            assert list(found_in(tmp_path)) == []


@pytest.mark.parametrize(("place", "folder", "content"), [(place, name, text) for place, name, text in FOLDERS])
def test_a_file_of_a_site_is_found_in_each_folder(place: Place, folder: str, content: object, tmp_path: Path) -> None:
    """Whatever it is that would have written it."""
    assert content
    lay(tmp_path, f"{folder}/000003.log", b"\0_keyhttps://lab.test/ https_lab.test_0")
    assert {found for found, _ in found_in(tmp_path)} == {place}


def test_an_address_in_sixteen_bits_is_an_address(tmp_path: Path) -> None:
    lay(tmp_path, "Default/Local Storage/leveldb/000003.log", "x https://lab.test/".encode("utf-16-le"))
    assert [place for place, _ in found_in(tmp_path)] == [Place.LOCAL_STORAGE]


def test_an_extensions_own_address_is_no_leftover(tmp_path: Path) -> None:
    lay(tmp_path, "Default/Service Worker/Database/000003.log", b"chrome-extension://abcdef/")
    assert list(found_in(tmp_path)) == []


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"\xff" * 200, b"no database at all"])
def test_a_database_that_cannot_be_read_is_not_clean(content: bytes, tmp_path: Path) -> None:
    lay(tmp_path, "Default/Login Data", content)
    ((place, seen),) = found_in(tmp_path)
    assert place is Place.PASSWORDS
    assert seen.startswith("Login Data cannot be read")


def test_a_database_of_another_make_is_not_clean(tmp_path: Path) -> None:
    """A browser that renames its tables would otherwise be proved clean for ever."""
    file = lay(tmp_path, "Default/Login Data", b"")
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE secrets (word)")
    assert list(found_in(tmp_path)) == [(Place.PASSWORDS, "Login Data cannot be read (none of its tables is known)")]


@pytest.mark.parametrize("tables", [(), ("meta",)])
def test_a_database_that_the_browser_is_just_making_is_looked_at_again(
    tables: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that was started cold makes its databases table by table while it is inspected."""
    file = lay(tmp_path, "Default/Login Data", b"")
    with closing(sqlite3.connect(file)) as database:
        for table in tables:
            database.execute(f"CREATE TABLE {table} (word)")

    def goes_on(_: float) -> None:
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS logins (origin_url)")

    monkeypatch.setattr("guard.browser.residue.time.sleep", lambda pause: goes_on(pause) if pause else None)
    assert list(found_in(tmp_path)) == []


def _noted_sites(file: Path) -> sqlite3.Connection:
    """Bounce tracking's database, open and with a write-ahead log, as the running browser has it."""
    lay(file.parent, file.name, b"")
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE bounces (site TEXT)")
    database.commit()
    return database


def test_a_row_in_a_write_ahead_log_is_found(tmp_path: Path) -> None:
    """The browser writes it into the database itself when it ends, which a killed one never does."""
    file = tmp_path / "Default" / "DIPS"
    with closing(_noted_sites(file)) as database:
        assert list(found_in(tmp_path)) == []
        database.execute("INSERT INTO bounces VALUES (?)", (f"lab.test{'-' * 9000}",))  # more pages than there were
        database.commit()
        assert list(found_in(tmp_path)) == [(Place.AD_DATA, "1 row(s) of bounces in DIPS")]
        database.execute("PRAGMA wal_checkpoint(RESTART)")
        database.execute("INSERT INTO bounces VALUES ('other.test')")  # the log begins anew over what it had
        database.commit()
        assert list(found_in(tmp_path)) == [(Place.AD_DATA, "2 row(s) of bounces in DIPS")]
        database.execute("DELETE FROM bounces")
        database.commit()
        assert list(found_in(tmp_path)) == []


def test_a_row_that_was_not_wholly_written_is_none(tmp_path: Path) -> None:
    """The log is read while the browser writes it: pages without the end of their transaction are nothing yet."""
    file = tmp_path / "Default" / "DIPS"
    with closing(_noted_sites(file)) as database:
        database.execute("INSERT INTO bounces VALUES (?)", ("x" * 9000,))
        database.commit()
        log = file.with_name("DIPS-wal")
        lay(tmp_path / "cut" / "Default", "DIPS-wal", log.read_bytes()[:-4096])
        lay(tmp_path / "cut" / "Default", "DIPS", file.read_bytes())
        assert list(found_in(tmp_path)) == [(Place.AD_DATA, "1 row(s) of bounces in DIPS")]
    assert list(found_in(tmp_path / "cut")) == []


def test_a_row_of_the_browsers_own_pages_is_no_leftover(tmp_path: Path) -> None:
    """An extension keeps a bucket of its own in every profile; a site's is found."""
    file = lay(tmp_path, "Default/WebStorage/QuotaManager", b"")
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE buckets (storage_key)")
        database.execute("INSERT INTO buckets VALUES ('chrome-extension://abcdef/')")
        database.commit()
        assert list(found_in(tmp_path)) == []
        database.execute("INSERT INTO buckets VALUES ('https://lab.test/'), (NULL)")
        database.commit()
    assert list(found_in(tmp_path)) == [(Place.FILE_SYSTEM, "2 row(s) of buckets in QuotaManager")]


def test_an_address_in_the_log_of_the_browsers_own_statistics_is_found(tmp_path: Path) -> None:
    lay(tmp_path, "segmentation_platform/ukm_db-wal", b"\0https://lab.test/card?name=x")
    assert [place for place, _ in found_in(tmp_path)] == [Place.HISTORY]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"net": []}'])
def test_settings_that_cannot_be_read_are_not_clean(content: bytes, tmp_path: Path) -> None:
    lay(tmp_path, "Default/Network Persistent State", content)
    ((place, seen),) = found_in(tmp_path)
    assert place is Place.NETWORK_STATE
    assert seen.startswith("Network Persistent State cannot be read")


def test_a_file_that_the_running_browser_tidies_away_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "Default/Login Data", b"x")
    lay(tmp_path, "Default/Sessions/Tabs_1", b"x")

    def vanished(_: Path) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_bytes", vanished)
    assert [place for place, _ in found_in(tmp_path)] == [Place.TABS]


def test_a_file_that_cannot_be_read_is_not_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "Default/Local Storage/leveldb/000003.log", b"x")

    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    found = [(Place.LOCAL_STORAGE, "000003.log cannot be read (Permission denied) in Default/Local Storage")]
    assert [one for one in found_in(tmp_path) if one[0] is Place.LOCAL_STORAGE] == found
