from __future__ import annotations

import asyncio
import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guard.browser import process as process_module
from guard.browser.process import LOWEST_SPARE_FD, BrowserProcess, _spare_pipe
from guard.errors import BrowserError
from guard.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Path]:
    """A program in the browser's place."""

    def write(script: str) -> Path:
        path = tmp_path / "browser"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def tasks() -> Tasks:
    return Tasks(lambda name, error: pytest.fail(f"{name}: {error!r}"))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_the_pipe_lies_above_the_numbers_that_the_browser_wants() -> None:
    """Else the swap to 3 and 4 would close one end before it is copied. No other program inherits it."""
    ends = _spare_pipe()
    try:
        assert min(ends) >= LOWEST_SPARE_FD
        assert all(fcntl.fcntl(end, fcntl.F_GETFD) & fcntl.FD_CLOEXEC for end in ends)
    finally:
        for end in ends:
            os.close(end)


async def test_a_program_that_cannot_be_started_is_named_and_leaves_no_pipe(tmp_path: Path, tasks: Tasks) -> None:
    """The standby tries again for hours: two pipes lost at each try would end the guard."""
    before = open_descriptors()
    for _ in range(3):
        with pytest.raises(BrowserError, match="could not be started") as told:
            await BrowserProcess.start(tmp_path / "none", (), tmp_path, tasks)
        assert told.value.value == str(tmp_path / "none")
    assert open_descriptors() == before


async def test_a_browser_that_ignores_every_request_to_end_is_ended(
    program: Callable[[str], Path], tmp_path: Path, tasks: Tasks
) -> None:
    process = await BrowserProcess.start(program("trap '' TERM INT HUP; exec sleep 60"), (), tmp_path, tasks)
    assert not process.ended.is_set()
    assert await process.kill()
    assert process.ended.is_set()
    assert process.exit_code == -9
    assert await process.kill(), "a second end finds nothing to do"
    await process.connection.closed.wait()
    await tasks.stop()


async def test_a_browser_that_cannot_be_ended_is_not_called_gone(
    program: Callable[[str], Path], tmp_path: Path, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that hangs in the kernel, say: the clearance has to say so."""
    process = await BrowserProcess.start(program("exec sleep 60"), (), tmp_path, tasks)
    with monkeypatch.context() as patch:
        patch.setattr(process_module, "GONE_WITHIN", 0.2)
        patch.setattr(process_module, "_kill", lambda _: None)
        assert not await process.kill()
    assert await process.kill()
    await process.connection.closed.wait()
    await tasks.stop()


async def test_the_number_of_a_browser_that_ended_is_another_programs(
    program: Callable[[str], Path], tmp_path: Path, tasks: Tasks
) -> None:
    """The system gives process numbers again; whoever has it now must not be killed."""
    process = await BrowserProcess.start(program("exit 0"), (), tmp_path, tasks)
    await process.ended.wait()
    assert process.exit_code == 0
    other = await asyncio.create_subprocess_exec("sleep", "60")
    process.pid = other.pid
    assert await process.kill()
    assert other.returncode is None
    other.kill()
    await other.wait()
    await process.connection.closed.wait()
    await tasks.stop()


async def test_the_browser_gets_no_switch_of_the_distribution_and_keeps_its_crash_dumps_in_the_profile(
    program: Callable[[str], Path], tmp_path: Path, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's start script would add them to the guard's list, which has a reason for each."""
    monkeypatch.setenv("CHROMIUM_FLAGS", "--remote-debugging-port=9222")
    seen = tmp_path / "seen"
    script = program(f'echo "$CHROMIUM_FLAGS|$HOME|$BREAKPAD_DUMP_LOCATION|$*" > {seen}')
    process = await BrowserProcess.start(script, ("--one",), tmp_path / "profile", tasks)
    await process.ended.wait()
    flags, home, dumps, words = seen.read_text().strip().split("|")
    assert flags == ""
    assert home == os.environ["HOME"]
    assert dumps == f"{tmp_path / 'profile'}/Crash Reports", "outside the profile they would outlive the citizen"
    assert words == f"--one --user-data-dir={tmp_path / 'profile'} --remote-debugging-pipe"
    await process.kill()
    await process.connection.closed.wait()
    await tasks.stop()
