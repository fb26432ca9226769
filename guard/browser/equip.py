"""What every browser of a run is made from, put together once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from guard.browser.driver import Driver
from guard.browser.executable import find_browser
from guard.browser.golden import ensure_golden
from guard.browser.guarded import Setup
from guard.browser.profile import remove_profile, stray_profiles
from guard.browser.switches import city_script, switches_for
from guard.errors import BrowserError

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from guard.browser.gate import GatePages
    from guard.browser.wire import Outside
    from guard.config import Config
    from guard.tasks import Tasks


async def equip(
    config: Config, pages: GatePages, outside: Outside, tasks: Tasks, stack: AsyncExitStack, *, headless: bool
) -> Setup:
    """Find the browser, clear strays away and make the golden profile; `stack` ends what was begun.

    Raises BrowserError with the mend.
    """
    work_dir = config.state_dir / "browsers"
    try:
        work_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"the folder of the browsers' profiles cannot be made ({error.strerror})"
        raise BrowserError(what, value=work_dir, mend="Give this user write access to state_dir.") from error
    for stray in stray_profiles(work_dir):
        await asyncio.to_thread(remove_profile, stray)
    found = await asyncio.to_thread(find_browser, config.browser.executable)
    script = await city_script(config.browser)
    switches = switches_for(config.browser, config.test_network, headless=headless, script=script)
    golden = await ensure_golden(found.path, found.version, switches, work_dir, tasks)
    driver = Driver()
    stack.push_async_callback(driver.stop)
    return Setup(
        config=config,
        executable=found.path,
        switches=tuple(switches),
        golden=golden,
        work_dir=work_dir,
        pages=pages,
        driver=driver,
        outside=outside,
        tasks=tasks,
    )
