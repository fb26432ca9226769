"""However a bank writes a name it stays that name, and no other; the promises kill the faults that are seeded here."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.core import account
from guard.core.account import account_agreement, same_account_name
from guard.core.identity import Citizen
from guard.core.names import Agreement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SETTINGS = settings(
    max_examples=150,
    deadline=None,  # shared test machines stall
    derandomize=True,  # a red run must be red again
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
KANA = (
    ("オオノ", "ショウコ"),
    ("サトウ", "ハナコ"),
    ("ガンダ", "ゲンジ"),
    ("キョウゴク", "リュウヘイ"),
    ("オノ", "ショウタ"),
)
"""No two of one sound; 小野 and 大野 differ by a vowel's length alone."""
_BIG = str.maketrans("ァィゥェォッャュョ", "アイウエオツヤユヨ")
_HALF = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in (*range(0xFF66, 0xFF70), *range(0xFF71, 0xFF9E))
}
_LONG = {"オオ": "オー", "オウ": "オー", "トウ": "トー", "ョウ": "ョー", "ュウ": "ュー"}


def halved(text: str) -> str:
    """In half width, with marks of voice as characters of their own."""
    apart = unicodedata.normalize("NFD", text).replace("\u3099", "\uff9e").replace("\u309a", "\uff9f")
    return "".join(_HALF.get(char, "\uff70" if char == "ー" else char) for char in apart)


@st.composite
def banks(draw: st.DrawFn) -> Callable[[str, str], str]:
    """One bank's way to write a name."""
    big, half, long, dash = (draw(st.booleans()) for _ in range(4))
    between = draw(st.sampled_from(["", " ", "\u3000", "  "]))

    def write(surname: str, given_name: str) -> str:
        text = f"{surname}{between}{given_name}"
        for vowels, mark in _LONG.items() if long else ():
            text = text.replace(vowels, mark)
        text = text.translate(_BIG) if big else text
        text = halved(text) if half else text
        return text.replace("ー", "-").replace("\uff70", "-") if dash else text

    return write


def one_name_stays_one(name: tuple[str, str], one: Callable[..., str], other: Callable[..., str]) -> None:
    person = Citizen(name="受付 太郎", kana=" ".join(name))
    assert account_agreement(person, one(*name)) is Agreement.MATCH
    assert same_account_name(one(*name), other(*name))


def two_people_stay_two(name: tuple[str, str], stranger: tuple[str, str], one: Callable[..., str]) -> None:
    person = Citizen(name="受付 太郎", kana=" ".join(name))
    assert name == stranger or account_agreement(person, one(*stranger)) is Agreement.MISMATCH
    assert name == stranger or not same_account_name(" ".join(name), one(*stranger))


def any_text_gets_an_answer(text: str, kana: str | None) -> None:
    answer = account_agreement(Citizen(name="受付 太郎", kana=kana), text)
    assert answer in set(Agreement)
    assert text.strip() or answer is Agreement.UNREADABLE


NAMES = st.sampled_from(KANA)
PROMISES: Mapping[Callable[..., None], dict[str, st.SearchStrategy[Any]]] = {
    one_name_stays_one: {"name": NAMES, "one": banks(), "other": banks()},
    two_people_stay_two: {"name": NAMES, "stranger": NAMES, "one": banks()},
    any_text_gets_an_answer: {"text": st.text(max_size=30), "kana": st.none() | st.text(max_size=20)},
}


def tried(promise: Callable[..., None]) -> Callable[[], None]:
    return _SETTINGS(given(**PROMISES[promise])(promise))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_names_on_accounts_keep_the_promise(promise: Callable[..., None]) -> None:
    tried(promise)()


def compares_letter_by_letter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(account, "readings", lambda kana: frozenset({kana}))


def takes_every_reading_for_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(account, "readings", lambda kana: frozenset({"ア"}) if kana else frozenset())


def forgets_the_reading_of_reception(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(account, "_by_sound", lambda *_args: Agreement.UNREADABLE)


@pytest.mark.parametrize(
    "mutant",
    [
        compares_letter_by_letter,
        takes_every_reading_for_the_same,
        forgets_the_reading_of_reception,
    ],
    ids=lambda mutant: mutant.__name__,
)
def test_a_seeded_fault_breaks_a_promise(
    mutant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)

    def day() -> None:
        for promise in PROMISES:
            tried(promise)()

    with pytest.raises(AssertionError):
        day()
