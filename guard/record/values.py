"""Values that were sent for people, in the journal: keyed digests, which tell that a number was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from guard.core.payload import FieldKind
from guard.record.digest import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guard.core.payload import Value

VALUE: Final = "value:"
"""Beginning of the name of a fact whose value is the digest of a value that one citizen alone may use."""


def told_apart(values: Iterable[Value]) -> tuple[Value, ...]:
    """Those that belong to one person alone; a name on an account may be many people's."""
    return tuple(value for value in values if value.kind is not FieldKind.ACCOUNT_HOLDER)


def value_facts(values: Iterable[Value], key: bytes) -> tuple[tuple[str, str], ...]:
    """The facts by which the values are recognised in a journal; no way leads back to them without its key."""
    return tuple((f"{VALUE}{value.kind}", value_digest(value, key)) for value in told_apart(values))


def value_digest(value: Value, key: bytes) -> str:
    """The same for the same value of the same kind, however it was typed."""
    return digest_of(value.kind, value.text, key)
