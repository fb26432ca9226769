"""What the comparison of names promises for every name, and that these promises have teeth."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from guard.core import folding, household, names, variants
from guard.core.names import Agreement
from tests.property import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.core.identity import Citizen, Identity

_SEARCH = settings(
    max_examples=5000,  # the rarest fault needs 600 on average; the search ends at the first that is found
    report_multiple_bugs=False,
    deadline=None,  # shared test machines stall
    derandomize=True,  # the same days every time; but what is drawn depends on the modules that are loaded, too
    database=None,
    phases=(Phase.generate,),  # that it is found counts, not its smallest example
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("promise", people.PROMISES, ids=lambda promise: promise.__name__)
def test_a_comparison_keeps_its_promise(promise: Callable[..., None]) -> None:
    """For people, spellings and presentations drawn at random; the docstring of each says what it promises."""
    settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])(
        given(**people.PROMISES[promise])(promise)
    )()


Patch = pytest.MonkeyPatch


def _brothers_are_one(patch: Patch) -> None:
    patch.setitem(variants._TABLE, ord("朗"), "郎")


def _forms_match(patch: Patch) -> None:
    patch.setattr(names, "fold", lambda name: variants.fold(folding.fold(name)))


def _selectors_count(patch: Patch) -> None:
    patch.setattr(folding, "_APART", re.compile(r"[\s\u200b\u2060\ufeff\u00ad'·・]+"))
    patch.setattr(names, "fold", folding.fold)


def _repeat_marks_count(patch: Patch) -> None:
    patch.setattr(folding, "_REPEAT", re.compile("(?!)"))


def _masks_excuse_what_differs(patch: Patch) -> None:
    patch.setattr(names, "hidden", lambda char: char == "朗" or folding.hidden(char))


def _birth_dates_are_ignored(patch: Patch) -> None:
    real = names._same
    patch.setattr(names, "_same", lambda mine, theirs: real(mine, theirs) or None)


def _the_portals_mask_is_trusted(patch: Patch) -> None:
    real = names.one_name
    patch.setattr(
        names,
        "one_name",
        lambda own, shown, sure: Agreement.VARIANT if "●" in shown and sure else real(own, shown, sure=sure),
    )


def _new_kanji_break_it(patch: Patch) -> None:
    def hidden(char: str) -> bool:
        return not unicodedata.name(char)

    patch.setattr(names, "hidden", hidden)


def _families_are_compared_as_strangers(patch: Patch) -> None:
    patch.setattr(household, "compare", lambda citizen, identity, _shared: names.compare(citizen, identity))


def _families_get_a_match_for_a_form(patch: Patch) -> None:
    def generous(citizen: Citizen, identity: Identity, shared: Any) -> Agreement:
        usual = names.compare(citizen, identity)
        return Agreement.MATCH if shared and usual is Agreement.VARIANT else usual

    patch.setattr(household, "compare", generous)


def _surnames_are_told_by_a_space_alone(patch: Patch) -> None:
    patch.setattr(household, "_possible_surnames", lambda name, _shortest: set(map(folding.fold, name.split()[:1])))


FAULTS: dict[Callable[[Patch], None], Callable[..., None]] = {
    _brothers_are_one: people.different_people_stay_different,
    _forms_match: people.another_form_is_confirmed,
    _selectors_count: people.presentation_changes_nothing,
    _repeat_marks_count: people.presentation_changes_nothing,
    _masks_excuse_what_differs: people.different_people_stay_different,
    _birth_dates_are_ignored: people.any_text_gets_an_answer,
    _the_portals_mask_is_trusted: people.answers_from_both_sides_alike,
    _new_kanji_break_it: people.any_text_gets_an_answer,
    _families_are_compared_as_strangers: people.a_family_gets_no_better_answer,
    _families_get_a_match_for_a_form: people.a_family_gets_no_better_answer,
    _surnames_are_told_by_a_space_alone: people.one_surname_is_noticed,
}
"""Each fault, and the promise that it breaks."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_a_seeded_fault_breaks_a_promise(fault: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """A promise that lets a fault live says nothing about the real comparison."""
    fault(monkeypatch)
    promise = FAULTS[fault]
    with pytest.raises((AssertionError, ValueError, TypeError)):
        _SEARCH(given(**people.PROMISES[promise])(promise))()
