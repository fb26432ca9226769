"""`guard counter`: a counter with its console, until staff close it."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from guard.counter import open_counter

if TYPE_CHECKING:
    from rich.console import Console

    from guard.config import Config


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


def _on_signal(number: signal.Signals, stop: asyncio.Event) -> None:
    if sys.platform == "win32":  # NOT RUN: the loop takes no handlers there; KeyboardInterrupt ends it
        return
    asyncio.get_running_loop().add_signal_handler(number, stop.set)
