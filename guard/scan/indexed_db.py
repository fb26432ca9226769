"""Leftovers in IndexedDB: whose databases there are, and the tokens in them that are known by their looks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guard.grammar import Storage
from guard.scan import sqlite
from guard.scan.leftover import Kind, Leftover
from guard.scan.look import changed, storage_host
from guard.scan.tokens import Jwt, jwts_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guard.portal import Portal
    from guard.scan.look import Look

_FOLDER = re.compile(r"(https?)_(.+)_\d+(?:@.*)?\.indexeddb\..+")
_BUCKETS = "SELECT id, storage_key FROM buckets"


def in_indexed_db(look: Look) -> Iterator[Leftover]:
    """The databases of portal pages in one profile."""
    for folder, host in _folders(look):
        portal = look.hosts.portal_at(f"//{host}")
        if portal is None:
            continue
        where = folder.relative_to(look.profile).as_posix()
        facts = {"portal": portal.name, "host": host}
        yield look.found(Kind.INDEXED_DB, where, what="database", used=changed(folder), **facts)
        for jwt, live in _tokens(look, where):
            is_session = live and _keeps_its_token_here(portal)
            if is_session:
                look.vault.keep(look.profile.name, portal.name, jwt.raw.decode())
            yield look.found(
                Kind.SESSION_TOKEN if is_session else Kind.INDEXED_DB,
                where,
                what="JWT" if live else "JWT, deleted",
                digest=look.marker.mark(jwt.raw),
                created=jwt.made,
                expires=jwt.expires,
                **facts,
            )


def _tokens(look: Look, where: str) -> list[tuple[Jwt, bool]]:
    """Each token once, and whether the page still sees it."""
    found: dict[bytes, tuple[Jwt, bool]] = {}
    for entry in look.entries(where):
        for jwt in jwts_in(entry.value or b""):
            _, before = found.get(jwt.raw, (jwt, False))
            found[jwt.raw] = (jwt, before or entry.live)
    return list(found.values())


def _keeps_its_token_here(portal: Portal) -> bool:
    """What a browser wrote into IndexedDB only a browser can read by its key; a JWT is known by its looks."""
    return portal.session.token is not None and portal.session.token.storage is Storage.INDEXED_DB


def _folders(look: Look) -> Iterator[tuple[Path, str]]:
    """Each database with its host. Buckets with a name of their own have numbers; another database tells whose."""
    for folder in sorted(look.profile.glob("IndexedDB/*.indexeddb.*")):
        named = _FOLDER.fullmatch(folder.name)
        if named is not None:
            yield folder, named[2]
    for number, host in _buckets(look).items():
        for folder in sorted(look.profile.glob(f"WebStorage/{number}/IndexedDB/*")):
            yield folder, host


def _buckets(look: Look) -> dict[int, str]:
    copy = look.copies.of(look.profile / "WebStorage/QuotaManager")
    if copy is None:
        return {}
    try:
        return {int(row["id"]): storage_host(str(row["storage_key"]).encode()) for row in sqlite.rows(copy, _BUCKETS)}
    except (sqlite.UnreadableError, ValueError, TypeError) as error:
        look.unseen(f"{look.profile.name}/WebStorage/QuotaManager: not read ({type(error).__name__})")
        return {}
