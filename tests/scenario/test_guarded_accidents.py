"""The published accidents at the guarded counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.accidents import SHOWN, LeftLoggedIn
from guard.core.events import Ending
from guard.core.verdict import Reason
from guard.demo.play import site_of

if TYPE_CHECKING:
    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.conftest import Serve

pytestmark = [pytest.mark.browser, pytest.mark.all_day]  # the demo plays the same three in `make test`


@pytest.mark.parametrize("accident", SHOWN, ids=lambda accident: accident.id)
def test_the_accident_is_stopped_and_the_next_citizen_is_served_as_themselves(
    accident: LeftLoggedIn, portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """A goes home without a logout; B's data must not reach the portal under A, and B's own application must."""
    with serve(accident.first) as page:
        accident.first_citizen_leaves(page)
        clearance = counter.end(Ending.INTERRUPTED)
    assert clearance is not None
    assert clearance.clean, clearance.missing
    with serve(accident.second) as page:
        site = site_of(accident, page)
        site.open()
        site.log_in(accident.first)
        assert not accident.attempt_in_leftover_session(page).submitted
        assert counter.view.stops[-1].reason is Reason.SOMEONE_ELSE
    assert accident.misattribution(portals.books) is None
    with serve(accident.second) as page:
        assert accident.second_citizen_is_served(page).submitted
    assert accident.served_properly(portals.books)
