"""Which way a browser is started: on a pipe of the guard's own, or through Playwright where that cannot be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from guard.browser.process import BrowserProcess
from guard.browser.tunnel import start_through_tunnel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from guard.tasks import Tasks

_WEAKER = (
    "This system's Python cannot hand a pipe to a browser, so Playwright starts it and carries the gate's messages. "
    "Each takes longer; if Playwright's process alone is killed, background requests that were held may be sent; "
    "a browser that ends before its window was seen to close counts as lost, not as closed by staff."
)


def hands_over_pipes() -> bool:
    """Linux and macOS (NOT RUN there) do.

    Windows (NOT RUN) does not: Python's `subprocess` passes handles on, but not as the descriptors 3 and 4 that
    `--remote-debugging-pipe` reads; libuv, under Playwright, does.
    """
    return sys.platform != "win32"


def weaker_here() -> list[str]:
    """What this system's way of starting browsers costs, for whoever starts the guard."""
    return [] if hands_over_pipes() else [_WEAKER]


async def launch(executable: Path, switches: Sequence[str], user_data_dir: Path, tasks: Tasks) -> BrowserProcess:
    """Start a browser with these switches on this profile. Raises BrowserError if it does not start."""
    if hands_over_pipes():
        return await BrowserProcess.start(executable, switches, user_data_dir, tasks)
    return await start_through_tunnel(executable, switches, user_data_dir, tasks)
