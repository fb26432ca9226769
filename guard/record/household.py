"""Families in the journal: what a citizen has in common with those of the last hour, by keyed digests alone."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from guard.core.household import Shared, traits
from guard.record.digest import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guard.core.identity import Citizen
    from guard.record.entry import Entry

FACT = "traits"
REMEMBERED_FOR = timedelta(hours=1)


def traits_fact(citizen: Citizen, key: bytes) -> tuple[str, str]:
    """The fact by which a citizen's family is recognised in a journal; no way leads back to the name."""
    return FACT, " ".join(sorted(f"{kind.value}:{_digest(kind, value, key)}" for kind, value in traits(citizen)))


def shared_with(opened: Iterable[Entry], citizen: Citizen, key: bytes) -> frozenset[Shared]:
    """What a citizen shares with **other** citizens, whose visits these entries opened."""
    me, mine = digest(citizen, key), _told(traits_fact(citizen, key)[1])
    others = (dict(entry.facts).get(FACT, "") for entry in opened if entry.citizen != me)
    return frozenset(Shared(trait.partition(":")[0]) for told in others for trait in mine & _told(told))


def _told(fact: str) -> set[str]:
    return set(fact.split())


def _digest(kind: Shared, value: str, key: bytes) -> str:
    message = json.dumps([kind.value, value]).encode()
    return hashlib.blake2b(message, digest_size=12, key=key, person=b"guard household").hexdigest()
