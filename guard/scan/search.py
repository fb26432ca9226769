"""The scan itself, offline: nothing is sent to anybody, because asking a portal would use somebody's live session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.scan.databases import in_databases
from guard.scan.leftover import Kind, Leftover, Scan
from guard.scan.look import Look
from guard.scan.storages import in_storages
from guard.scan.words import files_with, needles_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from guard.scan.hosts import Hosts
    from guard.scan.leftover import Marker, Vault
    from guard.scan.profiles import Profiles
    from guard.scan.snapshot import Snapshot

_HTTP_CACHE = "Cache/Cache_Data"
_IN_USE = "a browser runs on this profile, or crashed: cookies of its last 30 seconds are not on disk yet"
_NO_CACHE = "no HTTP cache lies here; on Linux it may lie below ~/.cache"
_HIDDEN = "words inside what is encrypted or packed (cookie values, cached pages) cannot be found"


def look_through(
    profiles: Profiles,
    copies: Snapshot,
    *,
    hosts: Hosts,
    marker: Marker,
    vault: Vault,
    words: Sequence[str],
    show_names: bool,
    result: Scan,
    say: Callable[[str], None],
) -> None:
    """Put into `result` what lies in these profiles; `say` hears what is looked at now."""
    if profiles.in_use:
        result.unseen.append(_IN_USE)
    for folder in profiles.folders:
        say(folder.name)
        result.profiles.append(folder.name)
        look = Look(
            profile=folder,
            copies=copies,
            hosts=hosts,
            marker=marker,
            vault=vault,
            show_names=show_names,
            unseen=result.unseen.append,
        )
        for found in (in_databases, in_storages, _in_http_cache):
            result.leftovers.extend(found(look))
    if words:
        say("words")
        result.leftovers.extend(_words(profiles, words, marker, result.unseen.append))
        result.unseen.append(_HIDDEN)


def _in_http_cache(look: Look) -> Iterator[Leftover]:
    """How many cached answers came from each portal host: their addresses stand in clear, what they say does not."""
    folder = look.profile / _HTTP_CACHE
    if not folder.is_dir():
        look.unseen(f"{look.profile.name}: {_NO_CACHE}")
        return
    wanted = {host: (f"://{host}/".encode(), f"://{host}:".encode()) for host in look.hosts.names}
    counts: dict[str, int] = {}
    for _, host in files_with(folder, wanted, look.unseen):
        counts[host] = counts.get(host, 0) + 1
    for host, count in sorted(counts.items()):
        portal = look.hosts.portal_at(f"//{host}")
        yield look.found(Kind.HTTP_CACHE, _HTTP_CACHE, portal=portal and portal.name, host=host, count=count)


def _words(
    profiles: Profiles, words: Sequence[str], marker: Marker, unseen: Callable[[str], None]
) -> Iterator[Leftover]:
    needles = {str(number): needles_for(word) for number, word in enumerate(words, start=1)}
    for path, number in files_with(profiles.root, needles, unseen):
        where = path.relative_to(profiles.user_data_dir).as_posix()
        yield Leftover(
            kind=Kind.WORD,
            profile=_profile_of(path, profiles),
            where=_without(where, words),
            what=f"word {number}",
            digest=marker.mark(words[int(number) - 1]),
        )


def _profile_of(path: Path, profiles: Profiles) -> str:
    """The profile folder that a file lies in; empty for the user-data directory itself."""
    return next((folder.name for folder in profiles.folders if path.is_relative_to(folder)), "")


def _without(shown: str, words: Sequence[str]) -> str:
    """A path in which the words, names of people perhaps, are left out."""
    for word in words:
        shown = shown.replace(word, "…")
    return shown
