"""The console's own window: a second browser that survives handovers, because it is none of the guarded ones."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from guard.browser.launch import launch
from guard.browser.profile import remove_profile, write_preferences
from guard.browser.switches import needs_no_sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from guard.browser.process import BrowserProcess
    from guard.tasks import Tasks

SWITCHES = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--password-store=basic",
    "--no-proxy-server",  # the console lives on this machine alone
    "--window-size=560,900",  # stands beside the portal's window
)


class ConsoleWindow:
    """Shows one address in a window without tabs or address bar."""

    def __init__(self, process: BrowserProcess) -> None:
        self._process = process

    @classmethod
    async def open(cls, executable: Path, work_dir: Path, url: str, tasks: Tasks, *, headless: bool) -> ConsoleWindow:
        """Open the window. Raises BrowserError if the browser does not start."""
        profile = work_dir / f"profile-console-{secrets.token_hex(8)}"
        await asyncio.to_thread(write_preferences, profile)
        switches = [*SWITCHES, f"--app={url}"]
        switches += ["--no-sandbox"] if needs_no_sandbox() else []
        switches += ["--headless"] if headless else []
        return cls(await launch(executable, switches, profile, tasks))

    async def closed(self) -> None:
        """Wait until staff close the window."""
        await self._process.ended.wait()

    async def destroy(self) -> None:
        """Close the window and delete its profile."""
        await self._process.kill()
        await asyncio.to_thread(remove_profile, self._process.user_data_dir)
