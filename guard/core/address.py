"""Two ways of writing one address, recognised without a list of the country's places.

Libraries that know every place fetch their lists from a network or a folder of 100,000 files; a counter has neither,
and nobody's address leaves it. Whether two people live together is a hint here, never evidence, so that a rule will do.
"""

from __future__ import annotations

import re
import unicodedata

from guard.core import variants
from guard.core.folding import fold

_POSTAL_CODE = re.compile(r"^\s*〒?\s*\d{3}-?\d{4}(?=\D)")
_COUNTED = re.compile("[〇一二三四五六七八九十百]{1,9}(?=丁目|番|号|条|線)")
_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_TENS = {"十": 10, "百": 100}
_NUMBERS = re.compile("[0-9]+|(?<=条)[東西南北]")
"""Blocks, houses and rooms; in Sapporo's grid (北3条西5丁目) the point of the compass belongs to the number."""
_IN_FRONT_OF_A_NAME = re.compile("大字|字")
_WRITTEN_EITHER_WAY = str.maketrans("がガヶノつツッ", "ケケケのっっっ")
"""霞が関 and 霞ケ関, 丸の内 and 丸ノ内, 三ツ沢 and 三つ沢."""
_MUNICIPALITY_ENDS = re.compile("[都道府県郡市区町村]")


def possible(address: str) -> frozenset[str]:
    """Give the forms in which another desk may have written this address; people who share one share a home.

    The prefecture and the municipality may be left out, so that each possible rest counts: 郡山市朝日1-23-7 and
    朝日1丁目23番7号 share one. Names of buildings are left out, numbers of rooms are not. An address without any
    number is taken as it stands. Empty if there is nothing to read.
    """
    text = _POSTAL_CODE.sub("", unicodedata.normalize("NFKC", address))
    text = variants.fold(_COUNTED.sub(lambda found: str(_value(found[0])), text))
    numbers = _NUMBERS.findall(text)
    town = fold(_IN_FRONT_OF_A_NAME.sub("", text[: text.index(numbers[0])])) if numbers else ""
    if not town:  # in Latin the number comes first, and 無番地 has none
        return frozenset({fold(text)} - {""})
    town = town.translate(_WRITTEN_EITHER_WAY)
    rests = {town, *(town[end.end() :] for end in _MUNICIPALITY_ENDS.finditer(town))} - {""}
    house = "-".join(number.lstrip("0") for number in numbers)
    return frozenset(f"{rest}{house}" for rest in rests)


def _value(kanji: str) -> int:
    """Read 二十三 and 二三 as 23."""
    total = digits = 0
    for char in kanji:
        if char in _TENS:
            total, digits = total + (digits or 1) * _TENS[char], 0
        else:
            digits = digits * 10 + _DIGITS[char]
    return total + digits
