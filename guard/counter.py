"""A counter put together: journal, browsers, supervisor. What the library and the commands open."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from guard import card
from guard.browser.console_window import ConsoleWindow
from guard.browser.equip import equip
from guard.browser.guarded import GuardedBrowser
from guard.browser.handover import Handed, hand_over
from guard.browser.preflight import SENTINELS_SHOWN, preflight
from guard.browser.standby import Standby
from guard.browser.wire import Outside
from guard.console.answers import GateAnswers
from guard.console.app import create_app
from guard.console.citizen import Paper
from guard.console.day_page import DayBook
from guard.console.reception import Reception
from guard.console.server import ConsoleServer
from guard.core.clearance import Area, Clearance, Finding, Proof, resting_on
from guard.core.events import Ending
from guard.core.identity import Jar
from guard.core.view import Phase
from guard.core.weakness import Found, Weakness
from guard.desk import CounterDesk
from guard.errors import GuardError
from guard.record.digest import load_key
from guard.record.feed import LedgerFeed
from guard.record.journal import Journal
from guard.record.ledger import Ledger
from guard.record.lookup import Lookup
from guard.record.staff import StaffRegister
from guard.reports import Reports
from guard.supervisor import Answered, Supervisor
from guard.tasks import Tasks
from guard.texts import Language, Texts
from guard.wake import WakeWatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Page

    from guard.config import Config
    from guard.core.commands import Refusal
    from guard.core.identity import Citizen, Holder
    from guard.core.verdict import Verdict
    from guard.core.view import CounterView

log = structlog.get_logger()

NOBODY_REGISTERED = (
    "Nobody is registered as staff, so any number lifts a seal. Run: guard staff add NUMBER --role leader."
)
SEEN_WITHIN = 10.0  # seconds
EXTRA = 10.0  # seconds beyond the configured limits, after which a handover counts as stuck


class OpenCounter:
    """A running counter. Open it with `open_counter`."""

    def __init__(self, config: Config, *, headless: bool, card_service: card.Service | None = None) -> None:
        self.config = config
        self._headless = headless
        self._card_service = card_service
        self._texts = Texts(Language(config.console.language))
        self._tasks = Tasks(self._failed)
        self._paper = Paper(counter=config.counter)
        self._stack = AsyncExitStack()
        self._showed_sentinels = False
        self.supervisor: Supervisor
        self.desk: CounterDesk

    @property
    def clearance(self) -> Clearance | None:
        """Of the visit that ended last."""
        return self.supervisor.clearance

    async def start(self) -> None:
        """Open journal and browsers, and show the first window. Raises GuardError with the mend."""
        config = self.config
        card_service = await self._service_with_reader()
        key = await asyncio.to_thread(load_key, config.key_file)
        journal = await asyncio.to_thread(Journal.open, config.journal_file, key)
        self._stack.callback(journal.close)
        self._stack.push_async_callback(self._tasks.stop)
        self._outside = Outside(config)
        self._stack.push_async_callback(self._outside.close)
        loop = asyncio.get_running_loop()
        ledger = await asyncio.to_thread(Ledger.open, config.ledger_file, config.counter)
        feed = LedgerFeed(ledger, journal, lambda: loop.call_soon_threadsafe(self.supervisor.ledger_turned))
        self._lookup = Lookup(ledger, journal, feed)
        self.supervisor = Supervisor(config, journal, self._texts, self._tasks, self._handed_over, feed)
        reports = Reports(self.supervisor, self._lookup.of_another)
        self._stack.callback(feed.close)
        await asyncio.to_thread(feed.start)
        terms = {portal.name: portal.terms for portal in config.portals}
        register = await asyncio.to_thread(StaffRegister.open, config.staff_file)
        self.desk = CounterDesk(
            self.supervisor,
            terms,
            journal.in_common,
            register,
            card=config.card.terms,
            idle=config.idle.terms,
            lookup=self._lookup,
            bound=config.reception.way == "bound",
        )
        self._browsers = setup = await equip(
            config,
            GateAnswers(config.portals, self._texts, self.view),
            self._outside,
            self._tasks,
            self._stack,
            headless=self._headless,
        )
        self._standby = Standby(
            lambda number: GuardedBrowser.start(setup, reports.listeners, number),
            self._tasks,
            on_trouble=lambda error: self.supervisor.fault("standby", error),
            on_coming=self.supervisor.coming,
        )
        self._stack.push_async_callback(self._dismiss_browsers)
        shown = await self._standby.show(set())
        self.supervisor.ready(shown.browser)
        self._standby.prepare()
        watch = WakeWatch(reports.resumed)
        self.supervisor.before_event = watch.look
        self._tasks.start(watch.run(), "wake watch")
        self._tasks.start(self.desk.days.run(), "day watch")
        if card_service is not None:
            monitor = card.CardMonitor(card_service, config.card.reader, reports.card)
            self._tasks.start(monitor.run(), "card reader")

    async def stop(self) -> None:
        """End an open visit with its handover, then close everything, in reverse."""
        try:
            if self.desk.view().phase in {Phase.SERVING, Phase.CLOSING}:
                await self.end(Ending.SHUTDOWN)
        finally:
            await self._stack.aclose()

    async def abandon(self) -> None:
        """Close what a failed start had opened."""
        await self._stack.aclose()

    @asynccontextmanager
    async def visit(self, citizen: Citizen | None, *, acting_for: Citizen | None = None) -> AsyncIterator[OpenVisit]:
        """Serve one citizen, who may act for somebody else (代理); leaving the block runs the handover.

        None where `[reception] way = "bound"`: the first login says who it is, and `desk.bind` is answered.

        Raises GuardError if no visit can be opened.
        """
        refusal = await self.desk.open_visit(citizen, acting_for)
        if refusal is not None:
            raise not_opened(refusal, self.view())
        browser = self.supervisor.browser
        assert browser is not None  # noqa: S101  # a visit opens in a browser
        try:
            yield OpenVisit(self.supervisor, await browser.page(), browser.endpoint)
        except BaseException:
            await self.end(Ending.INTERRUPTED)
            raise
        await self.end(Ending.DONE)

    async def end(self, ending: Ending) -> Clearance | None:
        """End the open visit, if it is not ending already, and wait for its clearance.

        Raises GuardError if it does not come, because no next browser starts, say.
        """
        await self.desk.end(ending)
        limits = self.config.handover
        try:
            async with asyncio.timeout(limits.wipe_within + limits.settle_within + EXTRA):
                await self.desk.until(lambda view: view.phase is Phase.READY)
        except TimeoutError as error:
            what = "the visit has ended, and no clearance came"
            found = self.view().seal_detail or None
            raise GuardError(what, value=found, mend="A leader looks at the counter at its next start.") from error
        return self.clearance

    def view(self) -> CounterView:
        """What people at the counter see now."""
        return self.desk.view()

    async def until(self, wanted: Callable[[CounterView], bool]) -> CounterView:
        """Wait until people at the counter see something. Raises TimeoutError after ten seconds."""
        async with asyncio.timeout(SEEN_WITHIN):
            return await self.desk.until(wanted)

    async def ask(self, portal: str) -> Holder:
        """Whom a portal says to have logged in, by its sentinel in the browser that is shown."""
        browser = self.supervisor.browser
        assert browser is not None  # noqa: S101  # shown by `start`
        return (await browser.logins.look(Jar(portal=portal, context=browser.jars.default_context))).holder

    async def serve_console(self) -> str:
        """Serve the pages of staff; returns the address that opens them, once."""
        app = create_app(
            self.desk,
            token=secrets.token_urlsafe(32),
            portals=self.config.portals,
            language=Language(self.config.console.language),
            paper=self._paper,
            reception=Reception(self.config.reception.list, self._lookup),
            book=DayBook(read=self._lookup.day, mark=self.desk.mark_stop),
            preflight=self.preflight,
        )
        server = ConsoleServer(app, self.config.console.port)
        try:
            await server.start()
        except OSError as error:
            what, port = f"the console cannot be served ({error.strerror})", self.config.console.port
            raise GuardError(what, value=f"port {port}", mend="Set port = 0 under [console] for a free one.") from error
        self._stack.push_async_callback(server.stop)
        return server.url

    async def open_console_window(self, url: str) -> ConsoleWindow:
        """Show the console in a window of its own, which survives handovers."""
        setup = self._browsers
        window = await ConsoleWindow.open(setup.executable, setup.work_dir, url, self._tasks, headless=self._headless)
        self._stack.push_async_callback(window.destroy)
        self._paper.printer = window
        return window

    @property
    def notes(self) -> list[str]:
        """What preflight found and the day has shown, in English for engineers; empty if all is as it should be."""
        unproved = [] if self.desk.asks_pins() else [NOBODY_REGISTERED]
        return [*(one.note for one in self.preflight()), *unproved]

    def preflight(self) -> tuple[Found, ...]:
        """What weakens the guard on this machine, looked at now; for terminal and console."""
        browser = self.supervisor.browser
        shows = self._showed_sentinels or (browser is not None and browser.logins.shows_sentinels)
        shown = (Found(weakness=Weakness.SENTINELS_SHOWN, note=SENTINELS_SHOWN),) if shows else ()
        return (*preflight(self.config), *shown)

    # -- putting together ------------------------------------------------------------------------

    async def _service_with_reader(self) -> card.Service | None:
        """The card service, where a card is required; no reader, no start."""
        settings = self.config.card
        if not settings.required:
            return None
        service = self._card_service or card.PcscService()
        await card.find_reader(service, settings.reader)
        return service

    async def _dismiss_browsers(self) -> None:
        await self._standby.dismiss()
        if self.supervisor.browser is not None:
            await self.supervisor.browser.destroy()

    # -- from one citizen to the next ------------------------------------------------------------

    async def _handed_over(self, old: GuardedBrowser, visit_id: str | None) -> Handed:
        """A handover always ends with a clean browser; what failed on the way is a proof that is missing."""
        self._showed_sentinels |= old.logins.shows_sentinels  # the next browser tells it in its first visit only
        try:
            handed = await hand_over(
                old,
                visit_id,
                outside=self._outside,
                limits=self.config.handover,
                show_next=self._standby.show_next,
                tasks=self._tasks,
            )
        except Exception as error:  # noqa: BLE001  # unforeseen: seal, and still wipe
            self.supervisor.fault("handover", error)
            handed = await self._wiped_after_fault(old, visit_id)
        self._standby.prepare()
        return handed

    async def _wiped_after_fault(self, old: GuardedBrowser, visit_id: str | None) -> Handed:
        gone = await old.destroy()
        missing = tuple(
            Proof(area=area, finding=Finding.NOT_PROVED, detail="the handover ended with a fault")
            for area in (Area.LOGGED_OUT, Area.SESSION_DEAD)
        )
        shown = await self._standby.show_next(set())
        proofs = (*missing, *gone, *resting_on(gone), *shown.clean)
        clearance = Clearance(visit_id=visit_id, generation=old.generation, proofs=proofs)
        return Handed(clearance=clearance, browser=shown.browser)

    def _failed(self, name: str, error: BaseException) -> None:
        if name != "standby":  # its failure is told to the one who takes it
            self.supervisor.fault(name, error)


def not_opened(refusal: Refusal, view: CounterView) -> GuardError:
    """Why no visit could be opened, with what sealed the counter, for those who call from Python."""
    why = f"{refusal.value}: {view.seal.value}, {view.seal_detail}" if view.seal else refusal.value
    return GuardError("the visit was not opened", value=why, mend=Texts(Language.EN).refusal(refusal))


class OpenVisit:
    """One citizen being served."""

    def __init__(self, supervisor: Supervisor, page: Page, endpoint: str) -> None:
        self._supervisor = supervisor
        self.page = page
        """Playwright's async page of the window that staff see."""
        self.endpoint = endpoint
        """Address at which another Playwright joins this browser."""

    @property
    def answered(self) -> tuple[Answered, ...]:
        """Every held request of this visit with its verdict, newest last."""
        return tuple(self._supervisor.answered)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts alone, newest last."""
        return tuple(answered.verdict for answered in self._supervisor.answered)


@asynccontextmanager
async def open_counter(
    config: Config, *, headless: bool = False, card_service: card.Service | None = None
) -> AsyncIterator[OpenCounter]:
    """A guarded counter, from its first window to the end of its last browser.

    `card_service` takes the place of the machine's own. Raises BrowserError if no browser starts, JournalError if the
    journal cannot be written, ConfigError if a card is required and there is no reader.
    """
    counter = OpenCounter(config, headless=headless, card_service=card_service)
    try:
        await counter.start()
    except BaseException:
        await counter.abandon()
        raise
    try:
        yield counter
    finally:
        await counter.stop()
