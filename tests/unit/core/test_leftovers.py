"""The map of leftovers leaves nothing out."""

from __future__ import annotations

from collections import Counter

import pytest

from guard.core.clearance import Area, Clearance, Finding, Proof, resting_on
from guard.core.leftovers import LEFTOVERS, End, Place, Search

KNOWN = 68
"""Leftovers on the team's list."""


def test_every_place_has_its_one_row() -> None:
    assert [row.place for row in LEFTOVERS] == list(Place)


def test_every_leftover_of_the_list_stands_in_exactly_one_row() -> None:
    numbers = Counter(number for row in LEFTOVERS for number in row.numbers)
    assert numbers == Counter(range(1, KNOWN + 1))


def test_what_nothing_can_ask_for_ends_with_process_or_profile() -> None:
    """Only what a proved end destroys may go without a search."""
    assert {row.ends for row in LEFTOVERS if row.search is Search.NOTHING} == {End.PROCESS, End.PROFILE}


@pytest.mark.parametrize("finding", [Finding.PROVED, Finding.NOT_PROVED])
def test_a_place_that_cannot_be_asked_is_as_gone_as_what_it_lived_in(finding: Finding) -> None:
    """HTTP credentials live in the process: if its end is not proved, neither is theirs."""
    gone = (
        Proof(area=Area.PROCESS_GONE, finding=finding),
        Proof(area=Area.PROFILE_GONE, finding=Finding.PROVED),
    )
    lines = {proof.place: proof for proof in resting_on(gone)}
    assert lines[Place.HTTP_CREDENTIALS].area is Area.PROCESS_GONE
    assert lines[Place.HTTP_CREDENTIALS].finding is finding
    assert lines[Place.EXTENSIONS].finding is Finding.PROVED
    assert set(lines) == {row.place for row in LEFTOVERS if row.search is Search.NOTHING}


def test_staff_read_one_line_for_each_area_and_what_is_missing_in_it() -> None:
    def looked(place: Place, finding: Finding, detail: str) -> Proof:
        return Proof(area=Area.BROWSER_CLEAN, place=place, finding=finding, detail=detail)

    gone = (Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED, detail="none runs"),)
    lines = (
        looked(Place.COOKIES, Finding.NOT_PROVED, "cookie a"),
        looked(Place.HISTORY, Finding.PROVED, "nothing"),
        looked(Place.TABS, Finding.NOT_PROVED, "page of b"),
    )
    clearance = Clearance(visit_id="v1", generation=1, proofs=(*gone, *resting_on(gone), *lines))
    summed = Proof(area=Area.BROWSER_CLEAN, finding=Finding.NOT_PROVED, detail="cookie a; page of b")
    assert clearance.summary == (*gone, summed)
    assert not clearance.clean
