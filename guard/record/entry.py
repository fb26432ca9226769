"""One line of the journal: as a value, as a row of the file, and its link in the chain of hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from guard.core.commands import Kind, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGINNING = (0, "0" * 64)
"""Sequence and hash that the first entry follows."""
_CHAINED = ("at", "citizen", "facts", "kind", "sequence", "visit_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the journal."""

    sequence: int
    """1, 2, 3, …, without a gap."""
    at: datetime
    """With its offset from UTC."""
    kind: Kind
    visit_id: str | None
    citizen: str | None
    """Keyed digest of the person."""
    facts: tuple[tuple[str, str], ...]
    previous: str
    """Hash of the entry before; zeros for the first."""
    hash: str


def row_after(newest: tuple[int, str], record: Record, at: datetime, citizen: str | None) -> dict[str, object]:
    """The row of a new entry that follows the newest one, in the types of the file: numbers and text."""
    row: dict[str, object] = {
        "sequence": newest[0] + 1,
        "at": at.isoformat(),
        "kind": record.kind.value,
        "visit_id": record.visit_id,
        "citizen": citizen,
        "facts": json.dumps(record.facts),
        "previous": newest[1],
    }
    return {**row, "hash": link(row)}


def link(row: Mapping[str, object]) -> str:
    """Hash of a row: SHA-256 over the hash before it and the canonical JSON of everything else.

    Total over any content, because a tampered file may hold anything.
    """
    canonical = json.dumps({name: row[name] for name in _CHAINED}, sort_keys=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(f"{row['previous']}{canonical}".encode(errors="backslashreplace")).hexdigest()


def entry_of(row: Mapping[str, object]) -> Entry:
    """Read a row; ValueError, KeyError or TypeError if it was changed beyond reading."""
    return Entry(
        sequence=int(str(row["sequence"])),
        at=datetime.fromisoformat(str(row["at"])),
        kind=Kind(str(row["kind"])),
        visit_id=_text_or_none(row["visit_id"]),
        citizen=_text_or_none(row["citizen"]),
        facts=tuple((str(name), str(value)) for name, value in json.loads(str(row["facts"]))),
        previous=str(row["previous"]),
        hash=str(row["hash"]),
    )


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
