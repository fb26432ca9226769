"""Leftovers in what web pages keep: local and session storage, private files, workers, caches, tabs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.grammar import Storage
from guard.scan.indexed_db import in_indexed_db
from guard.scan.leftover import Kind, Leftover
from guard.scan.look import changed, storage_host
from guard.scan.tokens import jwts_in, token_in
from guard.scan.words import needles_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guard.scan.leveldb import Entry
    from guard.scan.look import Look

_PLAIN_NAME = re.compile(r"[A-Za-z_.:-]{1,40}")  # digits in the name of a key may be somebody's number
_NAMESPACE = re.compile(rb"namespace-[^-]{1,64}-(.+)", re.DOTALL)
_MAPPED = re.compile(rb"map-(\d+)-(.*)", re.DOTALL)
_WORKER = re.compile(rb"INITDATA_UNIQUE_ORIGIN:(.+)", re.DOTALL)
_FILES = re.compile(rb"ORIGIN:(https?)_(.+)_\d+", re.DOTALL)
_RESTORE = ("Sessions/*", "Current Session", "Current Tabs", "Last Session", "Last Tabs")
_SEALED_RESTORE = "Sessions_Encrypted/*"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where one value stands."""

    kind: Kind
    storage: Storage
    where: str
    host: str


def in_storages(look: Look) -> Iterator[Leftover]:
    """Everything that portal pages keep in one profile."""
    yield from _local_storage(look)
    yield from _session_storage(look)
    yield from in_indexed_db(look)
    yield from _origins_in(look, "Service Worker/Database", _WORKER, Kind.SERVICE_WORKER)
    yield from _origins_in(look, "File System/Origins", _FILES, Kind.FILE_SYSTEM)
    yield from _cache_storage(look)
    yield from _restore_files(look)


def _local_storage(look: Look) -> Iterator[Leftover]:
    where = "Local Storage/leveldb"
    for strange in sorted(look.profile.glob("Local Storage/*")):
        if strange.name != "leveldb":  # a browser of the future; silence would look like a clean profile
            look.unseen(f"{look.profile.name}/Local Storage/{strange.name}: of an unknown form, not read")
    for entry in look.entries(where):
        origin, separator, key = entry.key.removeprefix(b"_").partition(b"\0")
        if entry.key.startswith(b"_") and separator and entry.value is not None:
            place = _Place(kind=Kind.LOCAL_STORAGE, storage=Storage.LOCAL, where=where, host=storage_host(origin))
            yield from _stored(look, place, _text(key), _text(entry.value), entry)


def _session_storage(look: Look) -> Iterator[Leftover]:
    where = "Session Storage"
    found = look.entries(where)
    origins = {one.value: space[1] for one in found if one.value and (space := _NAMESPACE.fullmatch(one.key))}
    for entry in found:
        mapped = _MAPPED.fullmatch(entry.key)
        if mapped is not None and entry.value is not None and mapped[1] in origins:
            host, key = storage_host(origins[mapped[1]]), mapped[2].decode("utf-8", "replace")
            place = _Place(kind=Kind.SESSION_STORAGE, storage=Storage.SESSION, where=where, host=host)
            yield from _stored(look, place, key, entry.value.decode("utf-16-le", "replace"), entry)


def _stored(look: Look, place: _Place, key: str, value: str, entry: Entry) -> Iterator[Leftover]:
    """A value under a portal's origin; of what was deleted, what looks like a token."""
    found = look.hosts.token_of(place.storage, place.host, key) if entry.live else None
    token = token_in(value, found[1].inside) if found else None
    portal = found[0] if found and token else look.hosts.portal_at(f"//{place.host}")
    jwts = jwts_in((token or value).encode("utf-8", "replace"))
    if portal is None or not (entry.live or jwts):
        return
    if token:
        look.vault.keep(look.profile.name, portal.name, token)
    yield look.found(
        Kind.SESSION_TOKEN if token else place.kind,
        place.where,
        portal=portal.name,
        host=place.host,
        what=_what(look, key, is_token=bool(jwts), live=entry.live),
        digest=look.marker.mark(jwts[0].raw if jwts else token or value),
        created=jwts[0].made if jwts else None,
        expires=jwts[0].expires if jwts else None,
    )


def _what(look: Look, key: str, *, is_token: bool, live: bool) -> str:
    plain = look.show_names or _PLAIN_NAME.fullmatch(key)
    said = [key if plain else f"key {look.marker.mark(key)}", "JWT" if is_token else "", "" if live else "deleted"]
    return ", ".join(part for part in said if part)


def _origins_in(look: Look, where: str, pattern: re.Pattern[bytes], kind: Kind) -> Iterator[Leftover]:
    for entry in look.entries(where):
        match = pattern.fullmatch(entry.key) if entry.live and entry.value is not None else None
        host = storage_host(match[match.re.groups]) if match else ""
        portal = look.hosts.portal_at(f"//{host}") if host else None
        if portal is not None:
            yield look.found(kind, where, portal=portal.name, host=host)


def _cache_storage(look: Look) -> Iterator[Leftover]:
    for index in sorted(look.profile.glob("Service Worker/CacheStorage/*/index.txt")):
        yield from _mentions(look, index, Kind.CACHE_STORAGE)
    for index in sorted(look.profile.glob("WebStorage/*/CacheStorage/index.txt")):
        yield from _mentions(look, index, Kind.CACHE_STORAGE)


def _restore_files(look: Look) -> Iterator[Leftover]:
    for pattern in _RESTORE:
        for file in sorted(look.profile.glob(pattern)):
            yield from _mentions(look, file, Kind.RESTORE_FILE)
    if any(look.profile.glob(_SEALED_RESTORE)):
        look.unseen(f"{look.profile.name}/Sessions_Encrypted: only the browser can tell what tabs these are")


def _mentions(look: Look, file: Path, kind: Kind) -> Iterator[Leftover]:
    copy = look.copies.of(file)
    content = copy.read_bytes() if copy is not None and copy.is_file() else b""
    for host in look.hosts.names:
        if any(needle in content for end in "/:" for needle in needles_for(f"://{host}{end}")):
            portal = look.hosts.portal_at(f"//{host}")
            where = file.relative_to(look.profile).as_posix()
            yield look.found(kind, where, portal=portal and portal.name, host=host, used=changed(file))


def _text(raw: bytes) -> str:
    """A string of local storage: a byte for its form comes first."""
    return raw[1:].decode("utf-16-le" if raw[:1] == b"\0" else "latin-1", "replace")
