"""Whether the person a portal names is the citizen served. Four answers, never a bare yes or no."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter as Multiset
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from guard.core import variants

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

# Control and format characters, variation selectors, fillers: nobody sees them in a name.
_UNSEEN = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
# U+30FC (the long vowel mark) and U+4E00 (the kanji one) look like dashes and are not: they stay.
_DASHES = r"\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d=\uff1d\u30a0"
_DOTS = r"\u00b7\u2027\u2219\u22c5\u30fb\uff65.,\u3001\u3002\uff0c\uff0e\uff64\uff61"
# Before NFKC, which would tear the acute accent used as an apostrophe into a space and a mark.
_APOSTROPHES = r"'\u2018\u2019\u201b\u02b9\u02bb-\u02bd\u02c8\u0060\u00b4\u2032\uff07\uff40"

_APART = re.compile(rf"[\s{_UNSEEN}{_DASHES}{_DOTS}{_APOSTROPHES}]+")
_INVISIBLE = re.compile(f"[{_UNSEEN}{_APOSTROPHES}]+")
_PARTS = re.compile(rf"[\s{_DASHES}{_DOTS}]+")
_REPEAT = re.compile("(.)[々〻]")

_MASKS = frozenset("●○◯◎•■□▢▪▫◆◇█*※〓?�")
_IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)
"""Hold nothing but kanji; this Python's character data may be older than the newest of them."""
_KANA = re.compile("[ぁ-ゖァ-ヺーゝゞヽヾ]+")
_HIRAGANA = {ord(small): chr(ord(small) + 0x60) for small in map(chr, range(0x3041, 0x3097))}
_BIG_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_LATIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"})
_SHORTEST_LATIN = 2
"""Parts that a Latin name keeps when a middle name is missing: one part alone is shared by a family."""


def compare(citizen: Citizen, identity: Identity) -> Agreement:
    """Tell whether `identity` is `citizen`; a differing birth date or subject id outweighs every name.

    Evidence is the name, the birth date and the subject id; the kana is a hint. The name decides;
    an equal subject id decides alone where no name is shown, an equal birth date never does: twins share it.
    """
    born = _same(citizen.birth_date, identity.birth_date)
    known = _same(_exact(citizen.subject_id), _exact(identity.subject_id))
    if born is False or known is False:
        return Agreement.MISMATCH
    by_name = _by_name(citizen, fold(identity.name or ""), identity.name or "", sure=bool(born or known))
    if by_name is not None:
        return by_name
    if known:
        return Agreement.MATCH
    return _by_kana(citizen, identity.kana or identity.name or "", born=bool(born))


def fold(name: str) -> str:
    """Take away everything that is only presentation: width, case, spaces, separators, decomposed marks, 々."""
    text = unicodedata.normalize("NFKC", _APART.sub("", name)).casefold()
    text = unicodedata.normalize("NFC", _APART.sub("", unicodedata.normalize("NFKC", text)))
    while (spelled := _REPEAT.sub(r"\1\1", text)) != text:
        text = spelled
    return text


def _same(mine: T | None, theirs: T | None) -> bool | None:
    return None if mine is None or theirs is None else mine == theirs


def _exact(subject_id: str | None) -> str | None:
    return unicodedata.normalize("NFKC", subject_id or "").strip() or None


def _by_name(citizen: Citizen, folded: str, shown: str, *, sure: bool) -> Agreement | None:
    """Agreement of the name shown with the name and the aliases; None where no kanji or Latin name is shown."""
    if all(map(_hidden, folded)):
        return None
    answers = [_one_name(citizen.name, shown, sure=sure)]
    by_alias = [_one_name(alias, shown, sure=sure) for alias in citizen.aliases]
    answers += [min(answer, Agreement.VARIANT, key=_STRENGTH.index) for answer in by_alias]
    best = max(answers, key=_STRENGTH.index)
    only_kana = best is Agreement.MISMATCH and _is_kana(folded) and not _is_kana(fold(citizen.name))
    return None if only_kana else best


def _one_name(own: str, shown: str, *, sure: bool) -> Agreement:
    mine, theirs = fold(own), fold(shown)
    if all(map(_hidden, mine)):
        return Agreement.UNREADABLE
    if any(map(_hidden, mine)) or any(map(_hidden, theirs)):
        return _under_mask(variants.fold(mine), variants.fold(theirs), sure=sure)
    if mine == theirs:
        return Agreement.MATCH
    if variants.fold(mine) == variants.fold(theirs) or _latin_alike(_latin_parts(own), _latin_parts(shown)):
        return Agreement.VARIANT
    return Agreement.MISMATCH


def _under_mask(mine: str, theirs: str, *, sure: bool) -> Agreement:
    """Compare what can be read; a readable position that differs is somebody else even without a birth date."""
    readable = [(a, b) for a, b in zip(mine, theirs, strict=False) if not _hidden(a) and not _hidden(b)]
    if len(mine) == len(theirs):
        if any(a != b for a, b in readable):
            return Agreement.MISMATCH
        return Agreement.VARIANT if sure and readable else Agreement.UNREADABLE
    # Masks of one fixed length say nothing about the length of the name: look at its two ends.
    ends_agree = _agree_up_to_mask(mine, theirs) and _agree_up_to_mask(mine[::-1], theirs[::-1])
    return Agreement.UNREADABLE if ends_agree else Agreement.MISMATCH


def _agree_up_to_mask(mine: str, theirs: str) -> bool:
    for a, b in zip(mine, theirs, strict=False):
        if _hidden(a) or _hidden(b):
            return True
        if a != b:
            return False
    return True


def _hidden(char: str) -> bool:
    """Masked, or a character that a register, a font or a code page could not show."""
    if char in _MASKS:
        return True
    category = unicodedata.category(char)
    return category in {"Co", "Cs"} or (category == "Cn" and ord(char) not in _IDEOGRAPHIC_PLANES)


def _is_kana(folded: str) -> bool:
    readable = "".join(char for char in folded if not _hidden(char))
    return _KANA.fullmatch(readable) is not None


def _by_kana(citizen: Citizen, shown: str, *, born: bool) -> Agreement:
    """Kana is typed by hand, so that alone it neither proves nor disproves anything."""
    mine, theirs = _reading(citizen.kana or ""), _reading(shown)
    if not born or not mine or not theirs or any(map(_hidden, mine + theirs)):
        return Agreement.UNREADABLE
    return Agreement.VARIANT if mine == theirs else Agreement.MISMATCH


def _reading(kana: str) -> str:
    """Fold what forms do to a reading: hiragana, small kana."""
    return fold(kana).translate(_HIRAGANA).translate(_BIG_KANA)


def _latin_parts(name: str) -> tuple[str, ...]:
    """The parts of a Latin name without diacritics; empty if the name is not Latin."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    parts = tuple(part for part in _PARTS.split(bare.translate(_LATIN)) if part)
    return parts if all(part.isascii() and part.isalpha() for part in parts) else ()


def _latin_alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Same parts in any order, or with a middle name missing; the first part is never the missing one."""
    if not mine or not theirs:
        return False
    if "".join(mine) == "".join(theirs) or sorted(mine) == sorted(theirs):
        return True
    shorter, longer = sorted((mine, theirs), key=len)
    return len(shorter) >= _SHORTEST_LATIN and longer[0] in shorter and not Multiset(shorter) - Multiset(longer)
