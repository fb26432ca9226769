"""What a profile directory holds of a person, read in the browser's own files. Every detector is a row of a table.

The golden profile has none of it, and a browser that shows nothing yet writes none of it. Names of files and tables
are those of Chromium 156, where each row was tried on something to find.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from guard.browser.process import CRASH_DUMPS
from guard.core.leftovers import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Json = dict[str, Any]
PAUSES: Final = (0.0, 0.05, 0.2, 0.5)  # seconds; a browser that has just started is still laying its tables down

ADDRESS: Final = re.compile(rb"https?://|h\0t\0t\0p\0(?:s\0)?:\0/\0/\0")

_IN_NAMES: Final = re.compile(rb"https?_")
"""How an address begins in the name of a folder."""
_ANY: Final = re.compile(b"")

ROWS: Final = (
    (Place.FAVICONS, "Default/Favicons", ("icon_mapping.page_url", "favicons.url")),
    (Place.HISTORY, "Default/History", ("urls.url", "visited_links.top_level_url", "keyword_search_terms.term")),
    (Place.HISTORY, "Default/Shortcuts", ("omni_box_shortcuts.text",)),
    (Place.HISTORY, "Default/Network Action Predictor", ("network_action_predictor.user_text",)),
    (Place.DOWNLOADS, "Default/History", ("downloads.guid",)),
    (Place.AUTOFILL, "Default/Web Data", ("autofill.name", "autocomplete.name", "addresses.guid", "credit_cards.guid")),
    (Place.PASSWORDS, "Default/Login Data", ("logins.origin_url", "stats.origin_domain")),
    (Place.PASSWORDS, "Default/Login Data For Account", ("logins.origin_url", "stats.origin_domain")),
    (
        Place.AD_DATA,
        "Default/Trust Tokens",
        (
            "trust_tokens_toplevel_config.key",
            "trust_tokens_issuer_config.key",
            "trust_tokens_issuer_toplevel_pair_config.key",
        ),
    ),
    (
        Place.NETWORK_STATE,
        "Default/Reporting and NEL",
        ("nel_policies.origin_host", "reporting_endpoints.origin_host", "reporting_endpoint_groups.origin_host"),
    ),
    (Place.AD_DATA, "Default/DIPS", ("bounces.site", "popups.popup_site")),
    (Place.FILE_SYSTEM, "Default/WebStorage/QuotaManager", ("buckets.storage_key",)),
)
"""A row in any of these tables of a database, unless this column says that it belongs to the browser itself."""
_ITS_OWN: Final = "chrome%"
"""How addresses of the browser's own pages and of extensions begin."""

_JOURNAL_MODE: Final = slice(18, 20)
"""Where a database says that it has a write-ahead log."""
_LOG_HEADER, _FRAME_HEADER = 32, 24  # bytes of the log, and of each page in it

FOLDERS: Final = (
    (Place.LOCAL_STORAGE, "Default/Local Storage", ADDRESS),
    (Place.SESSION_STORAGE, "Default/Session Storage", ADDRESS),
    (Place.INDEXED_DB, "Default/IndexedDB", _IN_NAMES),
    (Place.CACHE_STORAGE, "Default/Service Worker/CacheStorage", ADDRESS),
    (Place.FILE_SYSTEM, "Default/File System/Origins", _IN_NAMES),
    (Place.SERVICE_WORKERS, "Default/Service Worker/Database", ADDRESS),
    (Place.HTTP_CACHE, "Default/Cache/Cache_Data", ADDRESS),
    (Place.HTTP_CACHE, "Default/Code Cache", re.compile(rb"_keyhttps?://")),
    (Place.HTTP_CACHE, "Default/Shared Dictionary/cache", ADDRESS),
    (Place.HISTORY, "segmentation_platform", ADDRESS),  # its database keeps a log beside it, so it is read as it lies
    (Place.NOTIFICATIONS, "Default/Platform Notifications", ADDRESS),
    (Place.TABS, "Default/Sessions", _ANY),
    (Place.TABS, "Default/Sessions_Encrypted", _ANY),
    (Place.DOWNLOADS, "downloads", _ANY),
    (Place.UPLOADS, "Default/blob_storage", _ANY),
    *((Place.CRASH_DUMPS, f"{CRASH_DUMPS}/{state}", _ANY) for state in ("new", "pending", "completed")),
)
"""A file in this folder in which this is found; an empty pattern is found in every file."""


def found_in(profile: Path) -> Iterator[tuple[Place, str]]:
    """Each thing of a person in a user-data directory: its place, and what was seen; no name, no cookie."""
    for place, name, tables in ROWS:
        yield from ((place, seen) for seen in _rows(profile / name, tables))
    for place, name, pattern in FOLDERS:
        yield from ((place, f"{seen} in {name}") for seen in _files(profile / name, pattern))
    for place, name, read in SETTINGS:
        yield from ((place, seen) for seen in _settings(profile / name, read))


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[str]:
    if not file.exists():
        return
    trouble = ""
    for pause in PAUSES:
        time.sleep(pause)
        try:
            yield from _rows_now(file, columns)
        except FileNotFoundError:
            return  # the browser is running, and tidied it away
        except (OSError, sqlite3.Error) as error:
            trouble = str(error) if isinstance(error, sqlite3.Error) else type(error).__name__
        else:
            return
    yield f"{file.name} cannot be read ({trouble})"


def _rows_now(file: Path, columns: tuple[str, ...]) -> list[str]:
    """What the tables hold. Raises OSError or sqlite3.Error: what was not searched is not clean."""
    written_ahead = _optional(file.with_name(f"{file.name}-wal"))  # first: what it loses now, the database has then
    content = file.read_bytes()
    if not content and not written_ahead:
        return []
    content = _merged(content, written_ahead)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)  # a copy in memory asks for no lock
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        known = [(table, column) for table, column in (one.split(".") for one in columns) if table in tables]
        if not known:
            raise sqlite3.DatabaseError("none of its tables is known")
        counted = [(table, _count(database, table, column)) for table, column in known]
    return [f"{rows} row(s) of {table} in {file.name}" for table, rows in counted if rows]


def _optional(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _merged(content: bytes, log: bytes) -> bytes:
    """A database with the committed pages of its write-ahead log, in which the browser leaves what is new for long.

    A copy in memory can have no log beside it. The format is SQLite's own, by its documentation.
    """
    pages, new, size = bytearray(content), bytearray(), int.from_bytes(log[8:12])
    pages[_JOURNAL_MODE] = b"\1\1"
    for at in range(_LOG_HEADER, len(log) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        if log[at + 8 : at + 16] != log[16:24]:
            break  # a frame of an earlier round, which the database has already
        new += log[at : at + _FRAME_HEADER + size]
        if not any(log[at + 4 : at + 8]):
            continue  # not the last one of its transaction
        pages = _laid_over(pages, new, size)
        new.clear()
    return bytes(pages)


def _laid_over(pages: bytearray, frames: bytearray, size: int) -> bytearray:
    for at in range(0, len(frames), _FRAME_HEADER + size):
        begin = (int.from_bytes(frames[at : at + 4]) - 1) * size
        pages.extend(bytes(max(0, begin + size - len(pages))))
        pages[begin : begin + size] = frames[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
    pages[_JOURNAL_MODE] = b"\1\1"
    return pages


def _count(database: sqlite3.Connection, table: str, column: str) -> int:
    """Rows that a person's use has left."""
    count = f"SELECT count(*) FROM {table} WHERE ifnull({column}, '') NOT LIKE ?"  # noqa: S608  # names from ROWS alone
    (rows,) = database.execute(count, (_ITS_OWN,)).fetchone()
    return int(rows)


def _files(folder: Path, pattern: re.Pattern[bytes]) -> Iterator[str]:
    seen = 0
    for path in folder.rglob("*"):
        try:
            named = pattern.search(str(path.relative_to(folder)).encode())
            seen += path.is_file() and bool(named or pattern.search(path.read_bytes()))
        except FileNotFoundError:
            continue
        except OSError as error:
            yield f"{path.name} cannot be read ({error.strerror})"
    if seen:
        yield f"{seen} file(s)"


def _settings(file: Path, read: Callable[[Json], Iterator[str]]) -> Iterator[str]:
    try:
        yield from read(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return
    except (OSError, ValueError, AttributeError, TypeError) as error:
        yield f"{file.name} cannot be read ({type(error).__name__})"


def _secured_hosts(state: Json) -> Iterator[str]:
    if hosts := state.get("sts"):
        yield f"{len(hosts)} host(s) in TransportSecurity"


def _servers(state: Json) -> Iterator[str]:
    if servers := state.get("net", {}).get("http_server_properties", {}).get("servers"):
        yield f"{len(servers)} server(s) in Network Persistent State"


def _sites(preferences: Json) -> Iterator[str]:
    for name, sites in preferences.get("profile", {}).get("content_settings", {}).get("exceptions", {}).items():
        if isinstance(sites, dict) and any(ADDRESS.search(site.encode()) for site in sites):
            yield f"a site in {name}"
    for zoomed in preferences.get("partition", {}).get("per_host_zoom_levels", {}).values():
        if zoomed:
            yield f"{len(zoomed)} host(s) in per_host_zoom_levels"


SETTINGS: Final = (
    (Place.HSTS, "Default/TransportSecurity", _secured_hosts),
    (Place.NETWORK_STATE, "Default/Network Persistent State", _servers),
    (Place.PERMISSIONS, "Default/Preferences", _sites),
)
