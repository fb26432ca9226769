"""One guarded browser, from its start without a window to its end without a trace."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from guard.browser.bridge import Bridge
from guard.browser.driver import Driver, first_page
from guard.browser.extensions import load_extensions
from guard.browser.gate import GUARD_HOST, Gate, GatePages, origin_of
from guard.browser.jars import Jars
from guard.browser.launch import launch
from guard.browser.logins import Logins
from guard.browser.pages import Page, Pages
from guard.browser.profile import is_download, new_profile, remove_profile
from guard.browser.scopes import Scopes
from guard.core.clearance import Area, Finding, Proof
from guard.core.identity import Jar
from guard.core.submission import RequestClass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Browser
    from playwright.async_api import Page as PlaywrightPage

    from guard.browser.process import BrowserProcess
    from guard.browser.wire import Outside
    from guard.config import Config
    from guard.core.submission import Submission
    from guard.portal import Portal
    from guard.tasks import Tasks

START_URL = f"https://{GUARD_HOST}/"


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """Who hears of what happens in a browser; each gets the generation first."""

    held: Callable[[Submission], None]
    withdrawn: Callable[[str], None]
    answered: Callable[[Submission], None]
    """The portal answered what was released."""
    used: Callable[[int, Jar, str | None], None]
    """A portal page was opened or used; under this session for the first time, if one is named."""
    alarm: Callable[[int, str, str], None]
    """Generation, portal, text."""
    ribbon_ready: Callable[[int], None]
    """A new document wants its ribbon."""
    discard: Callable[[], None]
    """Staff threw the session away, from the overlay."""
    window_closed: Callable[[int], None]
    process_ended: Callable[[int, int | None], None]
    """Generation and exit status; None where it is not known."""
    input_seen: Callable[[], None] = lambda: None
    """Somebody types or points in a window, whatever it shows."""
    passed: Callable[[str, str, str], None] = lambda _portal, _method, _path: None
    """Portal, method and path of a page that was let through because it only reads."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What every browser of a counter is made from."""

    config: Config
    executable: Path
    switches: tuple[str, ...]
    golden: Path
    work_dir: Path
    pages: GatePages
    driver: Driver
    outside: Outside
    tasks: Tasks


class GuardedBrowser:
    """A browser with its gate on, its sentinels and its bridge. Generation counts browsers."""

    def __init__(self, setup: Setup, listeners: Listeners, generation: int, process: BrowserProcess) -> None:
        self._setup = setup
        self._listeners = listeners
        self.generation = generation
        self._process = process
        self._ending = False
        self._window_closed = False
        self._bridge = Bridge(process.connection)
        self._playwright: Browser | None = None
        self._typed_in: set[str] = set()
        """Windows whose present document has a form with text in it."""
        self.endpoint = ""
        """Address at which Playwright joins."""

    @classmethod
    async def start(cls, setup: Setup, listeners: Listeners, generation: int) -> GuardedBrowser:
        """Start a browser on a new profile; it shows no window, and its gate is on."""
        profile = await asyncio.to_thread(new_profile, setup.golden, setup.work_dir)
        try:
            process = await launch(setup.executable, setup.switches, profile, setup.tasks)
        except BaseException:
            await asyncio.to_thread(remove_profile, profile)
            raise
        browser = cls(setup, listeners, generation, process)
        try:
            await browser._join()
        except BaseException:  # half a browser is none: it must not run on unguarded, nor fill the disk
            await browser.destroy()
            raise
        return browser

    async def _join(self) -> None:
        self.session = session = await self._process.connection.browser_session()
        self.jars = Jars(session)
        self.gate = Gate(
            session,
            generation=self.generation,
            portals=self._setup.config.portals,
            jars=self.jars,
            pages=self._setup.pages,
            on_held=self._listeners.held,
            on_withdrawn=self._listeners.withdrawn,
            on_passed=self._listeners.passed,
            on_answered=self._answered,
            is_download=partial(is_download, self.user_data_dir),
            on_new_session=self._look_ahead,  # a page that never navigates tells of its login in no other way
        )
        self.logins = Logins(
            session,
            self.gate,
            self.jars,
            open_pages=lambda: self.pages.open,
            config=self._setup.config,
            outside=self._setup.outside,
            tasks=self._setup.tasks,
            generation=self.generation,
        )
        self.pages = Pages(
            session,
            self.jars,
            is_ours=self.logins.is_sentinel,
            on_report=self._heard,
            on_all_closed=self._all_closed,
        )
        await self.gate.close_on_everything()
        await self.jars.watch()
        await self.pages.watch()
        await Scopes(await self._process.connection.browser_session()).watch()
        await load_extensions(session, self._setup.config.browser.extensions)  # their workers find the gate closed
        self.endpoint = await self._bridge.open()
        self._setup.tasks.start(self._watch_process(), "watch browser")

    @property
    def user_data_dir(self) -> Path:
        return self._process.user_data_dir

    @property
    def alive(self) -> bool:
        return not self._process.ended.is_set()

    async def show(self) -> None:
        """Open the window that staff see, on the guard's own start page."""
        await self.session.send("Target.createTarget", {"url": START_URL, "newWindow": True})

    async def page(self) -> PlaywrightPage:
        """Playwright's page of that window; it joins at first ask, because one that listens costs every page time.

        Raises BrowserError if there is none.
        """
        if self._playwright is None or not await self._setup.driver.answers():
            self._playwright = await self._setup.driver.join(self.endpoint)
        return await first_page(self._playwright)

    def admit(self) -> None:
        """A visit is open: let portals load, and load again what staff asked for too early."""
        too_early = self.gate.admit()
        for page in self.pages.open:
            if page.target in too_early:
                page.session.post("Page.reload")

    def redraw_start_page(self) -> None:
        """Bring the start page up to date where it stands: no navigation, so nobody's click is lost to it."""
        for page in self.pages.open:
            self._redraw(page)

    def _redraw(self, page: Page) -> None:
        if page.url == START_URL:
            self.pages.write(page, self._setup.pages.start())

    async def destroy(self) -> tuple[Proof, Proof]:
        """End every process and delete the profile; the two proofs of it."""
        self._ending = True
        gone = await self._process.kill()
        deleted = await asyncio.to_thread(remove_profile, self.user_data_dir)
        await self._bridge.close()
        return (
            _proof(Area.PROCESS_GONE, gone, "no process works on the profile"),
            _proof(Area.PROFILE_GONE, deleted, "the profile directory does not exist"),
        )

    @property
    def closed_by_staff(self) -> bool:
        """Whether staff closed its last window, or ended the browser with it."""
        return self._window_closed or self._process.exit_code == 0

    def _all_closed(self) -> None:
        self._window_closed = True
        if not self._ending:
            self._listeners.window_closed(self.generation)

    async def _watch_process(self) -> None:
        await self._process.ended.wait()
        if not self._ending:
            self._listeners.process_ended(self.generation, self._process.exit_code)

    def _portal_shown(self, page: Page) -> Portal | None:
        return self._setup.config.portal_of(origin_of(page.url))

    @property
    def text_open(self) -> bool:
        """Whether a window shows a form in which somebody has typed."""
        return any(page.target in self._typed_in for page in self.pages.open)

    def _heard(self, page: Page, report: dict[str, Any]) -> None:
        """What a page reports, whatever it shows."""
        if report.get("kind") == "ready":  # another document: what was typed is gone or sent
            self._typed_in.discard(page.target)
        if report.get("kind") != "input":
            self._reported(page, report)
            return
        if report.get("text") is True:
            self._typed_in.add(page.target)
        self._listeners.input_seen()

    def _reported(self, page: Page, report: dict[str, Any]) -> None:
        portal = self._portal_shown(page)
        if portal is None:
            if report.get("kind") == "ready":  # a visit may have been opened since the gate answered it
                self._redraw(page)
            return
        jar = Jar(portal=portal.name, context=self.jars.context_of(page.target))
        match report.get("kind"):
            case "ready":
                self._listeners.ribbon_ready(self.generation)
                for visited in {jar, *self.jars.visited}:  # a login at one portal is often one at another
                    if visited.context == jar.context:
                        self._setup.tasks.start(self._used(visited), "keep session")
            case "waits":  # it shows that by itself; this is carried out once nothing of the page is held any more
                page.ribbon = ""
                self._listeners.ribbon_ready(self.generation)
            case "activity":
                self._setup.tasks.start(self._used(jar), "keep session")
            case "alarm":
                self._listeners.alarm(self.generation, portal.name, str(report.get("text", "")))
            case "discard":
                self._listeners.discard()
            case _:
                pass  # of another release of the ribbon; it cannot decide anything

    def _answered(self, submission: Submission, go_on: Callable[[], None]) -> None:
        if submission.request_class is RequestClass.LOGIN:
            self._setup.tasks.start(self._logged_in(submission, go_on), "read the session of a login")
        else:
            go_on()
            self._tell_of_answer(submission)

    async def _logged_in(self, submission: Submission, go_on: Callable[[], None]) -> None:
        """A window that closes with the answer takes the session along: it is read first."""
        try:
            await self.logins.logged_in(submission)
        finally:
            go_on()
        self._tell_of_answer(submission)

    def _tell_of_answer(self, submission: Submission) -> None:
        self._listeners.answered(submission)
        self._look_ahead(submission.jar)

    async def _used(self, jar: Jar) -> None:
        await self.logins.keep_session(jar)  # first: who was seen under another session is no reason not to look
        self._look_ahead(jar, self.jars.newest_key(jar))

    def _look_ahead(self, jar: Jar, session: str | None = None) -> None:
        """Ask before need; never where each answer brings a new session, as the page's own request would lose its."""
        if not self._setup.config.portal(jar.portal).session.rotates:
            self._listeners.used(self.generation, jar, session)

    def draw_ribbons(self, state_for: Callable[[Portal], str]) -> None:
        """Show a state, a JavaScript expression, on every portal page."""
        for page in self.pages.open:
            portal = self._portal_shown(page)
            if portal is not None:
                self.pages.show_ribbon(page, state_for(portal))

    def show_stop(self, notice: str) -> None:
        """Lay the stop overlay, a JavaScript expression, over every portal page."""
        for page in self.pages.open:
            if self._portal_shown(page) is not None:
                self.pages.call(page, "stop", notice)


def _proof(area: Area, proved: bool, detail: str) -> Proof:  # noqa: FBT001  # the proof is the flag
    finding = Finding.PROVED if proved else Finding.NOT_PROVED
    return Proof(area=area, finding=finding, detail=detail if proved else f"not so: {detail}")
