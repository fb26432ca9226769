"""Written names, what presentation does to them, and the promises that comparing them keeps.

The promises are plain functions, so that the same ones judge the real comparison and the seeded faults.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from guard.core import household, names, variants
from guard.core.folding import fold
from guard.core.household import Shared
from guard.core.identity import Citizen, Identity
from guard.core.names import Agreement
from tests.unit.core.kanji import DIFFERENT, FORMS, NAMED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BORN, OTHER_DAY = date(1980, 4, 1), date(1980, 4, 2)
DATES = st.sampled_from([None, BORN, OTHER_DAY])

_STRENGTH = (Agreement.MISMATCH, Agreement.UNREADABLE, Agreement.VARIANT, Agreement.MATCH)
_SAME_TO_THE_EYE = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in (*range(0xF900, 0xFADA), *range(0x2F800, 0x2FA1E), *range(0xFF66, 0xFF9E), *range(0xFF21, 0xFF5B))
}
"""Compatibility ideographs, half-width kana, full-width Latin: code points that show the same character."""
_CASES: list[Callable[[str], str]] = [lambda text: text, str.upper, str.lower, str.title]
_UNSEEN = ["", "\u200b", "\u2060", "\ufeff", "\u00ad"]
_BLANKS = [*_UNSEEN, " ", "\u3000", "\u00a0", "・", "·"]

KANJI = st.sampled_from(sorted(set("山田高橋太郎佐々木奈花子神葛渚" + "".join(DIFFERENT) + "".join(NAMED))))
WRITTEN = st.one_of(
    st.text(KANJI, min_size=1, max_size=5),
    st.text("佐々木奈", min_size=1, max_size=5),
    st.text("ヤマダタロウジ ユー", min_size=1, max_size=6),
    st.text("やまだすみゝゞ", min_size=1, max_size=6),
    st.text("JohnéSmüÖ' ", min_size=1, max_size=10),
    st.text("山田太郎〓●□？＊ ", min_size=1, max_size=6),
)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=12)
"""Every str that Python holds, lone surrogates and unassigned characters too."""
PERSON = st.fixed_dictionaries(
    {"name": WRITTEN | ANYTHING, "birth_date": DATES, "kana": st.none() | WRITTEN, "subject_id": st.none() | WRITTEN}
)


@st.composite
def presentations(draw: st.DrawFn) -> Callable[[str], str]:
    """Draw a change that no reader would call another name."""
    decomposed = draw(st.booleans())
    case = draw(st.sampled_from(_CASES))
    same, selector = draw(st.booleans()), draw(st.sampled_from(["", "\ufe00", "\U000e0100"]))
    blank, mark = draw(st.sampled_from(_BLANKS)), draw(st.booleans())

    def present(name: str) -> str:
        text = case(name)
        if mark:
            text = "".join("々" if i and c == text[i - 1] and "一" <= c <= "鿿" else c for i, c in enumerate(text))
        drawn = (_SAME_TO_THE_EYE.get(char, char) if same else char for char in text)
        chosen = (char + selector if "一" <= char <= "鿿" and char != "々" else char for char in drawn)
        latin = any(char.isascii() and char.isalpha() for char in name)
        between = blank if blank in _UNSEEN or not latin else ""  # S J are two parts of a name, and SJ is one
        return unicodedata.normalize("NFD" if decomposed else "NFC", between.join(chosen))

    return present


def alone(own: str, shown: str, *, born: bool) -> Agreement:
    """Compare two names, with an equal birth date or with none."""
    day = BORN if born else None
    return names.compare(Citizen(name=own, birth_date=day), Identity(name=shown, birth_date=day))


def answers_from_both_sides_alike(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Who is reception and who is the portal makes no difference."""
    if all(person["name"].strip() for person in (one, other)):
        there = names.compare(Citizen(**one), Identity(**other))
        assert there is names.compare(Citizen(**other), Identity(**one))


def presentation_changes_nothing(
    own: str, other: str | None, mine: Callable[[str], str], theirs: Callable[[str], str], *, born: bool
) -> None:
    """Width, case, blanks, selectors, decomposition, compatibility characters and 々 say nothing about a person."""
    shown = own if other is None else other
    if own.strip() and mine(own).strip():
        assert alone(mine(own), theirs(shown), born=born) is alone(own, shown, born=born)


def different_people_stay_different(
    pair: str, before: str, after: str, mine: Callable[[str], str], theirs: Callable[[str], str], *, born: bool
) -> None:
    """One kanji of another name is another person, however it is presented, and on one birth date too: twins."""
    own, shown = mine(before + pair[0] + after), theirs(before + pair[1] + after)
    assert alone(own, shown, born=born) is Agreement.MISMATCH
    assert alone(shown, own, born=born) is Agreement.MISMATCH


def another_form_is_confirmed(group: str, before: str, after: str, present: Callable[[str], str]) -> None:
    """Folding forms leads to a person's confirmation and never to a match."""
    for form in group[1:]:
        answer = alone(before + group[0] + after, present(before + form + after), born=True)
        assert answer is Agreement.VARIANT


def only_equal_names_match(own: str, shown: str, *, born: bool) -> None:
    """What is not equal as written is never a match."""
    if own.strip() and alone(own, shown, born=born) is Agreement.MATCH:
        assert fold(own) == fold(shown)


def any_text_gets_an_answer(person: dict[str, Any], aliases: list[str], shown: dict[str, Any]) -> None:
    """No exception, whatever is typed or shown; folding twice changes nothing; a differing birth date never agrees."""
    if not person["name"].strip() or not any(shown.values()):
        return
    answer = names.compare(Citizen(**person, aliases=tuple(aliases)), Identity(**shown))
    assert answer in Agreement
    assert fold(fold(person["name"])) == fold(person["name"])
    assert variants.fold(variants.fold(person["name"])) == variants.fold(person["name"])
    if None not in {person["birth_date"], shown["birth_date"]} and person["birth_date"] != shown["birth_date"]:
        assert answer is Agreement.MISMATCH


def a_family_gets_no_better_answer(person: dict[str, Any], shown: dict[str, Any], shared: set[Shared]) -> None:
    """The household alert only takes away, and a match needs an equal birth date and an equal name."""
    if not person["name"].strip() or not any(shown.values()):
        return
    citizen, identity = Citizen(**person), Identity(**shown)
    usual, strict = names.compare(citizen, identity), household.compare(citizen, identity, shared)
    assert _STRENGTH.index(strict) <= _STRENGTH.index(usual)
    if not shared:
        assert strict is usual
    elif strict is Agreement.MATCH:
        assert citizen.birth_date is not None
        assert citizen.birth_date == identity.birth_date
        assert fold(citizen.name) == fold(identity.name or "")


def one_surname_is_noticed(
    surname: str, given: tuple[str, str], space: tuple[str, str], forms: tuple[int, int]
) -> None:
    """Two of one surname share a trait, in whichever form of its kanji and with or without a space."""
    written = [
        "".join(group[form % len(group)] for group in (surname, NAMED[1])) + blank + name
        for form, blank, name in zip(forms, space, given, strict=True)
    ]
    one, other = (household.traits(Citizen(name=name)) for name in written)
    assert Shared.SURNAME in {kind for kind, _ in one & other}


_PEOPLE = {"born": st.booleans(), "mine": presentations(), "theirs": presentations()}
_AROUND = {"before": st.text("山田高橋 ", min_size=1, max_size=4), "after": st.text("太一花子", max_size=2)}
PROMISES: Mapping[Callable[..., None], dict[str, st.SearchStrategy[Any]]] = {
    answers_from_both_sides_alike: {"one": PERSON.filter(lambda p: p["name"]), "other": PERSON},
    presentation_changes_nothing: {"own": WRITTEN, "other": st.none() | WRITTEN, **_PEOPLE},
    different_people_stay_different: {"pair": st.sampled_from(DIFFERENT), **_AROUND, **_PEOPLE},
    another_form_is_confirmed: {"group": st.sampled_from(NAMED + FORMS), **_AROUND, "present": presentations()},
    only_equal_names_match: {"own": WRITTEN, "shown": WRITTEN, "born": st.booleans()},
    any_text_gets_an_answer: {"person": PERSON, "aliases": st.lists(ANYTHING, max_size=2), "shown": PERSON},
    a_family_gets_no_better_answer: {"person": PERSON, "shown": PERSON, "shared": st.sets(st.sampled_from(Shared))},
    one_surname_is_noticed: {
        "surname": st.sampled_from(NAMED),
        "given": st.tuples(st.text("太一花子", min_size=1, max_size=2), st.text("太一花子", min_size=1, max_size=2)),
        "space": st.tuples(st.sampled_from(["", " ", "\u3000"]), st.sampled_from(["", " "])),
        "forms": st.tuples(st.integers(0, 3), st.integers(0, 3)),
    },
}
"""Each promise, with what it is to be tried on."""
