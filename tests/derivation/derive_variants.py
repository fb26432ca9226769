"""Derive `guard/core/variants.txt` from the published tables; run by hand when one of them has a new release.

    python tests/derivation/derive_variants.py _jntajis.h Unihan_OtherMappings.txt EquivalentUnifiedIdeograph.txt

The first file carries MJ縮退マップ and MJ文字一覧表 and lies in the wheel `jntajis-python`; the others are of the
Unicode Character Database. The header of the table says which releases and which columns were used.

Folding has to be an equivalence, and the transitive closure of the published pairs is none that is fit for names: it
chains 満 to 漫 and 庄 to 荘. So the kanji that the law lists for names (常用漢字表, 人名用漢字) are anchors:

1. Two anchors are one name only if the law itself calls one the form of the other (桧檜), or `_NAMED` says so.
2. Every other character belongs to the anchor that is the fewest steps away; where two are equally near it belongs
   to none, and stands in no class.
3. Characters that reach no anchor are classes among themselves.
4. `_NOT_A_FORM` is taken out: characters in use as names of their own, or no forms of a name at all.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Pairs = set[tuple[str, str]]

_SCHEMES = (0, 3)
"""JIS包摂規準・UCS統合規則 and 法務省戸籍法関連通達・通知. Left out: 読み・字形による類推 (a guess) and
法務省告示582号別表第四 (replaces by sound and look: it leads from 号 to 帆 and 航)."""
_NAMED = (("斎", "斉"),)
"""Names that staff write for each other and that are two kanji by law: a person confirms."""
_ALSO = {("諌", "諫"), ("麹", "麴"), ("裵", "裴")}
"""Pairs that people at a counter meet and that the tables miss."""
_NOT_A_FORM = "舛傅坤兀垢怕攴攵耒网夂紆偀臍䐡誧廾豕"
_RADICALS = range(0x2E80, 0x2EF4)
"""CJK Radicals Supplement: some input methods give ⻑ for 長, and NFKC leaves it."""

_ROW = re.compile(r"\{\s*" + r",\s*".join([r"\{([-\d, ]+)\}"] * 4) + r"\s*\}")
_CHUNK = re.compile(r"chunked_mj_mappings_([0-9a-f]+)_[0-9a-f]+\[\d+\] = \{\n(.*?)\n\};", re.DOTALL)
_MJ = re.compile(r"\{(\d+), \{\{\d+, 1,")


def shrunk(header: str) -> Pairs:
    """Read the pairs (character, character it is reduced to) of the schemes used."""
    rows = _ROW.findall(header[header.index("mj_shrink_mappings[") :])
    targets = [[int(code) for scheme in _SCHEMES for code in row[scheme].split(",")] for row in rows]
    return {
        (_plain(source), _plain(target))
        for source, number in _mj_numbers(header)
        if number < len(targets)
        for target in targets[number]
        if target > 0 and _plain(source) != _plain(target)
    }


def _mj_numbers(header: str) -> Iterator[tuple[int, int]]:
    """Every character with the number of each of its MJ文字図形."""
    for first, lines in _CHUNK.findall(header):
        for code, line in enumerate(lines.split("\n"), start=int(first, 16)):
            yield from ((code, int(number)) for number in _MJ.findall(line))


def _plain(code: int) -> str:
    return unicodedata.normalize("NFKC", chr(code))


def _codes(text: str) -> list[int]:
    return [int(code, 16) for code in re.findall(r"U\+([0-9A-F]+)", text)]


def anchors(other_mappings: str) -> dict[str, str]:
    """Read every kanji of the two lists with the form of today that the law gives it, which is often itself."""
    found: dict[str, str] = {}
    for field in ("kJoyoKanji", "kJinmeiyoKanji"):
        for line in other_mappings.splitlines():
            if f"\t{field}\t" in line:
                own, *today = _codes(line)
                found.setdefault(_plain(own), _plain(today[0] if today else own))
    return {own: found.get(today, today) for own, today in found.items()}


def radicals(equivalents: str) -> Pairs:
    """Read the supplement radicals with the kanji that each looks like."""
    found = re.findall(r"^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([0-9A-F]+)", equivalents, re.MULTILINE)
    return {
        (_plain(code), _plain(int(kanji, 16)))
        for first, last, kanji in found
        for code in range(int(first, 16), int(last or first, 16) + 1)
        if code in _RADICALS and _plain(code) != _plain(int(kanji, 16))
    }


def classes(pairs: Pairs, today: dict[str, str]) -> list[str]:
    """Give each class as a string, the form of today first; see the rules above."""
    near = defaultdict(set)
    for one, other in pairs | _ALSO:
        if not {one, other} & set(_NOT_A_FORM):
            near[one].add(other)
            near[other].add(one)
    merged = dict(_NAMED)
    of = {own: merged.get(root, root) for own, root in today.items()}
    of |= _nearest(near, of)
    found = defaultdict(set)
    for char, root in of.items():
        found[root].add(char)
    free = {char: others - of.keys() for char, others in near.items() if char not in of}
    pointed = Counter(target for _, target in pairs)
    for group in _components(free):
        found[max(group, key=lambda char: (pointed[char], -ord(char)))] |= group
    ordered = (first + "".join(sorted(group - {first})) for first, group in found.items() if first and len(group) > 1)
    return sorted(ordered, key=lambda line: ord(line[0]))


def _nearest(near: dict[str, set[str]], start: dict[str, str]) -> dict[str, str]:
    """The one nearest root of every character that reaches any; the empty string where two are equally near."""
    of, front = dict(start), set(start)
    while front:
        reached = defaultdict(set)
        for char in front:
            for other in near.get(char, set()) - of.keys():
                reached[other].add(of[char])
        of |= {char: roots.pop() if len(roots) == 1 else "" for char, roots in reached.items()}
        front = {char for char in reached if of[char]}
    return of


def _components(near: dict[str, set[str]]) -> Iterable[set[str]]:
    left = set(near)
    while left:
        group, front = set(), {min(left)}
        while front:
            group |= front
            front = {other for char in front for other in near[char]} - group
        left -= group
        yield group


if __name__ == "__main__":
    mj, other, equivalent = (Path(name).read_text("utf-8") for name in sys.argv[1:4])
    sys.stdout.write("\n".join(classes(shrunk(mj) | radicals(equivalent), anchors(other))) + "\n")
