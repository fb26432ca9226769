"""One look into one profile: what every reader of it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from guard.scan.hosts import origin_host
from guard.scan.leftover import Kind, Leftover
from guard.scan.leveldb import Entry, entries, files_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from guard.scan.hosts import Hosts
    from guard.scan.leftover import Marker, Vault
    from guard.scan.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look into one profile."""

    profile: Path
    copies: Snapshot
    hosts: Hosts
    marker: Marker
    vault: Vault
    show_names: bool
    unseen: Callable[[str], None]

    def found(self, kind: Kind, where: str, **facts: Any) -> Leftover:  # noqa: ANN401  # `Leftover` says which
        return Leftover(kind=kind, profile=self.profile.name, where=where, **facts)

    def named(self, text: str) -> str | None:
        """A name that may be a person's, for those who may read it."""
        return text if self.show_names else None

    def entries(self, where: str) -> list[Entry]:
        """Every writing in a key-value folder of the profile; none where there is no such folder."""
        copy = self.copies.of(self.profile / where)
        if copy is None or not copy.is_dir():
            return []
        broken: list[str] = []
        found = entries(files_of(copy), broken)
        for name in broken:
            self.unseen(f"{self.profile.name}/{where}/{name}: damaged or of an unknown form, not read to its end")
        return found


def storage_host(key: bytes) -> str:
    """The host of a storage key: an origin, `/` or `^…` for a partition behind it; or a bare host."""
    text = key.decode("utf-8", "replace").split("^")[0]
    return origin_host(text) if "://" in text else text


def changed(path: Path) -> datetime | None:
    """When a file, or the newest in a folder, was last changed."""
    try:
        newest = max((file.stat().st_mtime for file in (path, *path.glob("*"))), default=0)
    except OSError:
        return None  # the browser tidied it away meanwhile
    return datetime.fromtimestamp(newest, UTC)
