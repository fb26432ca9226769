"""What counts as come out as promised: both columns, and for exactly the reasons that the class names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.accidents import ACCIDENTS, Accident, Promise, Without
from guard.accidents.played import Found, Guarded, Played
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.verdict import Reason
from guard.core.view import SealReason
from guard.grammar import Words

BY_ID = {one.id: one for one in ACCIDENTS}
WENT = Words(ja="AさんのポイントがBさんへ", en="points of A go to B")
ASTRAY, RIGHT = Found(astray=WENT), Found(as_meant=True)
CLEAN = Clearance(visit_id="v1", generation=1, proofs=(Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED),))
UNCLEAN = Clearance(visit_id="v1", generation=1, proofs=(Proof(area=Area.LOGGED_OUT, finding=Finding.NOT_PROVED),))
CLEARED = Guarded(as_meant=True, clearances=[CLEAN])
STOPPED = replace(CLEARED, stops=[Reason.SOMEONE_ELSE, Reason.SOMEONE_ELSE])
SEALED = replace(CLEARED, clearances=[UNCLEAN], seals=[SealReason.NOT_CLEARED])
CONFIRMED = replace(CLEARED, stops=[Reason.VARIANT_UNCONFIRMED])
MISSED = Guarded(astray=WENT, clearances=[CLEAN])


def played(ident: str, unguarded: Found, guarded: Guarded) -> Played:
    return Played(accident=BY_ID[ident], unguarded=unguarded, guarded=guarded)


@pytest.mark.parametrize(
    ("ident", "unguarded", "guarded"),
    [
        ("back-button", ASTRAY, CLEARED),
        ("twins", ASTRAY, STOPPED),
        ("silent-logout", ASTRAY, SEALED),
        ("comes-back", RIGHT, CLEARED),
        ("name-variant", RIGHT, CONFIRMED),
        ("untold", ASTRAY, MISSED),
    ],
)
def test_each_promise_is_kept_by_what_it_says(ident: str, unguarded: Found, guarded: Guarded) -> None:
    one = played(ident, unguarded, guarded)
    assert one.promise is one.accident.promise
    assert one.as_promised


@pytest.mark.parametrize(
    ("ident", "unguarded", "guarded"),
    [
        ("back-button", RIGHT, CLEARED),  # what does not happen without the guard proves nothing
        ("back-button", Found(), CLEARED),  # nobody got anything: the scenario is broken
        ("back-button", replace(ASTRAY, broken="TimeoutError"), CLEARED),
        ("back-button", ASTRAY, STOPPED),  # a false stop on the way
        ("back-button", ASTRAY, MISSED),
        ("back-button", ASTRAY, SEALED),
        ("back-button", ASTRAY, replace(CLEARED, clearances=[UNCLEAN])),
        ("back-button", ASTRAY, replace(CLEARED, clearances=[])),  # no visit at all
        ("back-button", ASTRAY, replace(CLEARED, broken="TimeoutError")),
        ("twins", ASTRAY, CLEARED),
        ("twins", ASTRAY, replace(STOPPED, as_meant=False)),  # stopped, and then not served
        ("twins", ASTRAY, replace(STOPPED, stops=[Reason.SESSION_CHANGED])),
        ("silent-logout", ASTRAY, CLEARED),
        ("comes-back", RIGHT, CONFIRMED),
        ("comes-back", RIGHT, replace(CLEARED, as_meant=False)),
        ("comes-back", RIGHT, SEALED),
        ("untold", ASTRAY, CLEARED),  # then the matrix is out of date, and says too little
    ],
)
def test_anything_else_is_not_as_promised(ident: str, unguarded: Found, guarded: Guarded) -> None:
    assert not played(ident, unguarded, guarded).as_promised


def test_every_class_has_a_name_of_its_own_and_says_where_it_comes_from() -> None:
    assert len(BY_ID) == len(ACCIDENTS)
    assert all(one.source for one in ACCIDENTS)


@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda one: one.id)
def test_a_class_promises_only_what_fits_together(accident: Accident) -> None:
    """A stop has a reason, and what is right without the guard is let through."""
    assert (accident.promise is Promise.LET_THROUGH) == (accident.without is Without.RIGHT)
    if accident.promise is Promise.STOPPED:
        assert accident.stops
    elif accident.promise is not Promise.LET_THROUGH:
        assert not accident.stops
