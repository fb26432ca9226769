"""What a test says of the guard, in words that read well."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from guard.core.verdict import Reason
from guard.qa.visits import unproved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.core.clearance import Clearance
    from guard.qa.visits import Stop, Visits


@contextmanager
def expect_stopped(
    counter: Visits, reason: Reason | str | None = None, *, portal: str | None = None
) -> Iterator[list[Stop]]:
    """Pass only if the guard stops a submission that the block sends; other stops still fail the test.

    `reason` is a `Reason` or its value, such as "someone_else". The list holds the stop after the block. Raises
    AssertionError after ten seconds, with what was stopped in its place.
    """
    wanted = None if reason is None else Reason(reason)
    before = {stop.shown.submission_id for stop in counter.stops}
    found: list[Stop] = []

    def fits(stop: Stop) -> bool:
        new = stop.shown.submission_id not in before
        return new and wanted in {None, stop.shown.reason} and portal in {None, stop.shown.portal}

    yield found
    try:
        stop = counter.wait_for_stop(fits)
    except TimeoutError:
        seen = "; ".join(str(stop) for stop in counter.stops if stop.shown.submission_id not in before) or "nothing"
        msg = f"the guard should have stopped a submission ({wanted or 'for any reason'}), and stopped {seen}"
        raise AssertionError(msg) from None
    counter.expect(stop)
    found.append(stop)


def expect_clean(counter: Visits) -> Clearance:
    """End the open visit, and pass only if its clearance has every proof; returns it."""
    clearance = counter.end()
    if clearance is None:
        msg = "no visit was opened, so there is no clearance"
        raise AssertionError(msg)
    if not clearance.clean:
        msg = f"the handover could not prove {unproved(clearance)}"
        raise AssertionError(msg)
    return clearance
