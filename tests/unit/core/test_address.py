"""Which ways of writing an address lead to one home, and which homes stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.core.address import possible


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("郡山市朝日一丁目23番7号", "郡山市朝日1-23-7"),
        ("郡山市朝日1-23-7", "郡山市朝日１－２３－７"),
        ("福島県郡山市朝日1-23-7", "朝日１丁目２３番７号"),
        ("〒963-8601 福島県郡山市朝日1-23-7", "郡山市朝日1丁目23の7"),
        ("963-8601 郡山市朝日1-23-7", "朝日1-23-7"),
        ("郡山市朝日1-23-7 サンハイツ101号室", "郡山市朝日1-23-7-101"),
        ("郡山市朝日一丁目二十三番七号", "郡山市朝日1-23-7"),
        ("郡山市大字安積町字荒井二三番地", "郡山市安積町荒井23"),
        ("霞が関1-2", "霞ヶ関1-2"),
        ("千代田区丸の内1-1", "千代田区丸ノ内1-1"),
        ("渡邉町1-1", "渡辺町1-1"),
        ("3-5 Asahi, Koriyama", "3-5 ASAHI KORIYAMA"),
        ("南大東村 無番地", "南大東村無番地"),
    ],
)
def test_one_home_in_two_ways_of_writing(one: str, other: str) -> None:
    assert possible(one) & possible(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("郡山市朝日1-23-7", "郡山市朝日1-23-8"),
        ("郡山市朝日1-23-7", "郡山市希望ケ丘1-23-7"),
        ("郡山市朝日12-3", "郡山市朝日1-23"),
        ("郡山市朝日1-23-7 サンハイツ101", "郡山市朝日1-23-7 サンハイツ102"),
        ("札幌市中央区北3条西5丁目1", "札幌市中央区北3条東5丁目1"),
        ("七尾市大田町イ123", "七尾市大田町ロ123"),
        ("郡山市", "郡山市朝日1-23-7"),
        ("3-5 Asahi, Koriyama", "3-6 Asahi, Koriyama"),
    ],
)
def test_two_homes_stay_apart(one: str, other: str) -> None:
    assert not possible(one) & possible(other)


def test_an_empty_address_is_nobodys_home() -> None:
    assert possible("") == possible(" \u3000 ") == frozenset()


@given(st.text())
def test_any_text_is_taken_and_is_its_own_home(text: str) -> None:
    """Whatever stands in the field."""
    assert possible(text) == possible(f" {text} ")
    assert "" not in possible(text)
