"""Whether the person a portal names is the citizen served. Four answers, never a bare yes or no."""

from __future__ import annotations

import unicodedata
from collections import Counter as Multiset
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from guard.core import variants
from guard.core.folding import blank, fold, hidden, is_kana, latin_parts, readings

if TYPE_CHECKING:
    from guard.core.identity import Citizen, Identity


T = TypeVar("T")


class Agreement(StrEnum):
    """How an identity relates to a citizen."""

    MATCH = "match"
    VARIANT = "variant"
    """The same after folding forms of characters, order of parts and the like: a person confirms."""
    UNREADABLE = "unreadable"
    """Too little is shown to tell."""
    MISMATCH = "mismatch"


_STRENGTH = (Agreement.MISMATCH, Agreement.UNREADABLE, Agreement.VARIANT, Agreement.MATCH)
_SHORTEST_LATIN = 2
"""Parts that a Latin name keeps when a middle name is missing: one part alone is shared by a family."""


def compare(citizen: Citizen, identity: Identity) -> Agreement:
    """Tell whether `identity` is `citizen`; a differing birth date or subject id outweighs every name.

    Evidence is the name, the birth date and the subject id; the kana is a hint. The name decides;
    an equal subject id decides alone where no name is shown, an equal birth date never does: twins share it.
    """
    born = _same(citizen.birth_date, identity.birth_date)
    known = same_subject(citizen, identity)
    if born is False or known is False:
        return Agreement.MISMATCH
    by_name = _by_name(citizen, identity.name or "", sure=bool(born or known))
    if by_name is not None:
        return by_name
    return Agreement.MATCH if known else _by_kana(citizen, identity, born=bool(born))


def same_subject(citizen: Citizen, identity: Identity) -> bool | None:
    """Tell whether both sides carry the same subject id; None where one of them has none."""
    return _same(_exact(citizen.subject_id), _exact(identity.subject_id))


def _same(mine: T | None, theirs: T | None) -> bool | None:
    return None if mine is None or theirs is None else mine == theirs


def _exact(subject_id: str | None) -> str | None:
    return unicodedata.normalize("NFKC", subject_id or "").strip() or None


def _by_name(citizen: Citizen, shown: str, *, sure: bool) -> Agreement | None:
    """Agreement of the name shown with the name and the aliases; None where a side has no kanji or Latin name."""
    theirs, mine = fold(shown), fold(citizen.name)
    if blank(theirs):
        return None
    best = max((one_name(own, shown, sure=sure) for own in citizen.aliases), key=_STRENGTH.index, default=None)
    best = min(best or Agreement.MISMATCH, Agreement.VARIANT, key=_STRENGTH.index)
    if best is not Agreement.VARIANT and blank(mine):
        return None
    best = max(best, one_name(citizen.name, shown, sure=sure), key=_STRENGTH.index)
    only_one_is_kana = is_kana(theirs) != is_kana(mine)
    return None if best is Agreement.MISMATCH and only_one_is_kana else best


def one_name(own: str, shown: str, *, sure: bool) -> Agreement:
    """Compare two written names; `sure` says that a birth date or subject id agrees, which masks need."""
    mine, theirs = fold(own), fold(shown)
    if mine == theirs and not any(map(hidden, mine)):
        return Agreement.MATCH
    if blank(mine) or blank(theirs):
        return Agreement.UNREADABLE
    mine, theirs = variants.fold(mine), variants.fold(theirs)
    if any(map(hidden, mine + theirs)):
        return _under_mask(mine, theirs, sure=sure)
    alike = mine == theirs or _latin_alike(latin_parts(own), latin_parts(shown))
    return Agreement.VARIANT if alike else Agreement.MISMATCH


def _under_mask(mine: str, theirs: str, *, sure: bool) -> Agreement:
    """Compare what can be read; a readable position that differs is somebody else even without a birth date."""
    readable = [(a, b) for a, b in zip(mine, theirs, strict=False) if not hidden(a) and not hidden(b)]
    if len(mine) == len(theirs):
        if any(a != b for a, b in readable):
            return Agreement.MISMATCH
        return Agreement.VARIANT if sure and readable else Agreement.UNREADABLE
    # Masks of one fixed length say nothing about the length of the name: look at its two ends.
    ends_agree = _agree_up_to_mask(mine, theirs) and _agree_up_to_mask(mine[::-1], theirs[::-1])
    return Agreement.UNREADABLE if ends_agree else Agreement.MISMATCH


def _agree_up_to_mask(mine: str, theirs: str) -> bool:
    for a, b in zip(mine, theirs, strict=False):
        if hidden(a) or hidden(b):
            return True
        if a != b:
            return False
    return True


def _by_kana(citizen: Citizen, identity: Identity, *, born: bool) -> Agreement:
    """Kana is typed by hand, so that alone it neither proves nor disproves anything."""
    mine, theirs = readings(citizen.kana or citizen.name), readings(identity.kana or identity.name or "")
    unreadable = not born or not mine or not theirs or any(map(hidden, "".join(mine | theirs)))
    if unreadable:
        return Agreement.UNREADABLE
    return Agreement.VARIANT if mine & theirs else Agreement.MISMATCH


def _latin_alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Same parts in any order, or with a middle name missing; the first part is never the missing one."""
    if not mine or not theirs:
        return False
    if "".join(mine) == "".join(theirs) or sorted(mine) == sorted(theirs):
        return True
    shorter, longer = sorted((mine, theirs), key=len)
    return len(shorter) >= _SHORTEST_LATIN and longer[0] in shorter and not Multiset(shorter) - Multiset(longer)
