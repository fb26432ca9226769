"""Families come together: what a surname, a mask or a shared birth date proves then, and what it does not."""

from __future__ import annotations

from datetime import date

import pytest

from guard.core.household import Shared, compare, traits
from guard.core.identity import Citizen, Identity
from guard.core.names import Agreement
from guard.core.names import compare as compare_alone

BORN, OTHER_DAY = date(1980, 4, 1), date(1980, 4, 2)
FAMILY = frozenset({Shared.SURNAME})


def in_family(own: str, shown: str, *, born: bool) -> Agreement:
    """The portal shows a birth date or none; reception knows it always."""
    identity = Identity(name=shown, birth_date=BORN if born else None)
    return compare(Citizen(name=own, birth_date=BORN), identity, FAMILY)


@pytest.mark.parametrize("shared", Shared)
def test_after_a_relative_a_name_without_a_birth_date_is_no_plain_match(shared: Shared) -> None:
    """Surname, reading or address: each of them brings the relative's session near."""
    citizen, shown = Citizen(name="山田 太郎", birth_date=BORN), Identity(name="山田 太郎")
    assert compare(citizen, shown) is Agreement.MATCH
    assert compare(citizen, shown, {shared}) is Agreement.VARIANT


def test_birth_date_and_given_name_together_are_a_match_in_a_family_too() -> None:
    """No friction where everything agrees, and nothing that differs is excused."""
    assert in_family("山田 太郎", "山田　太郎", born=True) is Agreement.MATCH
    assert in_family("山田 太郎", "山田太郎", born=True) is Agreement.MATCH
    assert in_family("山田 太郎", "山田 次郎", born=True) is Agreement.MISMATCH
    citizen = Citizen(name="山田 太郎", birth_date=BORN)
    assert compare(citizen, Identity(name="山田 太郎", birth_date=OTHER_DAY), FAMILY) is Agreement.MISMATCH
    unknown = Citizen(name="山田 太郎")
    assert compare(unknown, Identity(name="山田 太郎", birth_date=BORN), FAMILY) is Agreement.VARIANT


def test_a_masked_given_name_is_not_confirmed_because_twins_share_the_rest() -> None:
    """Alone, 山田 ●● with an equal birth date is worth a question; after the twin it is worth nothing."""
    citizen, shown = Citizen(name="山田 太郎", birth_date=BORN), Identity(name="山田 ●●", birth_date=BORN)
    assert compare_alone(citizen, shown) is Agreement.VARIANT
    assert compare(citizen, shown, FAMILY) is Agreement.UNREADABLE
    assert in_family("山田 太郎", "山田●●", born=True) is Agreement.UNREADABLE
    assert in_family("山田 太郎", "山田 太●", born=True) is Agreement.UNREADABLE
    assert in_family("SMITH JOHN", "SMITH ●●●●", born=True) is Agreement.UNREADABLE
    assert in_family("JOHN SMITH", "●●●● SMITH", born=True) is Agreement.UNREADABLE


def test_a_masked_surname_leaves_the_given_name_to_ask_about() -> None:
    """What tells relatives apart is readable."""
    assert in_family("山田 太郎", "〓田 太郎", born=True) is Agreement.VARIANT
    assert in_family("山田 太郎", "〓田太郎", born=True) is Agreement.UNREADABLE


def test_another_form_of_the_given_name_needs_the_birth_date() -> None:
    """A form of the surname is the family's; a form of the given name may be a brother's."""
    assert in_family("髙橋 太郎", "高橋 太郎", born=True) is Agreement.VARIANT
    assert in_family("髙橋 太郎", "高橋 太郎", born=False) is Agreement.VARIANT
    assert in_family("髙橋 斎", "髙橋 斉", born=True) is Agreement.VARIANT
    assert in_family("髙橋 斎", "髙橋 斉", born=False) is Agreement.UNREADABLE
    assert in_family("髙橋太郎", "高橋太郎", born=False) is Agreement.UNREADABLE


def test_names_without_a_space_may_be_surnames_and_prove_less() -> None:
    """Reception typed 山田 and the portal shows 山田: that is the whole family."""
    assert in_family("山田", "山田", born=True) is Agreement.VARIANT
    assert in_family("山田", "山田", born=False) is Agreement.UNREADABLE
    assert in_family("山田太郎", "山田太郎", born=True) is Agreement.VARIANT
    assert in_family("髙橋", "高橋", born=True) is Agreement.UNREADABLE


def test_parts_of_a_latin_name_agree_as_a_whole_and_need_the_birth_date() -> None:
    """Which part is the surname is not known: father and son share the first and the last."""
    assert in_family("JOHN PAUL SMITH", "JOHN SMITH", born=True) is Agreement.VARIANT
    assert in_family("JOHN PAUL SMITH", "JOHN SMITH", born=False) is Agreement.UNREADABLE
    assert in_family("SMITH JOHN", "SMITH JOHN", born=False) is Agreement.VARIANT


def test_a_reading_or_an_alias_has_to_hold_more_than_a_surname() -> None:
    """ヤマダ alone is every twin's reading, 金田 every brother's 通称."""
    citizen = Citizen(name="山田 太郎", kana="ヤマダ タロウ", birth_date=BORN, aliases=("金田 民俊",))
    assert compare(citizen, Identity(kana="ヤマダタロウ", birth_date=BORN), FAMILY) is Agreement.VARIANT
    assert compare(citizen, Identity(name="ヤマダ タロウ", birth_date=BORN), FAMILY) is Agreement.VARIANT
    assert compare(citizen, Identity(name="金田　民俊", birth_date=BORN), FAMILY) is Agreement.VARIANT
    assert compare(citizen, Identity(name="金田　民俊"), FAMILY) is Agreement.UNREADABLE
    short = Citizen(name="山田 太郎", kana="ヤマダ", birth_date=BORN, aliases=("金田",))
    assert compare(short, Identity(kana="ヤマダ", birth_date=BORN), FAMILY) is Agreement.UNREADABLE
    assert compare(short, Identity(name="金田", birth_date=BORN), FAMILY) is Agreement.UNREADABLE


def test_a_subject_id_that_agrees_is_confirmed() -> None:
    """It tells relatives apart, but birth date and given name are not shown: never a plain match."""
    citizen = Citizen(name="山田 太郎", birth_date=BORN, subject_id="a17")
    assert compare(citizen, Identity(subject_id="a17")) is Agreement.MATCH
    assert compare(citizen, Identity(subject_id="a17"), FAMILY) is Agreement.VARIANT
    assert compare(citizen, Identity(name="山田 ●●", subject_id="a17"), FAMILY) is Agreement.VARIANT
    assert compare(citizen, Identity(subject_id="a18"), FAMILY) is Agreement.MISMATCH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Citizen(name="渡邉 太郎"), Citizen(name="渡辺 花子")),
        (Citizen(name="渡邉太郎"), Citizen(name="渡辺 花子")),
        (Citizen(name="渡邉太郎"), Citizen(name="渡辺花子")),
        (Citizen(name="佐々木 太郎"), Citizen(name="佐佐木 花子")),
        (Citizen(name="林"), Citizen(name="林 花子")),
        (Citizen(name="SMITH JOHN"), Citizen(name="Mary Smith")),
        (Citizen(name="Pérez Ana"), Citizen(name="PEREZ, JUAN")),
        (Citizen(name="KIM MINJUN", aliases=("金田 民俊",)), Citizen(name="金田 花子")),
        (Citizen(name="太田 一", kana="オオタ ハジメ"), Citizen(name="大田 明", kana="オータアキラ")),
        (Citizen(name="やまだ たろう"), Citizen(name="山田 花子", kana="ヤマダ ハナコ")),
        (Citizen(name="佐藤 花子", address="郡山市朝日1-23-7"), Citizen(name="田中 一郎", address="朝日一丁目23番7号")),
    ],
)
def test_relatives_share_a_trait(one: Citizen, other: Citizen) -> None:
    """Surnames in any form, readings however typed, with or without a space, or a home under two surnames."""
    assert traits(one) & traits(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Citizen(name="山田 太郎", kana="ヤマダ タロウ"), Citizen(name="山本 太郎", kana="ヤマモト タロウ")),
        (Citizen(name="山田 太郎"), Citizen(name="佐藤 花子")),
        (Citizen(name="山田 太郎", address="朝日1-23-7"), Citizen(name="佐藤 花子", address="朝日1-23-8")),
        (Citizen(name="山田 太郎", address=""), Citizen(name="佐藤 花子", address="")),
        (Citizen(name="田中太郎", kana="タナカタロウ"), Citizen(name="高橋花子", kana="タカハシハナコ")),
    ],
)
def test_strangers_share_none(one: Citizen, other: Citizen) -> None:
    """An alert for everybody would be one for nobody."""
    assert not traits(one) & traits(other)
