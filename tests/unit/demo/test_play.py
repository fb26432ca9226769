"""Tests of what counts as proved in the demo."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.accidents import KORIYAMA
from guard.core.clearance import Area, Clearance, Finding, Proof
from guard.core.verdict import Reason
from guard.demo.play import Guarded, Played, Unguarded

CLEAN = Clearance(visit_id="v1", generation=1, proofs=(Proof(area=Area.PROCESS_GONE, finding=Finding.PROVED),))
UNCLEAN = Clearance(visit_id="v1", generation=1, proofs=(Proof(area=Area.LOGGED_OUT, finding=Finding.NOT_PROVED),))
HAPPENED = Unguarded(misattribution="A took B")
HELD = Guarded(first_clearance=CLEAN, stopped_by=Reason.SOMEONE_ELSE, served_properly=True)


def played(unguarded: Unguarded, guarded: Guarded) -> Played:
    return Played(accident=KORIYAMA, unguarded=unguarded, guarded=guarded)


def test_an_accident_that_happened_and_was_stopped_is_proved() -> None:
    assert played(HAPPENED, HELD).proved


def test_an_accident_that_does_not_happen_without_the_guard_proves_nothing() -> None:
    """A guard that stops what cannot happen is a check that cannot fail."""
    assert not played(Unguarded(), HELD).proved


@pytest.mark.parametrize(
    "guarded",
    [
        replace(HELD, first_clearance=None),
        replace(HELD, first_clearance=UNCLEAN),
        replace(HELD, stopped_by=None),
        replace(HELD, astray="A's points go to B"),
        replace(HELD, served_properly=False),
    ],
)
def test_every_part_of_the_promise_must_be_kept(guarded: Guarded) -> None:
    """A logged out, B's submission stopped, nothing astray, B served as B."""
    assert not played(HAPPENED, guarded).proved
