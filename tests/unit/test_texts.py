"""The catalogue of texts for staff."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import ValidationError

from guard.core.verdict import Reason
from guard.core.view import HolderState, SealReason
from guard.labels import Label
from guard.texts import Catalogue, Language, Texts, catalogue

if TYPE_CHECKING:
    from enum import StrEnum

TABLES = {name: get_args(field.annotation)[0] for name, field in Catalogue.model_fields.items()}
MEMBERS = [(table, member) for table, members in TABLES.items() for member in members]


def raw() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("guard").joinpath("texts.toml").read_text("utf-8"))


@pytest.mark.parametrize(("table", "member"), MEMBERS, ids=str)
def test_every_value_has_its_text_in_both_languages(table: str, member: StrEnum) -> None:
    """Staff never meet a bare code: each value speaks Japanese and English, and the two differ."""
    for words in _pairs(raw()[table][member]):
        assert words["ja"].strip()
        assert words["en"].strip()
        assert words["ja"] != words["en"]


@pytest.mark.parametrize(("table", "member"), MEMBERS, ids=str)
def test_a_missing_text_keeps_the_guard_from_starting(table: str, member: StrEnum) -> None:
    """A reason added without its text is found at start, by name, and not by a citizen."""
    texts = raw()
    del texts[table][member]
    with pytest.raises(ValidationError, match=f"no text for {table}: {member}"):
        Catalogue.model_validate(texts)


@pytest.mark.parametrize(
    "empty", [{"ja": "", "en": "x"}, {"ja": "x", "en": ""}, {"ja": "x"}, {"ja": "x", "en": "x", "fr": "x"}]
)
def test_an_empty_or_half_translated_text_is_refused(empty: dict[str, str]) -> None:
    """Both languages, and no other."""
    texts = raw()
    texts["refusal"]["not_ready"] = empty
    with pytest.raises(ValidationError):
        Catalogue.model_validate(texts)


@pytest.mark.parametrize("label", list(Label))
def test_both_languages_of_a_label_have_the_same_places_to_fill(label: Label) -> None:
    """A name that Japanese shows is not lost in English."""
    words = catalogue().label[label]
    assert _places(words.ja) >= _places(words.en)
    assert _places(words.en) >= _places(words.ja)


def test_no_two_states_share_a_symbol() -> None:
    """Colour is never the only sign, so the symbols must tell the states apart by themselves."""
    symbols = [Texts().holder(state).symbol for state in HolderState]
    assert len(set(symbols)) == len(symbols)


@pytest.mark.parametrize("language", list(Language))
def test_every_stop_and_seal_says_what_to_do_and_who_may_release_it(language: Language) -> None:
    """One sentence each, short enough to be read while a citizen waits."""
    texts = Texts(language)
    for advice in (*(texts.reason(reason) for reason in Reason), *(texts.seal(seal) for seal in SealReason)):
        for sentence in (advice.failed, advice.todo, advice.release):
            assert len(sentence) <= (60 if language is Language.JA else 120)


def _pairs(entry: dict[str, Any]) -> list[dict[str, str]]:
    return [entry] if "ja" in entry else list(entry.values())


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("label", list(Label))
def test_every_label_is_used_somewhere(label: Label) -> None:
    """A text that no page shows is a text that nobody keeps right."""
    package = Path(str(files("guard")))
    sources = [path for end in ("*.py", "*.html") for path in package.rglob(end) if path.name != "labels.py"]
    assert any(re.search(rf"\b(L|Label)\.{label.name}\b", path.read_text("utf-8")) for path in sources)
