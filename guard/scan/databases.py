"""Leftovers in the browser's databases: cookies, history, downloads, autofill, saved logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.scan import sqlite
from guard.scan.hosts import origin_host
from guard.scan.leftover import Kind, Leftover, unix_time, webkit_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from guard.scan.look import Look

    Reader = Callable[[Look, Path, str], Iterator[Leftover]]

_COOKIES = (
    "SELECT host_key, name, value, encrypted_value, creation_utc, last_access_utc, expires_utc "
    "FROM cookies ORDER BY host_key, name"
)
_VISITS = "SELECT url, visit_count, last_visit_time FROM urls"
_DOWNLOADS = "SELECT target_path, tab_url, referrer, start_time FROM downloads ORDER BY start_time"
_LOGINS = "SELECT origin_url, username_value, date_created FROM logins WHERE blacklisted_by_user = 0"
_AUTOFILL = "SELECT count(*) AS number, max(date_last_used) AS used, min(date_created) AS created FROM autofill"
_CARDS_AND_ADDRESSES = ("addresses", "local_addresses", "autofill_profiles", "credit_cards", "local_ibans")


def in_databases(look: Look) -> Iterator[Leftover]:
    """Everything in the databases of one profile."""
    for name, readers in _READERS.items():
        copy = look.copies.of(look.profile / name)
        if copy is None:
            continue
        for reader in readers:
            try:
                yield from reader(look, copy, name)
            except sqlite.UnreadableError as error:
                look.unseen(f"{look.profile.name}/{name}: not read by {reader.__name__.strip('_')} ({error})")


def _cookies(look: Look, copy: Path, where: str) -> Iterator[Leftover]:
    for row in sqlite.rows(copy, _COOKIES):
        domain, name = _text(row["host_key"]), _text(row["name"])
        sent_to = look.hosts.sent_to(domain)
        owners = [portal for portal in sent_to if name in portal.session.cookies]
        for portal in owners or sent_to[:1]:
            yield look.found(
                Kind.SESSION_COOKIE if owners else Kind.COOKIE,
                where,
                portal=portal.name,
                host=domain,
                what=name,
                digest=look.marker.mark(_text(row["value"]) or row["encrypted_value"] or ""),  # as stored
                created=webkit_time(row["creation_utc"]),
                used=webkit_time(row["last_access_utc"]),
                expires=webkit_time(row["expires_utc"]),
            )


def _history(look: Look, copy: Path, where: str) -> Iterator[Leftover]:
    visits: dict[str, list[tuple[int, datetime | None]]] = {}
    for row in sqlite.rows(copy, _VISITS):
        if look.hosts.portal_at(row["url"]) is not None:
            visit = (row["visit_count"] or 0, webkit_time(row["last_visit_time"]))
            visits.setdefault(origin_host(row["url"]), []).append(visit)
    for host, seen in sorted(visits.items()):
        count, used = sum(number for number, _ in seen), _latest(when for _, when in seen)
        yield look.found(Kind.HISTORY, where, portal=_portal(look, host), host=host, count=count, used=used)


def _downloads(look: Look, copy: Path, where: str) -> Iterator[Leftover]:
    for row in sqlite.rows(copy, _DOWNLOADS):
        pages = (_text(row["tab_url"]), _text(row["referrer"]))
        address = next((page for page in pages if origin_host(page)), "")
        yield look.found(
            Kind.DOWNLOAD,
            where,
            portal=_portal(look, origin_host(address)),
            host=origin_host(address) or None,
            what=look.named(_last_part(_text(row["target_path"]))),
            digest=look.marker.mark(_text(row["target_path"])),
            created=webkit_time(row["start_time"]),
        )


def _logins(look: Look, copy: Path, where: str) -> Iterator[Leftover]:
    for row in sqlite.rows(copy, _LOGINS):
        portal = look.hosts.portal_at(row["origin_url"])
        if portal is not None:
            yield look.found(
                Kind.SAVED_LOGIN,
                where,
                portal=portal.name,
                host=origin_host(row["origin_url"]),
                what=look.named(_text(row["username_value"])),
                digest=look.marker.mark(_text(row["username_value"])),
                created=webkit_time(row["date_created"]),
            )


def _autofill(look: Look, copy: Path, where: str) -> Iterator[Leftover]:
    """Counts alone: what people typed names no site, and often the person."""
    there = sqlite.tables(copy)
    if "autofill" in there:
        (row,) = sqlite.rows(copy, _AUTOFILL)
        if row["number"]:
            times = {"created": unix_time(row["created"]), "used": unix_time(row["used"])}
            yield look.found(Kind.AUTOFILL, where, what="form fields", count=row["number"], **times)
    for table in _CARDS_AND_ADDRESSES:
        if table in there:
            (row,) = sqlite.rows(copy, f"SELECT count(*) AS number FROM {table}")  # noqa: S608  # names of our own
            if row["number"]:
                yield look.found(Kind.AUTOFILL, where, what=table.replace("_", " "), count=row["number"])


_READERS: dict[str, tuple[Reader, ...]] = {
    "Network/Cookies": (_cookies,),
    "Cookies": (_cookies,),
    "History": (_history, _downloads),
    "Web Data": (_autofill,),
    "Login Data": (_logins,),
    "Login Data For Account": (_logins,),
}


def _portal(look: Look, host: str) -> str | None:
    portal = look.hosts.portal_at(f"//{host}")
    return portal.name if portal is not None else None


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((when for when in times if when is not None), default=None)


def _text(value: object) -> str:
    """A column as text, whatever stands in it: SQLite keeps to no type."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
