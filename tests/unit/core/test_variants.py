"""Forms of one kanji are joined, different names are not."""

from __future__ import annotations

import itertools
import unicodedata
from importlib.resources import files

import pytest

from guard.core import variants
from tests.derivation import derive_variants
from tests.unit.core.kanji import DIFFERENT, FORMS, NAMED


def test_no_character_stands_for_two_names() -> None:
    """A shared form would join two groups of different names."""
    forms = [form for group in variants.GROUPS for form in group]
    assert len(forms) == len(set(forms))
    assert all(len(group) > 1 for group in variants.GROUPS)


def test_every_form_is_one_that_a_folded_name_can_hold() -> None:
    """Names are compared after NFKC: a form that it changes would never be found."""
    forms = "".join(form for group in variants.GROUPS for form in group)
    assert unicodedata.normalize("NFKC", forms) == forms


@pytest.mark.parametrize("group", NAMED + FORMS)
def test_the_forms_of_one_name_are_folded_together(group: str) -> None:
    """The groups that the specification names, forms of common surnames, forms of old, and radicals typed as kanji."""
    assert len({variants.fold(form) for form in unicodedata.normalize("NFKC", group)}) == 1


@pytest.mark.parametrize("pair", DIFFERENT)
def test_different_names_are_not_folded_together(pair: str) -> None:
    """These are brothers, sisters and neighbours, not forms of one name."""
    assert variants.fold(pair[0]) != variants.fold(pair[1])


def test_folding_leaves_everything_else_alone() -> None:
    """Kana, Latin and kanji without variants stay as they are."""
    assert variants.fold("山田 タロウ John 﨑髙") == "山田 タロウ John 崎高"


def test_the_table_says_where_it_comes_from_and_under_which_licence() -> None:
    """The published map may be passed on only with its source, its licence and what was changed."""
    header = files("guard.core").joinpath("variants.txt").read_text("utf-8").split("\n一", 1)[0]
    for word in ("MJShrinkMap.1.2.0.json", "mji.00601.xlsx", "ShareAlike 2.1 Japan", "15.0.0", "Retrieved", "Modified"):
        assert word in header
    licences = files("guard.core").joinpath("variants.LICENSE").read_text("utf-8")
    assert "https://creativecommons.org/licenses/by-sa/2.1/jp/" in licences
    assert "UNICODE, INC. LICENSE AGREEMENT" in licences


LAW = {"満": "満", "漫": "漫", "島": "島", "桧": "桧", "檜": "桧"}


def test_deriving_joins_forms_to_the_kanji_of_the_law_that_is_nearest() -> None:
    """A chain over a rare character must not join two names; what is equally near to both is nobody's form."""
    pairs = {
        ("滿", "満"),
        ("澫", "満"),
        ("澫", "漫"),
        ("嶋", "島"),
        ("㠀", "嶋"),
        ("满", "滿"),
        ("躭", "耽"),
        ("舛", "島"),
    }
    found = derive_variants.classes(pairs, LAW)
    assert set(map(frozenset, found)) >= {frozenset(group) for group in ("満滿满", "島嶋㠀", "桧檜", "耽躭")}
    assert not any("澫" in group or "舛" in group for group in found)
    assert all(one == other or not {*one} & {*other} for one, other in itertools.combinations(found, 2))


def test_deriving_reads_the_columns_it_names() -> None:
    """The guess and the replacement by sound and look, second and third of four, are not read."""
    header = (
        "chunked_mj_mappings_009ad8_009ad9[2] = {\n    {1, {{1, {{39640, 1, 0, 0}, {0, 0, 0, 0}}}}},\n"
        "    {1, {{2, {{39641, 1, 0, 0}, {0, 0, 0, 0}}}}}\n};\n"
        "mj_shrink_mappings[3] = {\n{{-1}, {-1}, {-1}, {-1}},\n{{-1}, {-1}, {-1}, {-1}},\n"
        "{{39641}, {24033}, {22823}, {39640, -1}}\n};"
    )
    assert derive_variants.shrunk(header) == {("髙", "高")}
