"""Names on bank accounts, as banks write them and as people type them."""

from __future__ import annotations

import pytest

from guard.core.account import account_agreement, same_account_name
from guard.core.identity import Citizen
from guard.core.names import Agreement

SHOKO = Citizen(name="大野 翔子", kana="オオノ ショウコ")
JOHN = Citizen(name="John Smith")


@pytest.mark.parametrize(
    "written",
    [
        "オオノ ショウコ",
        "ｵｵﾉ ｼﾖｳｺ",  # half width, small kana large
        "ｵｵﾉｼﾖｳｺ",
        "オーノ　シヨーコ",  # long vowels as a mark
        "ｵ-ﾉ ｼﾖ-ｺ",  # as a hyphen
        "おおの しょうこ",
        "大野 翔子",
        "大野翔子",
    ],
)
def test_one_name_is_one_name_however_a_bank_writes_it(written: str) -> None:
    assert account_agreement(SHOKO, written) is Agreement.MATCH


@pytest.mark.parametrize("written", ["ｶ\uff9eﾝﾀﾞ ｹﾞﾝｼﾞ", "カ\u309bンタ\u309b ケ\u309bンシ\u309b", "ガンダ ゲンヂ"])
def test_marks_of_voice_may_be_characters_of_their_own(written: str) -> None:
    assert account_agreement(Citizen(name="願田 源治", kana="ガンダ ゲンジ"), written) is Agreement.MATCH


@pytest.mark.parametrize(
    "written", ["ｵﾉ ｼﾖｳｺ", "オオノ ショウタ", "ｵｵﾉ ｼﾖｺ", "カンタ ケンシ", "大野 翔太", "鈴木 翔子"]
)
def test_another_name_is_another_persons_account(written: str) -> None:
    """小野 is not 大野, and a husband's account is not his wife's."""
    assert account_agreement(SHOKO, written) is Agreement.MISMATCH


@pytest.mark.parametrize(
    ("person", "written", "expected"),
    [
        (Citizen(name="大野 翔子"), "ｵｵﾉ ｼﾖｳｺ", Agreement.UNREADABLE),
        (SHOKO, "OONO SHOKO", Agreement.UNREADABLE),
        (SHOKO, "大野 ●子", Agreement.UNREADABLE),
        (SHOKO, "●●●", Agreement.UNREADABLE),
        (JOHN, "ジョン スミス", Agreement.UNREADABLE),
        (JOHN, "ＪＯＨＮ　ＳＭＩＴＨ", Agreement.MATCH),
        (JOHN, "SMITH JOHN", Agreement.VARIANT),
        (JOHN, "JANE SMITH", Agreement.MISMATCH),
        (Citizen(name="髙橋 葵"), "高橋 葵", Agreement.VARIANT),
        (Citizen(name="林 みどり"), "ﾊﾔｼ ﾐﾄﾞﾘ", Agreement.UNREADABLE),
        (Citizen(name="ハヤシ ミドリ"), "ﾊﾔｼ ﾐﾄﾞﾘ", Agreement.MATCH),
        (Citizen(name="王 小明", aliases=("ハヤシ アキラ",)), "ﾊﾔｼ ｱｷﾗ", Agreement.MATCH),
    ],
)
def test_what_cannot_be_compared_is_for_the_citizen_to_read_back(
    person: Citizen, written: str, expected: Agreement
) -> None:
    """Kanji with kana, kana with Latin: no machine can say. Forms of one kanji are likely, and not certain."""
    assert account_agreement(person, written) is expected


def test_the_reading_that_a_portal_shows_counts_as_the_one_of_reception() -> None:
    nameless = Citizen(name="大野 翔子")
    assert account_agreement(nameless, "ｵｵﾉ ｼﾖｳｺ", "オオノ ショウコ") is Agreement.MATCH
    assert account_agreement(nameless, "ｵｵﾉ ｼﾖｳﾀ", "オオノ ショウコ") is Agreement.MISMATCH


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("ｵｵﾉ ｼﾖｳｺ", "おおのしょうこ", True), ("John Smith", "JOHN SMITH", True), ("髙橋 葵", "髙橋葵", True),
     ("ｵｵﾉ ｼﾖｳｺ", "オオノ ショウタ", False), ("オオノ", "大野", False), ("●●", "●●", False)],
)  # fmt: skip
def test_a_name_typed_again_is_the_same_to_a_bank_or_it_is_not(
    one: str,
    other: str,
    same: bool,  # noqa: FBT001  # pytest names it
) -> None:
    assert same_account_name(one, other) is same
