"""`guard scan`, from the folder that was named to the report."""

from __future__ import annotations

import asyncio
import secrets
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from guard.errors import BrowserError, GuardError
from guard.record.digest import KEY_BYTES, load_key
from guard.scan.asking import AskedSession, Questions, State
from guard.scan.hosts import Hosts
from guard.scan.jars import Jar, decode
from guard.scan.leftover import Marker, Scan, Vault
from guard.scan.profiles import find_profiles
from guard.scan.report import as_json, print_scan, print_sessions
from guard.scan.search import look_through
from guard.scan.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console

    from guard.browser.carried import Carried
    from guard.config import Config
    from guard.portal import Portal
    from guard.scan.profiles import Profiles
    from guard.scan.snapshot import Snapshot

SHORTEST_WORD = 2  # characters; one alone stands in every file


class WishError(GuardError):
    """The command line asks for what makes no sense."""

    exit_status = 2  # as for every wrong command line


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What the person at the terminal asked for."""

    words: tuple[str, ...] = ()
    json: bool = False
    ask_portals: bool = False
    log_out: bool = False
    """Log living sessions out without asking."""
    show_names: bool = False

    def __post_init__(self) -> None:
        if any(len(word.strip()) < SHORTEST_WORD for word in self.words):
            mend = f"Give words of at least {SHORTEST_WORD} characters."
            raise WishError("a word given with --find is too short", mend=mend)
        if self.log_out and not self.ask_portals:
            raise WishError("--log-out needs --ask-portals", mend="Give both, or neither.")


def run_scan(
    folder: Path,
    config: Config,
    wishes: Wishes,
    *,
    terminal: Console,
    progress: Console,
    confirm: Callable[[str], bool],
) -> bool:
    """Scan, report, and ask the portals if that was wished; True if something was found.

    The report goes to `terminal`, all else to `progress`, so that JSON stays JSON.
    """
    profiles = find_profiles(folder)
    marker = Marker(load_key(config.key_file) if config.key_file.exists() else secrets.token_bytes(KEY_BYTES))
    scan, vault, sessions = Scan(), Vault(), list[AskedSession]()
    with _ends_properly(), snapshot(scan.unseen.append) as copies:
        with progress.status("copying") as status:
            look_through(
                profiles,
                copies,
                hosts=Hosts(config.portals),
                marker=marker,
                vault=vault,
                words=wishes.words,
                show_names=wishes.show_names,
                result=scan,
                say=lambda what: status.update(f"scanning {what}"),
            )
        if not wishes.json:
            print_scan(scan, terminal)
        if wishes.ask_portals:
            with asyncio.Runner() as runner:
                asked = _Asking(runner, config, wishes, profiles, copies, scan, vault, marker)
                sessions = asked.run(progress, confirm)
    if wishes.json:
        terminal.print(Text(as_json(scan, sessions, scanned=str(folder))), soft_wrap=True)
    else:
        print_sessions(sessions, terminal)
    return bool(scan.leftovers)


class _Asking:
    """The portals are asked about every session that was found, one profile after the other."""

    def __init__(
        self,
        runner: asyncio.Runner,
        config: Config,
        wishes: Wishes,
        profiles: Profiles,
        copies: Snapshot,
        scan: Scan,
        vault: Vault,
        marker: Marker,
    ) -> None:
        self._runner = runner
        self._config = config
        self._wishes = wishes
        self._profiles = profiles
        self._copies = copies
        self._scan = scan
        self._vault = vault
        self._questions = Questions(config, marker, show_names=wishes.show_names)

    def run(self, progress: Console, confirm: Callable[[str], bool]) -> list[AskedSession]:
        try:
            with progress.status("asking the portals"):
                sessions = [session for folder in self._profiles.folders for session in self._ask(folder)]
            for session in sessions:
                if session.state is State.ALIVE and self._shall_end(session, confirm):
                    with progress.status("logging out"):
                        self._runner.run(self._questions.end(self._config.portal(session.portal), session))
            return sessions
        finally:
            self._runner.run(self._questions.close())

    def _ask(self, folder: Path) -> list[AskedSession]:
        portals = [self._config.portal(name) for profile, name in self._scan.sessions() if profile == folder.name]
        jar = self._jar(folder) if any(portal.session.cookies for portal in portals) else Jar([])
        return [
            self._runner.run(self._questions.ask(carried, folder.name, portal))
            for portal in portals
            for carried in self._carried(jar, folder.name, portal)
        ]

    def _carried(self, jar: Jar | None, profile: str, portal: Portal) -> list[Carried | None]:
        """Each session of one portal: one for every token, or the one in the cookies."""
        if jar is None and portal.session.cookies:
            return [None]
        tokens = self._vault.tokens(profile, portal.name) or [""]
        return [(jar or Jar([])).carried(portal, token) for token in tokens]

    def _jar(self, folder: Path) -> Jar | None:
        """The cookies, or None with a note: what was found offline is worth a report without them."""
        try:
            return self._runner.run(decode(self._profiles, folder, self._copies, self._config))
        except BrowserError as error:
            self._scan.unseen.append(f"{folder.name}: the portals were not asked: {error}")
            return None

    def _shall_end(self, session: AskedSession, confirm: Callable[[str], bool]) -> bool:
        if self._wishes.log_out or self._wishes.json:
            return self._wishes.log_out
        person = session.name or session.holder or "?"
        return confirm(f"{session.portal} ({session.profile}): {person} — ログアウトしますか / log out?")


@contextmanager
def _ends_properly() -> Iterator[None]:
    """A termination signal ends the scan as Ctrl+C does: the copy is deleted on the way out."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
