"""What is presentation in a written name, and what is not."""

from __future__ import annotations

import pytest

from guard.core.folding import fold, is_kana, latin_parts, readings


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("佐々木", "佐佐木"),
        ("奈々々", "奈奈奈"),
        ("々木", "々木"),
        ("々々木々", "々々木木"),
        ("すゞゝ", "すずず"),
        ("みすゞ", "みすず"),
        ("づゞみ", "づづみ"),
        ("すゝき", "すすき"),
        ("みゞ", "みゞ"),
        ("マヾ", "マヾ"),
        ("か゛", "が"),
        ("\ufa19\ufe00", "神"),
        ("Strauß", "strauss"),
        ("D’Arc‐Roux", "darcroux"),
        ("一ー", "一ー"),
    ],
)
def test_presentation_is_taken_away_and_nothing_else(written: str, folded: str) -> None:
    """A mark that repeats nothing that can be repeated stays, as do the kanji one and the long vowel."""
    assert fold(written) == folded


def test_a_page_full_of_repeat_marks_is_folded_at_once() -> None:
    """A hostile page must not hold up the counter: each mark is looked at once."""
    assert fold("佐" + "々" * 200_000) == "佐" * 200_001
    assert fold("々" * 200_000) == "々" * 200_000


def test_a_dash_in_a_reading_is_heard_both_ways() -> None:
    """Old systems print the long vowel as a dash, forms put a dash between the names."""
    assert readings("タロ-") == {"タロ", "タロオ"}
    assert readings("ヤマダ タロウ") == {"ヤマダタロオ"}
    assert readings("ンー") == {"ンー"}
    assert readings("山田") == readings("Yamada") == readings("") == frozenset()


def test_masks_do_not_make_a_name_kana() -> None:
    """What cannot be read is neither."""
    assert is_kana("ヤマ●")
    assert not is_kana("●●")
    assert not is_kana("ヤマ田")


def test_parts_of_a_name_that_is_not_latin_are_none() -> None:
    """Order and middle names are a matter of Latin names."""
    assert latin_parts("Łukasz O'Neil-Nowak") == ("lukasz", "oneil", "nowak")
    assert latin_parts("Смирнов") == latin_parts("山田 John") == latin_parts("JOHN 2") == ()
