"""Whether the query of an address has the parameters that a rule wants: beyond doubt, or as some server may read it.

Servers differ: of a parameter that occurs twice some take the first, some the last, some both; some take `;` for
`&`, `DO` or `do[]` for `do`. What makes a request less guarded must hold for all of them, what guards it for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Pair = tuple[bytes, bytes]
_CHARSETS = ("utf-8", "cp932", "euc_jp")
"""Pages in these send their links and forms in them."""
_APART = (b"&", b"[&;]")
"""What parameters are split at, as regular expressions."""
_SIGNS = bytes.maketrans(b". ", b"__")
"""PHP takes `a.b` and `a b` for `a_b`."""


def certainly(wanted: Mapping[str, str], query: str) -> bool:
    """Whether every server finds each of these parameters there, with this value and no other."""
    return all(_stands_alone(name, value, query) for name, value in wanted.items())


def possibly(wanted: Mapping[str, str], query: str) -> bool:
    """Whether some server may find these parameters there."""
    return all(_occurs(name, value, query) for name, value in wanted.items())


def _stands_alone(name: str, value: str, query: str) -> bool:
    names, values = _spelled(name), _spelled(value)
    right = [[one in names and given in values for one, given in _alike(names, query, apart)] for apart in _APART]
    return all(found and all(found) for found in right)


def _occurs(name: str, value: str, query: str) -> bool:
    values = {_loosely(one) for one in _spelled(value)}
    found = (pair for apart in _APART for pair in _alike(_spelled(name), query, apart, plus=b"+"))
    return any(_loosely(given) in values for _, given in found)


def _alike(names: set[bytes], query: str, apart: bytes, *, plus: bytes = b" ") -> Iterator[Pair]:
    """Everything that may be taken for this parameter; `+` is read as a space, and as `plus` too."""
    called = {_called(one) for one in names}
    for part in re.split(apart, query.encode()):
        for sign in {b" ", plus}:
            name, _, value = part.replace(b"+", sign).partition(b"=")
            pair = unquote_to_bytes(name), unquote_to_bytes(value)
            if part and _called(pair[0]) in called:
                yield pair


def _spelled(text: str) -> set[bytes]:
    """The bytes that stand for this text; a charset that lacks it has none."""
    found = {text.encode()}
    for charset in _CHARSETS:
        try:
            found.add(text.encode(charset))
        except UnicodeEncodeError:
            continue
    return found


def _called(name: bytes) -> bytes:
    """What lenient servers make of a parameter's name."""
    return re.split(rb"[\[\0]", _loosely(name))[0].translate(_SIGNS)


def _loosely(text: bytes) -> bytes:
    return text.strip().lower()
