"""`guard counter`: a counter with its console, until staff close it; or, with `--check`, just long enough to look."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from guard.core.identity import Known, Nobody, Unclear
from guard.counter import open_counter

if TYPE_CHECKING:
    from rich.console import Console

    from guard.config import Config
    from guard.core.identity import Holder


async def serve(config: Config, terminal: Console, *, headless: bool) -> None:
    """Open counter and console, and wait for Ctrl+C, a termination signal or the end of the console's window."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        _on_signal(signal_number, stop)
    async with open_counter(config, headless=headless) as counter:
        for note in counter.notes:
            terminal.print(f"[yellow]{note}[/yellow]")
        url = await counter.serve_console()
        window = await counter.open_console_window(url)
        terminal.print(f"Counter {config.counter} is open. Ctrl+C closes it.")
        closed = asyncio.create_task(window.closed(), name="console window")  # awaited in the line below
        stopped = asyncio.create_task(stop.wait(), name="stop signal")
        await asyncio.wait([closed, stopped], return_when=asyncio.FIRST_COMPLETED)
        terminal.print("Closing: an open visit is logged out and cleared first.")
        closed.cancel()
        stopped.cancel()


async def check(config: Config, terminal: Console) -> bool:
    """Open the counter without windows, ask each portal who is logged in, say what was found, and close.

    False if a portal does not answer that nobody is, as in a clean browser it must, or if the counter is sealed.
    """
    async with open_counter(config, headless=True) as counter:
        await counter.serve_console()
        names = [portal.name for portal in config.portals]
        answers = dict(zip(names, await asyncio.gather(*map(counter.ask, names)), strict=True))
        seal = counter.view().seal
        for note in counter.notes:
            terminal.print(f"[yellow]{note}[/yellow]")
    for name, holder in answers.items():
        terminal.print(f"Portal {name}: {_said(holder)}", markup=False, highlight=False)
    fit = all(isinstance(holder, Nobody) for holder in answers.values())
    portals = "and each portal is ready" if fit else "but not each portal is ready"
    terminal.print(f"Counter {config.counter} opens, {portals}.")
    if seal is not None:
        terminal.print(f"It is sealed ({seal.value}): a leader lifts the seal at the console.")
    return fit and seal is None


def _said(holder: Holder) -> str:
    mend = "Run guard portal try with its profile."
    match holder:
        case Nobody():
            return "answers, and nobody is logged in."
        case Known():
            return f"says that somebody is logged in, in a clean browser. {mend}"
        case Unclear(why=why):
            return f"does not say who is logged in ({why.value}). {mend}"


def _on_signal(number: signal.Signals, stop: asyncio.Event) -> None:
    if sys.platform == "win32":  # NOT RUN: the loop takes no handlers there; KeyboardInterrupt ends it
        return
    asyncio.get_running_loop().add_signal_handler(number, stop.set)
