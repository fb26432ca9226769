"""A journal that takes no entry: nothing is released, everybody is told why, and there is a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock import POINT
from flows.people import TANAKA_ICHIRO
from guard.core.commands import Kind
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase, SealReason
from guard.errors import GuardError
from tests.day import (
    alive,
    entries,
    eventually,
    full_disk,
    journal_of,
    locked_by_another,
    log_in,
    read_aloud,
    read_only,
    sessions_in,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from guard.record.journal import Journal
    from tests.conftest import Serve

pytestmark = pytest.mark.browser


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    assert portals.hosts
    yield shared
    settle(shared)


TROUBLES = pytest.mark.parametrize(
    ("trouble", "mend"),
    [
        (full_disk, "database or disk is full). Free space on its disk."),
        (read_only, "attempt to write a readonly database). Give this user write access"),
        (locked_by_another, "database is locked). End the other program"),
    ],
    ids=["disk full", "read-only", "locked"],
)


@TROUBLES
def test_nothing_is_released_without_its_journal_entry_and_the_way_out_is_there(
    trouble: Callable[[Journal], AbstractContextManager[None]],
    mend: str,
    portals: MockPortals,
    counter: BlockingCounter,
    serve: Serve,
) -> None:
    """The holder agrees, and yet nothing is sent. The session is thrown away, the disk mended, the counter lifted."""
    journal = journal_of(counter)
    with serve(TANAKA_ICHIRO) as page:
        log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
        sessions = sessions_in(page)
        with trouble(journal):
            page.evaluate("void fetch('/apply/service', {method: 'POST', body: 'x=1'}).catch(() => 0)")
            sealed = counter.until(lambda view: view.seal is not None)
            assert sealed.seal is SealReason.UNFORESEEN
            assert mend in sealed.seal_detail
            assert sealed.stops[-1].reason is Reason.UNFORESEEN
            assert sealed.released == 0
            eventually(lambda: "送信を止めました" in read_aloud(page))
            counter.end()
            with pytest.raises(GuardError, match="counter_sealed"):
                counter.lift("L-1")
    assert portals.arrived("POST", POINT, "/apply/service") == ()
    assert not any(alive(portals, sessions).values())
    counter.lift("L-1")
    assert counter.view.seal is None
    last_day = entries(counter)[-1 - [entry.kind for entry in reversed(entries(counter))].index(Kind.VISIT_OPENED) :]
    kinds = [entry.kind for entry in last_day if entry.kind is not Kind.ALARM]
    assert kinds[-1] is Kind.LIFTED
    assert kinds.index(Kind.STOPPED) < kinds.index(Kind.VISIT_ENDING) < kinds.index(Kind.CLEARANCE)
    assert journal.verify() is None
    with serve(TANAKA_ICHIRO):
        assert counter.view.phase is Phase.SERVING


@TROUBLES
def test_no_visit_opens_without_its_journal_entry(
    trouble: Callable[[Journal], AbstractContextManager[None]], mend: str, counter: BlockingCounter, serve: Serve
) -> None:
    """Reception is told so, and no browser is opened to the portals for a visit that nobody could find again."""
    journal = journal_of(counter)
    before = len(entries(counter, Kind.VISIT_OPENED))
    with trouble(journal):
        with pytest.raises(GuardError, match="counter_sealed"):
            counter.open_visit(TANAKA_ICHIRO.citizen)
        refused = counter.view
        assert refused.phase is Phase.READY
        assert mend in refused.seal_detail
    counter.lift("L-1")
    assert len(entries(counter, Kind.VISIT_OPENED)) == before
    with serve(TANAKA_ICHIRO):
        assert counter.view.phase is Phase.SERVING
