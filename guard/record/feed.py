"""Brings the ledger up to date behind the journal, in a thread of its own: no release and no handover waits for it."""

from __future__ import annotations

import math
import queue
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import structlog

from guard.errors import GuardError
from guard.log import trace_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from guard.record.entry import Entry
    from guard.record.journal import Journal
    from guard.record.ledger import Ledger

log = structlog.get_logger()

_AT_ONCE = 200  # entries: reading them keeps the journal from being written for some milliseconds
_PAUSE = 0.3  # seconds without an entry: while requests are being answered, the thread's turns would delay them
_LATEST = 5.0  # seconds behind, if no pause comes
_LAST_WAIT = 5.0  # seconds at the end of the day; what is not written then is read from the journal at the next start


class LedgerFeed:
    """Takes every entry that was written to the journal into the ledger, sooner or later.

    A fault costs no entry: with the next one the ledger reads from the journal what it misses.
    """

    def __init__(self, ledger: Ledger, journal: Journal, on_change: Callable[[], object]) -> None:
        """`on_change` is told, in the feed's thread, when `failed` turns."""
        self._ledger = ledger
        self._journal = journal
        self._on_change = on_change
        self._entries: queue.SimpleQueue[Entry | threading.Event] = queue.SimpleQueue()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self.failed = False
        """Whether the ledger is behind because of a fault; people are told."""

    def start(self) -> None:
        """Read what the journal holds beyond the ledger, then follow it."""
        self._carried_out(self._catch_up)
        self._thread.start()

    def heard(self, entry: Entry) -> None:
        """Take an entry that was written, without waiting."""
        self._entries.put(entry)

    def settled(self, within: float) -> bool:
        """Wait until what was heard so far stands in the ledger; False if that takes longer."""
        reached = threading.Event()
        self._entries.put(reached)
        return reached.wait(within) and not self.failed

    def trouble(self, error: GuardError) -> None:
        """The ledger did not answer somebody either."""
        log.error("the ledger failed", what=error.what, value=error.value, mend=error.mend)
        self._turn(failed=True)

    def close(self) -> None:
        """Take what was heard, end, and let go of the ledger's file."""
        if self._thread.is_alive():
            self._entries.put(self._end)
            self._thread.join(_LAST_WAIT)
        self._ledger.close()

    def _run(self) -> None:
        going_on = True
        while going_on:
            entries, last = self._next()
            if entries:
                self._carried_out(partial(self._take, entries))
            if last is not None:
                last.set()
            going_on = last is not self._end

    def _next(self) -> tuple[list[Entry], threading.Event | None]:
        """Entries up to the next pause, and what ended them early: somebody who waits for them, say."""
        entries: list[Entry] = []
        latest = math.inf
        while time.monotonic() < latest and len(entries) < _AT_ONCE:
            try:
                told = self._entries.get(timeout=_PAUSE if entries else None)
            except queue.Empty:
                break
            if isinstance(told, threading.Event):
                return entries, told
            latest = min(latest, time.monotonic() + _LATEST)
            entries.append(told)
        return entries, None

    def _take(self, entries: Sequence[Entry]) -> None:
        try:
            self._ledger.follow(entries)
        except GuardError:  # a gap, after an earlier fault, or this one's fault again
            self._catch_up()

    def _catch_up(self) -> None:
        while True:
            known, its_hash = self._ledger.position()
            entries = self._journal.entries_from(known, _AT_ONCE)
            if known and (not entries or entries[0].hash != its_hash):
                self._ledger.forget()  # made of another journal
            else:
                self._ledger.follow(entries)
                if len(entries) < _AT_ONCE:
                    return

    def _carried_out(self, work: Callable[[], None]) -> None:
        try:
            work()
        except GuardError as error:
            self.trouble(error)
        except Exception as error:  # noqa: BLE001  # a thread that ends would leave the ledger behind for the day
            log.critical("the ledger failed", trace=trace_of(error))
            self._turn(failed=True)
        else:
            self._turn(failed=False)

    def _turn(self, *, failed: bool) -> None:
        if self.failed is not failed:
            self.failed = failed
            self._on_change()
