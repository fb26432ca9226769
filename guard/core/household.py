"""The household alert: families come together, and a surname that was just served is worth nothing as evidence.

Nor is a home: whoever lives there may use another surname, and lends or borrows a card most easily.

Whoever keeps the visits of the last hour gives each citizen's `traits` (as keyed digests: no name is kept) and says
which kinds the citizen served now shares with **another** citizen; the same citizen coming back is no household.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from guard.core import address, variants
from guard.core.folding import fold, hidden, is_kana, latin_parts, readings
from guard.core.names import Agreement, one_name, same_subject
from guard.core.names import compare as compare_alone

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from guard.core.identity import Citizen, Identity

_SURNAME_AND_GIVEN = 2
_SHORTEST_READING = 2
"""Of a surname in kana; one kana alone would make a family of everybody whose name begins with it."""


class Shared(StrEnum):
    """What a citizen has in common with another one served within the last hour."""

    SURNAME = "surname"
    READING = "reading"
    ADDRESS = "address"


def compare(citizen: Citizen, identity: Identity, shared: AbstractSet[Shared] = frozenset()) -> Agreement:
    """Compare as `guard.compare` does; with anything shared, birth date and given name must both agree for a match.

    The answer is never better than without: what only a surname, a mask or an alias speaks for is somebody else of
    the family as likely as not.

    - Birth date and given name agree: the answer stays.
    - The given name agrees as written but no birth date is shown, or in another form with an equal birth date, or
      the subject id agrees: a person confirms. A portal that never shows a birth date could serve no family
      otherwise, and staff would go around the guard.
    - All else is UNREADABLE: twins share a birth date, and confirming a name that is not shown would be guessing.
    """
    alone = compare_alone(citizen, identity)
    if not shared or alone in {Agreement.MISMATCH, Agreement.UNREADABLE}:
        return alone
    dated = citizen.birth_date is not None and citizen.birth_date == identity.birth_date
    given = _given(citizen, identity, dated=dated)
    if dated and given is Agreement.MATCH:
        return alone
    if given is Agreement.MATCH or (dated and given is Agreement.VARIANT) or same_subject(citizen, identity):
        return Agreement.VARIANT
    return Agreement.UNREADABLE


def _given(citizen: Citizen, identity: Identity, *, dated: bool) -> Agreement:
    """Agreement of the given name; of the whole name where the given one cannot be told from the surname."""
    shown = identity.name or ""
    whole = one_name(citizen.name, shown, sure=dated)
    if whole is Agreement.MATCH:
        # Without a space on either side it may be a surname that is equal, and nothing else.
        return whole if _in_parts(citizen.name, shown) else Agreement.VARIANT
    mine, theirs = _given_name(citizen.name), _given_name(shown)
    if mine and theirs and whole is Agreement.VARIANT:
        return one_name(mine, theirs, sure=False)
    return _in_its_own_way(citizen, identity, whole)


def _in_its_own_way(citizen: Citizen, identity: Identity, whole: Agreement) -> Agreement:
    """A reading, an alias, parts of a Latin name agree as a whole: enough if more than a surname was compared."""
    shown = identity.name or ""
    if any(map(hidden, fold(citizen.name) + fold(shown))):
        return Agreement.UNREADABLE
    compared = [shown] if whole is Agreement.MISMATCH else [citizen.name, shown]
    if not shown or (is_kana(fold(shown)) and whole is Agreement.MISMATCH):
        compared = [citizen.kana or citizen.name, identity.kana or shown]
    return Agreement.VARIANT if _in_parts(*compared) else Agreement.UNREADABLE


def _in_parts(*names: str) -> bool:
    return any(len(name.split()) > 1 for name in names)


def _given_name(name: str) -> str | None:
    """The part after the surname; None without exactly one space, or in Latin, where either may come first."""
    parts = name.split()
    latin = any(char.isascii() and char.isalpha() for char in fold(name))
    return parts[1] if len(parts) == _SURNAME_AND_GIVEN and not latin else None


def traits(citizen: Citizen) -> frozenset[tuple[Shared, str]]:
    """Give what a family would have in common with this citizen; two of one surname, or of one address, share a trait.

    Where the surname cannot be told from the given name every possible one counts: a false alert costs a
    confirmation, a missed one serves a sister.
    """
    names = (citizen.name, *citizen.aliases)
    surnames = {(Shared.SURNAME, variants.fold(part)) for name in names for part in _possible_surnames(name, 1)}
    kana = citizen.kana or (citizen.name if is_kana(fold(citizen.name)) else "")
    spoken = {sound for part in _possible_surnames(kana, _SHORTEST_READING) for sound in readings(part)}
    homes = {(Shared.ADDRESS, home) for home in address.possible(citizen.address or "")}
    return frozenset(surnames | {(Shared.READING, sound) for sound in spoken} | homes)


def _possible_surnames(name: str, shortest: int) -> set[str]:
    if latin := latin_parts(name):
        return set(latin)
    parts = [folded for part in name.split() if (folded := fold(part))]
    if len(parts) == _SURNAME_AND_GIVEN:
        return {parts[0]}
    whole = "".join(parts)
    return {whole[:end] for end in range(min(shortest, len(whole)), len(whole) + 1)} - {""}
