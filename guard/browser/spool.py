"""The print spool of the system: a job that waits comes out of the printer in the next citizen's visit."""

from __future__ import annotations

import asyncio
import getpass
import shutil
import sys
import time

ANSWER_WITHIN = 2.0  # seconds; a spool on a server that hangs must not keep the next citizen waiting
PRINTED_WITHIN = 3.0  # seconds; staff print the receipt, then press "end"
_PAUSE = 0.25  # seconds between two looks


def can_be_asked() -> bool:
    """Windows (NOT RUN) has no such command; there people look at the printer."""
    return sys.platform != "win32"


async def waiting_jobs() -> list[str]:
    """Jobs of this user that are not printed, after some patience; without a print system there can be none."""
    program = shutil.which("lpstat") if can_be_asked() else None
    if program is None:
        return []
    deadline = time.monotonic() + PRINTED_WITHIN
    while jobs := await _jobs(program):
        if time.monotonic() > deadline:
            return jobs
        await asyncio.sleep(_PAUSE)
    return []


async def _jobs(program: str) -> list[str]:
    quiet = asyncio.subprocess.DEVNULL
    command = (program, "-W", "not-completed", "-o", "-u", getpass.getuser())
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=asyncio.subprocess.PIPE, stderr=quiet)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            told, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return ["the print spool does not answer"]
    jobs = len(told.splitlines())
    return [f"{jobs} print job(s) wait"] if jobs else []
