"""The golden profile: made once per browser version, and never used for a citizen."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING

from guard.browser.cdp import GONE, BrowserGoneError
from guard.browser.launch import launch
from guard.browser.profile import golden_dir, remove_profile, write_preferences
from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from guard.tasks import Tasks

CLOSED_WITHIN = 20.0  # seconds; the first start of a profile writes all its databases


async def ensure_golden(executable: Path, version: str, switches: Sequence[str], work_dir: Path, tasks: Tasks) -> Path:
    """Path of the golden profile, which is made if it is missing. Raises BrowserError if it cannot be made."""
    golden = golden_dir(work_dir, version)
    if golden.exists():
        return golden
    draft = work_dir / f"draft-{secrets.token_hex(8)}"
    try:
        write_preferences(draft)
        await _open_and_close(executable, switches, draft, tasks)
        draft.rename(golden)
    except OSError as error:
        what = f"a browser profile could not be made ({error.strerror})"
        raise BrowserError(what, value=work_dir, mend="Look at disk space and rights of this folder.") from error
    finally:
        remove_profile(draft)
    return golden


async def _open_and_close(executable: Path, switches: Sequence[str], profile: Path, tasks: Tasks) -> None:
    process = await launch(executable, [*switches, "--headless"], profile, tasks)
    try:
        async with asyncio.timeout(CLOSED_WITHIN):
            await process.connection.send("Browser.getVersion", within=CLOSED_WITHIN)
            with contextlib.suppress(BrowserGoneError):  # it may close the pipe before it answers
                await process.connection.send("Browser.close", within=CLOSED_WITHIN)
            await process.ended.wait()
    except GONE as error:
        what = f"the browser did not open and close for its first profile ({type(error).__name__})"
        mend = "Start this program by hand and look what it says; if it stays, reinstall the browser."
        raise BrowserError(what, value=executable, mend=mend) from error
    finally:
        await process.kill()
