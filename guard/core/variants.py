"""Forms of one kanji that people and registers use for the same name, such as 髙, 﨑, 𠮷 and 邉.

The classes stand in `variants.txt`, derived from the published map of Japan's family registers (MJ縮退マップ); its
header names the sources and the licence, which is not the one of this program. Folding never decides that two people
are the same: it leads to VARIANT, which a person confirms. A form that is missing there makes a MISMATCH: it stops.
"""

from __future__ import annotations

from importlib.resources import files

_FOR_KANA = ("ケヶ",)
"""三ケ島 and 三ヶ島 are one place and one surname; the map knows kanji alone."""


def _classes(table: str) -> tuple[str, ...]:
    return tuple(line for line in table.splitlines() if line and not line.startswith("#"))


GROUPS: tuple[str, ...] = _classes(files("guard.core").joinpath("variants.txt").read_text("utf-8")) + _FOR_KANA
"""The forms of one character each, today's first; no character stands in two groups."""

_TABLE = {ord(form): group[0] for group in GROUPS for form in group[1:]}


def fold(text: str) -> str:
    """Give every kanji with known variants its one form; all other characters stay."""
    return text.translate(_TABLE)
