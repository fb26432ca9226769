"""The PC wakes up: what was seen before counts no more."""

from __future__ import annotations

import pytest

from guard.core.commands import Kind, LookAt, Record, Release
from guard.core.events import Ending, EndRequested, Resumed
from guard.core.view import HolderState
from guard.core.viewing import view
from tests.unit.core.counters import MATCH, SISTER, TERMS, Till, held, serving, sighted

AWAKE = Resumed(away=3600.4, at=11.0)


def test_a_fresh_sighting_from_before_releases_nothing() -> None:
    """Two seconds on the monotonic clock may be a night on the portal's."""
    till = serving()
    till.feed(sighted(MATCH, at=10.0), AWAKE)
    assert [(entry.kind, entry.facts) for entry in till.all(Record)] == [(Kind.RESUMED, (("away", "3600"),))]
    till.feed(held(at=12.0))
    assert (till.all(Release), len(till.all(LookAt))) == ([], 1)
    till.feed(sighted(MATCH, at=12.5))
    assert len(till.all(Release)) == 1


def test_an_answer_that_was_on_its_way_is_asked_for_again() -> None:
    """Also at a portal that nobody had looked at, and for what was held before the sleep."""
    till = serving()
    till.feed(held(at=9.0), AWAKE, sighted(MATCH, at=9.5))
    assert (till.all(Release), len(till.all(LookAt))) == ([], 1)
    till.feed(sighted(SISTER, at=12.0))
    assert till.kinds() == [Kind.STOPPED]


def test_people_do_not_see_an_agreement_from_before() -> None:
    till = serving()
    till.feed(sighted(MATCH, at=10.0), AWAKE)
    assert view(till.counter, TERMS).portals[0].state is HolderState.NOT_SEEN


@pytest.mark.parametrize("till", [Till(), serving()], ids=["starting", "closing"])
def test_a_pc_may_sleep_at_any_time(till: Till) -> None:
    if till.counter.visit is not None:
        till.feed(EndRequested(ending=Ending.DONE, at=5.0))
    phase = till.counter.phase
    till.feed(AWAKE)
    assert (till.kinds(), till.counter.phase) == ([Kind.RESUMED], phase)
