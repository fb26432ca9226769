"""`guard demo`: mock portals up, three published accidents twice each, a table and a report at the end."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.accidents import SHOWN
from flows.mock import MockPortals
from flows.plain import plain_browser
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.browser.executable import find_browser
from guard.browser.switches import needs_no_sandbox
from guard.config import BrowserSettings, Config, TestNetwork
from guard.demo.pictures import Album
from guard.demo.play import GuardedPlay, Played, play_unguarded
from guard.demo.report import write_report
from guard.portal import load_portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Playwright
    from rich.console import Console

PROFILES = ("point", "mypage", "idp")
CONSOLE_SIZE = (1366, 768)


def mock_config(portals: MockPortals, state_dir: Path) -> Config:
    """A counter on the mock portals; as root, in a container, without the sandbox that cannot work there."""
    folder = Path(__file__).parents[2] / "config" / "portals"
    return Config(
        counter="デモ窓口",
        portals=tuple(load_portal(folder / f"{name}.toml") for name in PROFILES),
        state_dir=state_dir,
        browser=BrowserSettings(allow_no_sandbox=needs_no_sandbox()),
        test_network=TestNetwork(hosts=portals.hosts, ca_file=portals.ca_file, trusted_spki=portals.spki),
    )


@contextmanager
def mock_counter(*, headless: bool) -> Iterator[tuple[MockPortals, BlockingCounter]]:
    """Mock portals and a guarded counter on them, gone with the block."""
    with (
        MockPortals() as portals,
        tempfile.TemporaryDirectory(prefix="guard-demo-", ignore_cleanup_errors=True) as folder,
        open_blocking_counter(mock_config(portals, Path(folder)), headless=headless) as counter,
    ):
        yield portals, counter


def run_demo(out: Path, terminal: Console, *, headed: bool = False) -> bool:
    """Play all accidents; True only if every one happened without the guard and was stopped with it."""
    out.mkdir(parents=True, exist_ok=True)
    with _progress(terminal) as progress, mock_counter(headless=not headed) as (portals, counter):
        for note in counter.counter.notes:
            terminal.print(note, style="yellow", markup=False)
        task = progress.add_task("", total=2 * len(SHOWN))
        with sync_playwright() as playwright, _plain(playwright, portals, headed=headed) as (page, plain):
            page.goto(counter.call(counter.counter.serve_console))
            album = Album(out)
            guarded_play = GuardedPlay(portals, counter, playwright, page, album)
            played = []
            for accident in SHOWN:
                progress.update(task, description=f"{accident.place.ja} ガードなし / without the guard")
                unguarded = play_unguarded(accident, portals, plain, album)
                progress.update(task, advance=1, description=f"{accident.place.ja} ガードあり / with the guard")
                guarded = guarded_play.play(accident)
                progress.advance(task)
                played.append(Played(accident=accident, unguarded=unguarded, guarded=guarded))
    report = write_report(out, played)
    terminal.print(result_table(played))
    terminal.print(f"報告 / report: {report}")
    return all(one.proved for one in played)


def result_table(played: list[Played]) -> Table:
    """The demo's result, one accident a row."""
    table = Table(title="madoguchi-guard demo", show_lines=True)
    for heading in (
        "事案 / accident",
        "出典 / source",
        "ガードなし / without",
        "ガードあり / with",
        "次の方まで / next citizen",
    ):
        table.add_column(heading, overflow="fold")
    for one in played:
        table.add_row(
            f"{one.accident.place.ja}\n{one.accident.place.en}\n{one.accident.day}",
            one.accident.source,
            _happened(one),
            _held(one),
            f"{one.guarded.next_citizen_after:.2f} s",
        )
    return table


def _happened(one: Played) -> str:
    astray = one.unguarded.misattribution
    return f"[red]✗[/red] {astray}" if astray else "起きなかった / did not happen"


def _held(one: Played) -> str:
    if not one.guarded.held:
        return f"[red]✗ 防げなかった / not held[/red] {one.guarded.astray or ''}"
    reason = one.guarded.stopped_by
    return f"[green]✓[/green] 停止・全ログアウト・本人で完了 / stopped ({reason}), logged out, B served as B"


def _progress(terminal: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} {task.description}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=terminal)


@contextmanager
def _plain(playwright: Playwright, portals: MockPortals, *, headed: bool) -> Iterator[tuple[Page, Browser]]:
    """A plain browser for the accidents, with a page for the console in a context of its own."""
    browser = plain_browser(playwright, portals, executable=find_browser().path, headless=not headed)
    try:
        width, height = CONSOLE_SIZE
        yield browser.new_page(viewport={"width": width, "height": height}), browser
    finally:
        browser.close()
