"""The guarded counter, worked as staff would work it: a visit for each citizen, and the console's own questions."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from flows.plain import clean_page
from guard.accidents.plain import crash
from guard.core.card import CardState
from guard.core.confirmation import Answers
from guard.core.events import Ending
from guard.core.interruption import Interruption
from guard.core.payload import FieldKind
from guard.core.view import HolderState, Phase
from guard.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Playwright

    from flows.mock import MockPortals
    from flows.mock.card_reader import MockReader
    from flows.people import Resident
    from guard.accidents.played import Guarded
    from guard.blocking import BlockingCounter
    from guard.core.identity import Citizen
    from guard.core.view import CounterView, PortalView

LEADER = "L-1"
STAFF = "S-1"
_END = 4  # characters that the console asks for


class GuardedCounter:
    """`flows.accidents.Counter` under the guard; what it answers goes into `done`."""

    def __init__(
        self,
        portals: MockPortals,
        counter: BlockingCounter,
        playwright: Playwright,
        elsewhere: Browser,
        done: Guarded,
        reader: MockReader | None = None,
    ) -> None:
        self.portals = portals
        self._counter = counter
        self._playwright = playwright
        self._elsewhere = elsewhere
        self._done = done
        self._reader = reader
        self._page: Page | None = None

    @contextmanager
    def visit(
        self,
        resident: Resident,
        *,
        written: Citizen | None = None,
        acting_for: Resident | None = None,
        interrupted: bool = False,
    ) -> Iterator[Page]:
        """A visit of its own; at its end staff press 終了, or 中断, if the window has not ended it."""
        self.settle()
        concerned = None if acting_for is None else acting_for.citizen
        self._counter.open_visit(written or resident.citizen, concerned)
        with self._card(), self._paper(resident), self._window() as page:
            self._page = page
            try:
                yield page
            finally:
                self._end(Interruption.CITIZEN_LEFT if interrupted else None)

    @contextmanager
    def unattended(self) -> Iterator[Page]:
        self.settle()
        with self._window() as page:
            yield page

    def ask(self, resident: Resident) -> None:
        """Have the console's questions about the logins answered; what only a leader can confirm, a leader does."""
        seen = self._counter.until(lambda view: any(line.state is not HolderState.NOT_SEEN for line in view.portals))
        for line in seen.portals:
            self._confirm(line, resident)

    def change_cards(self) -> None:
        """One card after the other, and each seen by the guard, which takes it less time than people need."""
        if self._reader is not None:
            self._reader.take()
            self._counter.until(lambda view: view.card is CardState.REMOVED)
            self._reader.lay()
            self._counter.until(lambda view: view.card is CardState.BACK)

    def crash(self) -> None:
        """End the browser once the guard has seen who is logged in, which takes it less time than people need."""
        self._counter.until(lambda view: any(line.state is HolderState.AGREE for line in view.portals))
        if self._page is not None:
            crash(self._page)
        self._counter.until(lambda view: view.phase is not Phase.SERVING)

    @contextmanager
    def elsewhere(self) -> Iterator[Page]:
        with clean_page(self._elsewhere) as page:
            yield page

    def settle(self) -> None:
        """Let the last visit's handover end, and a leader look where the counter waits for one."""
        seen = self._counter.until(lambda view: view.phase is Phase.READY)
        if seen.seal is not None:
            self._done.seals.append(seen.seal)
            self._counter.lift(LEADER)

    def _end(self, why: Interruption | None) -> None:
        answered = self._counter.answered  # before the handover: what it closes on the way was nobody's act
        ending = Ending.INTERRUPTED if why else Ending.DONE
        if self._counter.view.phase is Phase.SERVING:
            self._counter.call(self._counter.counter.desk.end, ending, why)
        else:
            answered = self._counter.answered
        cleared = self._counter.until(lambda view: view.phase is Phase.READY).clearance
        self._done.stops += [one.verdict.reason for one in answered if one.verdict.reason is not None]
        if cleared is not None:
            self._done.clearances.append(cleared)

    @contextmanager
    def _card(self) -> Iterator[None]:
        """The citizen's card lies on the reader, where there is one, until they go."""
        if self._reader is None:
            yield
            return
        self._reader.lay()
        try:
            self._counter.until(lambda view: view.card is CardState.THERE)
            yield
        finally:
            self._reader.take()

    @contextmanager
    def _window(self) -> Iterator[Page]:
        """The window that staff see, joined by a Playwright of our own as QA would do it."""
        browser = self._playwright.chromium.connect_over_cdp(self._counter.endpoint)
        try:
            context = browser.contexts[0]
            yield context.pages[0] if context.pages else context.wait_for_event("page")
        finally:
            with suppress(PlaywrightError):
                browser.close()

    @contextmanager
    def _paper(self, resident: Resident) -> Iterator[None]:
        """Within the block the citizen types what the console asks from their own paper, not from the screen."""
        with self._counter.following(_reader(self._counter, resident)):
            yield

    def _confirm(self, line: PortalView, resident: Resident) -> None:
        if line.questions is None:
            return
        said = Answers(birth_date=resident.birth_date, birth_year=resident.birth_date.year, reading=resident.kana)
        leader = LEADER if line.questions.by_leader else ""
        self._counter.call(self._counter.counter.desk.confirm, line.portal, said, STAFF, leader)


def _reader(counter: BlockingCounter, resident: Resident) -> Callable[[CounterView], None]:
    """Answer each question for a number once; called in the counter's own thread."""
    desk, tasks, known = counter.counter.desk, Tasks(counter.counter.supervisor.fault), set[tuple[str, int]]()
    own = {
        FieldKind.PAYMENT_ID: resident.cashless.payment_id[-_END:],
        FieldKind.ACCOUNT_NUMBER: resident.account.number[-_END:],
        FieldKind.ACCOUNT_HOLDER: resident.account.holder_kana,
    }

    def told(view: CounterView) -> None:
        asked = view.read_back
        if asked is not None and (asked.submission_id, asked.turn) not in known:
            known.add((asked.submission_id, asked.turn))
            tasks.start(desk.read_back(asked.submission_id, own[asked.kind]), "read back")

    return told
