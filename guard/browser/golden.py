"""The golden profile: made once per browser version, and never used for a citizen."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
from typing import TYPE_CHECKING

from guard.browser.cdp import BrowserGoneError
from guard.browser.launch import launch
from guard.browser.profile import golden_dir, write_preferences
from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from guard.tasks import Tasks

CLOSED_WITHIN = 20.0  # seconds; the first start of a profile writes all its databases


async def ensure_golden(executable: Path, version: str, switches: Sequence[str], work_dir: Path, tasks: Tasks) -> Path:
    """Path of the golden profile, which is made if it is missing. Raises BrowserError if the browser does not end."""
    golden = golden_dir(work_dir, version)
    if golden.exists():
        return golden
    draft = work_dir / f"draft-{secrets.token_hex(8)}"
    write_preferences(draft)
    process = await launch(executable, [*switches, "--headless"], draft, tasks)
    try:
        with contextlib.suppress(BrowserGoneError):  # it may end before it answers
            await process.connection.send("Browser.close")
        async with asyncio.timeout(CLOSED_WITHIN):
            await process.ended.wait()
    except TimeoutError as error:
        await process.kill()
        shutil.rmtree(draft, ignore_errors=True)
        mend = "Start the guard again; if it stays, reinstall the browser."
        raise BrowserError("the browser did not close after its first start", value=executable, mend=mend) from error
    draft.rename(golden)
    return golden
