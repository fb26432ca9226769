"""What is only presentation in a written name, and what is taken from it to compare: kanji, reading, Latin parts."""

from __future__ import annotations

import re
import unicodedata

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
_LIKE_LONG = re.compile(rf"(?<=[ぁ-ゖァ-ヺｦ-ﾟ\u3099])[{_DASHES}]")
_REPEAT = re.compile("[^々〻][々〻]+|[ぁ-ゖ][ゝゞ]+|[ァ-ヺ][ヽヾ]+")
_VOICED = frozenset("ゞヾ")

_MASKS = frozenset("●○◯◎•■□▢▪▫◆◇█⬤⚫⚪⬛⬜*∗✱×✕✖※〓?�")
_IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)
"""Hold nothing but kanji; this Python's character data may be older than the newest of them."""
_KANA = re.compile("[ぁ-ゖァ-ヺーゝゞヽヾ]+")

_HIRAGANA = {ord(small): chr(ord(small) + 0x60) for small in map(chr, range(0x3041, 0x3097))}
_BIG_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_ONE_SOUND = str.maketrans("ヂヅヰヱヲ", "ジズイエオ")
_COLUMNS = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプヴ",
    "エ": "エケセテネヘメレゲゼデベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}
_VOWEL = {kana: vowel for vowel, column in _COLUMNS.items() for kana in column}
_LENGTHENS = {("オ", "ウ"), ("エ", "イ")}
"""タロウ is read タロオ, ケイコ is read ケエコ."""

_LATIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"})


def fold(name: str) -> str:
    """Take away everything that is only presentation: width, case, spaces, separators, decomposed marks, 々."""
    text = unicodedata.normalize("NFKC", _APART.sub("", name)).casefold()
    text = unicodedata.normalize("NFC", _APART.sub("", unicodedata.normalize("NFKC", text)))
    return _REPEAT.sub(_spell, text)


def _spell(found: re.Match[str]) -> str:
    """Write repeated characters out: 佐佐木 for 佐々木, みすず for みすゞ."""
    spelled = found[0][0]
    for mark in found[0][1:]:
        spelled += _voiced(spelled[-1], mark) if mark in _VOICED else spelled[-1]
    return spelled


def _voiced(char: str, mark: str) -> str:
    voiced = unicodedata.normalize("NFC", unicodedata.normalize("NFD", char)[0] + "\u3099")
    return voiced if len(voiced) == 1 else mark


def hidden(char: str) -> bool:
    """Tell a mask, and a character that a register, a font or a code page could not show."""
    if char in _MASKS:
        return True
    category = unicodedata.category(char)
    return category in {"Co", "Cs"} or (category == "Cn" and ord(char) not in _IDEOGRAPHIC_PLANES)


def blank(folded: str) -> bool:
    """Tell whether nothing of a folded name can be read."""
    return all(map(hidden, folded))


def is_kana(folded: str) -> bool:
    """Tell whether all that can be read of a folded name is kana."""
    readable = "".join(char for char in folded if not hidden(char))
    return _KANA.fullmatch(readable) is not None


def readings(kana: str) -> frozenset[str]:
    """Give the sound of a name as typed in kana; a dash may be a long vowel or a separator, so that there may be two.

    Empty if it is not kana. Forms type small kana large, hiragana, and long vowels in each their own way.
    """
    folded = {fold(kana), fold(_LIKE_LONG.sub("ー", kana))}
    return frozenset(_sound(one) for one in folded if is_kana(one))


def _sound(folded: str) -> str:
    spoken = ""
    for char in folded.translate(_HIRAGANA).translate(_BIG_KANA).translate(_ONE_SOUND):
        before = _VOWEL.get(spoken[-1:], "ー")
        spoken += before if char == "ー" or (before, char) in _LENGTHENS else char
    return spoken


def latin_parts(name: str) -> tuple[str, ...]:
    """Give the parts of a Latin name without diacritics; empty if the name is not Latin."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    parts = tuple(part for part in _PARTS.split(bare.translate(_LATIN)) if part)
    return parts if all(part.isascii() and part.isalpha() for part in parts) else ()
