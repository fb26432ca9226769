"""The comparison of names: presentation never matters, forms are confirmed, families are told apart."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.core.folding import fold
from guard.core.identity import Citizen, Identity
from guard.core.names import Agreement, compare
from tests.unit.core.kanji import DIFFERENT, NAMED

BORN = date(1980, 4, 1)
OTHER_DAY = date(1980, 4, 2)


def agreement(own: str, shown: str, *, born: bool = False) -> Agreement:
    day = BORN if born else None
    return compare(Citizen(name=own, birth_date=day), Identity(name=shown, birth_date=day))


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("山田 太郎", "山田　太郎"),
        ("山田 太郎", "山田太郎"),
        ("山田太郎", "山\u200b田\u00a0太\ufeff郎"),
        ("佐々木 花子", "佐佐木花子"),
        ("奈々", "奈〻"),
        ("金子 みすゞ", "金子 みすず"),
        ("金子 いすず", "金子 いすゞ"),
        ("ミヽ", "ミミ"),
        ("神田 一", "神\ufe00田 一"),
        ("塚本 猪", "\ufa10本 \ufa16"),
        ("山田太郎", "山\u00ad田\u180e太\u200d郎"),
        ("神田 一", "\ufa19田 一"),
        ("葛城 渚", "葛\U000e0100城 渚"),
        ("ジャン・リュック", "ジャン＝リュック"),
        ("ガブリエル", "ｶﾞﾌﾞﾘｴﾙ"),
        ("がくと", "か\u3099くと"),
        ("JOHN SMITH", "ｊｏｈｎ　ｓｍｉｔｈ"),
        ("Smith, John", "SMITH JOHN"),
        ("O'Brien Mary", "O’BRIEN MARY"),
        ("O'Brien Mary", "O´Brien Mary"),
        ("José Pérez", unicodedata.normalize("NFD", "JOSÉ PÉREZ")),
    ],
)
def test_presentation_alone_is_a_match(own: str, shown: str) -> None:
    """Width, case, spaces, separators, decomposed marks, selectors and 々 say nothing about a person."""
    assert agreement(own, shown) is Agreement.MATCH
    assert agreement(shown, own) is Agreement.MATCH


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        *((f"山{group[0]} 明", f"山{form} 明") for group in NAMED for form in group[1:]),
        ("高橋 明", "髙橋 明"),
        ("佐々木 斎", "佐佐木 齋"),
        ("長田 明", "⻑田 明"),
        ("山崎 明", "山﨑 明"),
        ("渡辺 明", "渡邉 明"),
        ("渡邊 明", "渡邉 明"),
        ("斉藤 明", "齋藤 明"),
        ("吉田 明", "𠮷田 明"),
        ("三ケ島 明", "三ヶ嶋 明"),
        ("José Pérez", "JOSE PEREZ"),
        ("Łukasz Nowak", "LUKASZ NOWAK"),
        ("NGUYEN VAN AN", "AN VAN NGUYEN"),
        ("SMITH JOHN PAUL", "JOHN SMITH"),
        ("Maria Anna Rossi", "Rossi Maria"),
        ("Nguyễn Văn An", "NGUYEN VAN AN"),
        ("Sørensen Åse", "SORENSEN ASE"),
        ("O'Brien Seán", "SEAN OBRIEN"),
    ],
)
def test_another_form_of_the_name_asks_a_person(own: str, shown: str) -> None:
    """Forms of a kanji, diacritics, order and middle names are plausible, not proved."""
    assert agreement(own, shown) is Agreement.VARIANT
    assert agreement(shown, own) is Agreement.VARIANT


@pytest.mark.parametrize("pair", DIFFERENT)
def test_one_kanji_of_another_name_is_another_person(pair: str) -> None:
    """As surname or as given name; on one birth date they are twins."""
    for born in (False, True):
        assert agreement(f"{pair[0]}田 明", f"{pair[1]}田 明", born=born) is Agreement.MISMATCH
        assert agreement(f"山田 {pair[1]}", f"山田 {pair[0]}", born=born) is Agreement.MISMATCH


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("山田 太郎", "山田 太朗"),
        ("山田 裕子", "山田 祐子"),
        ("山田 未来", "山田 末来"),
        ("土田 明", "士田 明"),
        ("山田 太", "山田 大"),
        ("山田 一", "山田 二"),
        ("山田 太郎", "山田 花子"),
        ("山田 太郎", "佐藤 太郎"),
        ("山田 太郎", "山田"),
        ("山田 さくら", "山田 サクラ"),
        ("SMITH JOHN", "SMITH JANE"),
        ("SMITH JOHN", "SMITH"),
        ("SMITH JOHN PAUL", "PAUL JOHN"),
        ("山田 一", "山田 ー"),
    ],
)
def test_people_of_one_family_are_different_people(own: str, shown: str) -> None:
    """The hard case at a counter is the family that comes together; even one birth date does not join twins."""
    for born in (False, True):
        assert agreement(own, shown, born=born) is Agreement.MISMATCH
        assert agreement(shown, own, born=born) is Agreement.MISMATCH


@pytest.mark.parametrize("dates", [(BORN, BORN), (BORN, None), (None, BORN), (None, None)])
def test_an_equal_name_matches_unless_the_birth_dates_differ(dates: tuple[date | None, date | None]) -> None:
    """A birth date that one side does not know says nothing."""
    citizen = Citizen(name="山田 太郎", birth_date=dates[0])
    assert compare(citizen, Identity(name="山田太郎", birth_date=dates[1])) is Agreement.MATCH


def test_a_differing_birth_date_or_subject_id_outweighs_an_equal_name() -> None:
    """Two people of the same name are served on the same day."""
    citizen = Citizen(name="山田 太郎", birth_date=BORN, subject_id="A-17")
    assert compare(citizen, Identity(name="山田太郎", birth_date=OTHER_DAY)) is Agreement.MISMATCH
    assert compare(citizen, Identity(name="山田太郎", subject_id="A-18")) is Agreement.MISMATCH
    assert compare(citizen, Identity(subject_id="A-17", birth_date=OTHER_DAY)) is Agreement.MISMATCH


def test_an_equal_subject_id_needs_no_name_but_does_not_excuse_another() -> None:
    """An identifier known to reception proves; a contradicting name still stops."""
    citizen = Citizen(name="山田 太郎", subject_id="a17")
    assert compare(citizen, Identity(subject_id=" ａ17")) is Agreement.MATCH
    assert compare(citizen, Identity(subject_id="A17")) is Agreement.MISMATCH
    assert compare(citizen, Identity(subject_id="a17", name="佐藤 花子")) is Agreement.MISMATCH


def test_a_birth_date_alone_is_not_a_person() -> None:
    """Twins share it."""
    assert compare(Citizen(name="山田 太郎", birth_date=BORN), Identity(birth_date=BORN)) is Agreement.UNREADABLE


def test_an_alias_known_to_reception_asks_a_person() -> None:
    """通称: never more than a variant, and only the aliases that reception knows."""
    citizen = Citizen(name="KIM MINJUN", aliases=("金田 民俊",))
    assert compare(citizen, Identity(name="金田民俊")) is Agreement.VARIANT
    assert compare(citizen, Identity(name="金田 花子")) is Agreement.MISMATCH


@pytest.mark.parametrize(
    "shown",
    [
        "山田 ●●",
        "山田 ＊＊",
        "山田 **",
        "山田 ××",
        "山田 \U000f0000郎",
        "山田 \ud800郎",
        "山田 〓郎",
        "山田 ?郎",
        "山田 □郎",
        "山田 \ue000郎",
    ],
)
def test_masked_or_unknown_characters_need_an_agreeing_birth_date(shown: str) -> None:
    """What can be read agrees: a variant with the birth date, nothing without."""
    assert agreement("山田 太郎", shown) is Agreement.UNREADABLE
    assert agreement("山田 太郎", shown, born=True) is Agreement.VARIANT
    assert agreement(shown, "山田 太郎", born=True) is Agreement.VARIANT


def test_a_masked_name_is_never_a_match_even_with_itself() -> None:
    """A register that cannot show a character must not turn two people into one."""
    assert agreement("山田〓郎", "山田〓郎") is Agreement.UNREADABLE
    assert agreement("山田〓郎", "山田〓郎", born=True) is Agreement.VARIANT


def test_a_readable_position_that_differs_is_somebody_else() -> None:
    """Masks hide, they do not excuse."""
    assert agreement("山田 太郎", "佐藤 ●●", born=True) is Agreement.MISMATCH
    assert agreement("山田 太郎", "佐藤 ●●") is Agreement.MISMATCH
    assert agreement("山田 太郎", "●●次郎", born=True) is Agreement.MISMATCH


def test_masks_of_a_fixed_length_prove_nothing() -> None:
    """Some portals write three stars for any given name."""
    assert agreement("山田 太郎", "山田 ***", born=True) is Agreement.UNREADABLE
    assert agreement("山田 太郎", "山本 ***", born=True) is Agreement.MISMATCH


@pytest.mark.parametrize("shown", ["●●●●", "??", "・・", "　"])
def test_nothing_readable_is_unreadable(shown: str) -> None:
    """A row of masks agrees with everybody."""
    assert agreement("山田 太郎", shown, born=True) is Agreement.UNREADABLE


def test_a_citizen_whose_own_name_cannot_be_read_is_unreadable() -> None:
    """Reception wrote signs only; a reading is then the hint that it is when the portal shows signs only."""
    assert agreement("〓〓", "山田 太郎", born=True) is Agreement.UNREADABLE
    citizen = Citizen(name="〓〓", kana="ヤマダ タロウ", birth_date=BORN)
    assert compare(citizen, Identity(name="山田 太郎", kana="ヤマダ タロウ", birth_date=BORN)) is Agreement.VARIANT


def test_masks_that_leave_no_position_to_both_prove_nothing() -> None:
    """Each side shows what the other hides."""
    assert agreement("山〓", "〓田", born=True) is Agreement.UNREADABLE


def kana(own: str | None, shown: str, *, born: date | None) -> Agreement:
    return compare(Citizen(name="山田 太郎", kana=own, birth_date=BORN), Identity(kana=shown, birth_date=born))


def test_kana_is_a_hint_that_only_a_birth_date_makes_worth_asking() -> None:
    """The chip has no reading; people type it."""
    assert kana("ヤマダ タロウ", "やまだ　たろう", born=BORN) is Agreement.VARIANT
    assert kana("ヤマダ タロウ", "ヤマダタロウ", born=None) is Agreement.UNREADABLE
    assert kana("ヤマダ ジロウ", "ヤマダタロウ", born=BORN) is Agreement.MISMATCH
    assert kana(None, "ヤマダタロウ", born=BORN) is Agreement.UNREADABLE
    assert kana("ヤマダ タロウ", "ヤマダ●●●", born=BORN) is Agreement.UNREADABLE


def test_a_name_shown_in_kana_alone_counts_as_kana() -> None:
    """Certificates replace characters that they do not know by kana."""
    citizen = Citizen(name="山田 太郎", kana="ヤマダ タロウ", birth_date=BORN)
    assert compare(citizen, Identity(name="ヤマダ　タロウ", birth_date=BORN)) is Agreement.VARIANT
    assert compare(citizen, Identity(name="ヤマダ　タロウ")) is Agreement.UNREADABLE
    assert compare(citizen, Identity(name="ヤマダ　●●●", birth_date=BORN)) is Agreement.UNREADABLE


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ヤマダ タロウ", "ヤマダ タロー"),
        ("ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｰ"),
        ("ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛ-"),
        ("ヤマダ タロウ", "ヤマダ-タロウ"),
        ("オオノ ケイコ", "オーノ ケーコ"),
        ("ヤマダ ユウ", "ヤマダ ユー"),
        ("ヤマダ キョウコ", "ヤマダ キヨウコ"),
        ("ハットリ ショウ", "ハツトリ シヨウ"),
        ("イスズ カヅキ", "いすゞ　かずき"),
    ],
)
def test_one_reading_is_typed_in_many_ways(own: str, shown: str) -> None:
    """Width, script, long vowels and small kana depend on the form that was filled in."""
    assert kana(own, shown, born=BORN) is Agreement.VARIANT
    assert kana(shown, own, born=BORN) is Agreement.VARIANT


@pytest.mark.parametrize(("own", "shown"), [("オオノ", "オノ"), ("ユウキ", "ユキ"), ("タロウ", "タロ"), ("カ", "ガ")])
def test_a_reading_that_sounds_otherwise_is_somebody_else(own: str, shown: str) -> None:
    """A long vowel is folded, never dropped."""
    assert kana(own, shown, born=BORN) is Agreement.MISMATCH


def test_a_reading_that_is_not_kana_says_nothing() -> None:
    """Some forms hold Latin letters in the field of the reading."""
    assert kana("ヤマダ タロウ", "YAMADA TARO", born=BORN) is Agreement.UNREADABLE
    assert kana("やまだ 太郎", "ヤマダ タロウ", born=BORN) is Agreement.UNREADABLE


def test_a_citizen_written_in_kana_alone_counts_as_kana() -> None:
    """Reception heard the name and did not see it written: it is compared as when the portal shows kana."""
    citizen = Citizen(name="ヤマダ タロウ", birth_date=BORN)
    assert compare(citizen, Identity(name="山田 太郎", birth_date=BORN)) is Agreement.UNREADABLE
    assert compare(citizen, Identity(name="山田 太郎", kana="ヤマダタロウ", birth_date=BORN)) is Agreement.VARIANT
    assert compare(citizen, Identity(name="山田 花子", kana="ヤマダハナコ", birth_date=BORN)) is Agreement.MISMATCH
    assert compare(citizen, Identity(name="ヤマダ　タロウ")) is Agreement.MATCH


def test_an_equal_kanji_name_outweighs_a_differing_reading() -> None:
    """翔太 is read in several ways, and typed in more."""
    citizen = Citizen(name="山田 翔太", kana="ヤマダ ショウタ")
    assert compare(citizen, Identity(name="山田翔太", kana="ヤマダ ショータ")) is Agreement.MATCH


NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.text("山田高髙橋太郎朗佐々木斎齋〓●ヤマダたろうー \u3000・", min_size=1, max_size=8),
    st.text("JOHNsmithé-' ,", min_size=1, max_size=12),
)
PRINTED = NAMES.filter(lambda name: bool(name.strip()))
CITIZENS = st.builds(
    Citizen,
    name=PRINTED,
    birth_date=st.sampled_from([None, BORN, OTHER_DAY]),
    kana=st.none() | NAMES,
    subject_id=st.none() | NAMES,
    aliases=st.lists(NAMES, max_size=2).map(tuple),
)
BLANKS = st.sampled_from([" ", "\u3000", "\u200b", "\u00a0", "・", "·", "\ufe0f", "\u2060", "\t"])


@given(CITIZENS, NAMES, st.none() | NAMES, st.sampled_from([None, BORN, OTHER_DAY]))
def test_any_text_gets_an_answer(citizen: Citizen, name: str, reading: str | None, born: date | None) -> None:
    """No exception, whatever a portal shows; a differing birth date never agrees."""
    answer = compare(citizen, Identity(name=name, kana=reading, birth_date=born))
    assert answer in Agreement
    if citizen.birth_date and born and citizen.birth_date != born:
        assert answer is Agreement.MISMATCH


@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    """Presentation is gone after the first time."""
    assert fold(fold(name)) == fold(name)


@given(
    st.sampled_from(["山田太郎", "髙橋 明", "山田太朗", "●●", "山田〓郎", "ヤマダタロウ", "佐々木花子"]),
    st.sampled_from(["山田太郎", "高橋明", "山田〓郎", "ヤマダ タロウ", "佐佐木 花子"]),
    st.lists(st.tuples(st.integers(0, 8), BLANKS), max_size=5),
)
def test_presentation_never_changes_the_answer(own: str, shown: str, added: list[tuple[int, str]]) -> None:
    """Blanks, zero-width characters and dots anywhere in a name leave the agreement as it was."""
    before = agreement(own, shown, born=True)
    for place, blank in added:
        shown = shown[:place] + blank + shown[place:]
    assert agreement(own, shown, born=True) is before


KANJI = st.text("山田高髙斎齋齊斉太郎朗佐々木辺邉邊", min_size=1, max_size=6)


@given(KANJI, KANJI)
def test_folding_forms_never_makes_a_match(own: str, shown: str) -> None:
    """Only names that are equal as written match; everything that folding joins is confirmed by a person."""
    if agreement(own, shown) is Agreement.MATCH:
        assert fold(own) == fold(shown)
