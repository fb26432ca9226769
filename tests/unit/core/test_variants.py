"""Forms of one kanji are joined, different names are not."""

from __future__ import annotations

import pytest

from guard.core import variants


def test_no_character_stands_for_two_names() -> None:
    """A shared form would join two groups of different names."""
    forms = [form for group in variants.GROUPS for form in group]
    assert len(forms) == len(set(forms))
    assert all(len(group) > 1 for group in variants.GROUPS)


@pytest.mark.parametrize("pair", ["郎朗", "裕祐", "未末", "士土", "太大", "一二", "己巳", "千干", "昴昂", "坂阪"])
def test_different_names_are_not_folded_together(pair: str) -> None:
    """These are brothers, sisters and neighbours, not forms of one name."""
    assert variants.fold(pair[0]) != variants.fold(pair[1])


def test_folding_leaves_everything_else_alone() -> None:
    """Kana, Latin and kanji without variants stay as they are."""
    assert variants.fold("山田 タロウ John 﨑髙") == "山田 タロウ John 崎高"
