"""What the desk asks of the ledger. Where it does not answer, nothing is known, staff are told so, and work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.errors import LedgerError
from guard.record.values import told_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from typing import TypeVar

    from guard.core.day import Day
    from guard.core.identity import Citizen
    from guard.core.interruption import Earlier
    from guard.core.payload import Value
    from guard.record.feed import LedgerFeed
    from guard.record.journal import Journal
    from guard.record.ledger import Ledger

    T = TypeVar("T")

SETTLED_WITHIN = 2.0  # seconds; the last entries take milliseconds, and a stuck ledger must not keep people waiting


class Lookup:
    """Asks with names and numbers what the ledger knows by digests. It waits for disks: call it in a thread."""

    def __init__(self, ledger: Ledger, journal: Journal, feed: LedgerFeed) -> None:
        self._ledger = ledger
        self._journal = journal
        self._feed = feed

    def earlier(self, citizen: Citizen) -> Earlier | None:
        """The citizen's interrupted visit that no finished one has followed."""
        return self._asked(lambda: self._ledger.interrupted(self._journal.digest(citizen)), None)

    def tickets_used(self, tickets: Iterable[str], since: datetime) -> frozenset[str]:
        """Those of these ticket numbers that have opened a visit since then."""
        by_digest = {self._journal.digest_of("ticket", ticket): ticket for ticket in tickets}
        used = self._asked(lambda: self._ledger.tickets_since(since), frozenset[str]())
        return frozenset(ticket for digest, ticket in by_digest.items() if digest in used)

    def day(self, begin: datetime, end: datetime) -> Day | None:
        """What happened between two times; None if the ledger does not answer."""
        return self._asked(lambda: self._ledger.day(begin, end), None)

    def of_another(self, values: Iterable[Value], person: Citizen) -> frozenset[Value]:
        """Those values that were sent for another person, on whatever day.

        It waits for nothing: what the ledger does not know yet is read from the journal, and all of it if need be.
        """
        asked = told_apart(values)
        try:
            known = self._ledger.position()[0]
            theirs = frozenset(one for one in asked if self._is_of_another(one, person))
        except LedgerError as error:
            self._feed.trouble(error)
            known, theirs = 0, frozenset()
        return theirs | self._journal.of_another(asked, person, known)

    def _is_of_another(self, value: Value, person: Citizen) -> bool:
        digest = self._journal.digest_of(value.kind, value.text)
        return self._ledger.other_owner(value.kind, digest, self._journal.digest(person))

    def _asked(self, question: Callable[[], T], otherwise: T) -> T:
        self._feed.settled(SETTLED_WITHIN)
        try:
            return question()
        except LedgerError as error:
            self._feed.trouble(error)
            return otherwise
