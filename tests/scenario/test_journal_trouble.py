"""A journal that takes no entry: nothing is released, everybody is told why, and there is a way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from flows.mock import POINT
from flows.people import TANAKA_ICHIRO
from guard.core.commands import Kind, Record
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase, SealReason
from guard.errors import GuardError
from tests.day import alive, entries, eventually, log_in, read_aloud, sessions_in, settle

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


def journal_of(counter: BlockingCounter) -> Journal:
    return counter.counter.supervisor._journal


def _order(journal: Journal, pragma: str) -> None:
    with journal._engine.connect() as connection:
        connection.execute(text(f"PRAGMA {pragma}"))


def _fill(journal: Journal, words: str) -> None:
    while True:
        journal.append(Record(kind=Kind.ALARM, visit_id=None, facts=(("text", words),)), datetime.now(UTC))


@contextmanager
def full_disk(journal: Journal) -> Iterator[None]:
    """The database's own limit gives the very error of a full disk, without a disk to fill."""
    _order(journal, "max_page_count = 1")
    try:
        for text_length in (200, 0):  # up to where not even a short entry finds room
            with pytest.raises(GuardError):
                _fill(journal, "x" * text_length)
        yield
    finally:
        _order(journal, "max_page_count = 1073741823")


@contextmanager
def read_only(journal: Journal) -> Iterator[None]:
    _order(journal, "query_only = ON")
    try:
        yield
    finally:
        _order(journal, "query_only = OFF")


@contextmanager
def locked_by_another(journal: Journal) -> Iterator[None]:
    """A copying program of the office, say."""
    with closing(sqlite3.connect(journal._path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


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
