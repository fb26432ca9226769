"""A browser process of the guard's own, on a pipe: nobody else can speak to it, and it ends with the guard."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import psutil

from guard.browser.cdp import Connection
from guard.browser.last_will import LastWill
from guard.errors import BrowserError

if sys.platform != "win32":  # there (NOT RUN) browsers are started in `guard.browser.tunnel`; `kill` is psutil's
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from guard.tasks import Tasks

LOWEST_SPARE_FD = 20  # the browser wants the pipe as 3 and 4; ours must lie elsewhere before the swap
GONE_WITHIN = 5.0  # seconds after SIGKILL
CRASH_DUMPS = "Crash Reports"
"""Folder of the profile: by itself the browser keeps what a crashed page held where no wipe finds it."""
_UNWANTED = ("CHROMIUM_FLAGS", "CHROMIUM_USER_FLAGS")  # Debian's start script adds their switches to ours


class BrowserProcess:
    """One running browser with its DevTools connection."""

    def __init__(
        self, pid: int, connection: Connection, user_data_dir: Path, *, wait: Callable[[], int | None]
    ) -> None:
        """`wait` blocks until the process has ended, and returns its exit status where the system tells it."""
        self.pid = pid
        self.connection = connection
        self.user_data_dir = user_data_dir
        self.ended = asyncio.Event()
        self.exit_code: int | None = None
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._wait, args=(loop, wait), name=f"browser {pid}", daemon=True).start()

    @classmethod
    async def start(
        cls, executable: Path, switches: Sequence[str], user_data_dir: Path, tasks: Tasks
    ) -> BrowserProcess:
        """Start the browser without a window. Raises BrowserError if it does not answer."""
        command = [str(executable), *switches, f"--user-data-dir={user_data_dir}", "--remote-debugging-pipe"]
        to_browser, from_browser = _spare_pipe(), _spare_pipe()
        try:
            pid = _spawn(command, environment(user_data_dir), to_browser[0], from_browser[1])
            will = LastWill(pid, to_browser[1], from_browser[0])
        except (BrowserError, OSError):  # a browser without a last will ends here with its pipe
            _close(from_browser[0], to_browser[1])
            raise
        finally:
            _close(to_browser[0], from_browser[1])
        connection = await _connect(from_browser[0], to_browser[1], tasks)
        return cls(pid, connection, user_data_dir, wait=partial(_exit_code, pid, will))

    async def kill(self) -> bool:
        """End the browser at once, with every process that works on its profile; True if all are gone.

        A killed browser sends nothing that is held (`Fetch.disable` or a detached session would).
        """
        try:
            async with asyncio.timeout(GONE_WITHIN):
                while await asyncio.to_thread(self._kill_all):  # other processes give no event
                    self.connection.close()
                    await asyncio.sleep(0.01)
                self.connection.close()
                await self.ended.wait()
        except TimeoutError:
            return False
        return True

    def _kill_all(self) -> bool:
        """Kill what works on the profile now; False if there is nothing any more."""
        found = self._processes()
        for process in found:
            _kill(process)
        return bool(found)

    def _processes(self) -> list[psutil.Process]:
        mine = {f"--user-data-dir={self.user_data_dir}", f"--database={self.user_data_dir / CRASH_DUMPS}"}
        found = []
        for process in psutil.process_iter():
            try:
                itself = process.pid == self.pid and not self.ended.is_set()  # the number may be another's by then
                if (itself or mine.intersection(process.cmdline())) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue  # ended meanwhile, or somebody else's
        return found

    def _wait(self, loop: asyncio.AbstractEventLoop, wait: Callable[[], int | None]) -> None:
        self.exit_code = wait()
        with contextlib.suppress(RuntimeError):  # the loop closed first: nobody waits any more
            loop.call_soon_threadsafe(self.ended.set)


def _exit_code(pid: int, will: LastWill) -> int:
    _, status = os.waitpid(pid, 0)
    will.revoke()
    return os.waitstatus_to_exitcode(status)


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()  # SIGKILL; on Windows TerminateProcess (NOT RUN)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _spare_pipe() -> tuple[int, int]:
    """A pipe whose ends lie above the numbers that the browser wants."""
    ends = os.pipe()
    spare = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, LOWEST_SPARE_FD) for end in ends)
    _close(*ends)
    return spare[0], spare[1]


def environment(user_data_dir: Path) -> dict[str, str]:
    """What a browser of the guard's finds in its environment."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return kept | {"BREAKPAD_DUMP_LOCATION": str(user_data_dir / CRASH_DUMPS)}


def _spawn(command: list[str], environ: dict[str, str], read_end: int, write_end: int) -> int:
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    pipes = [(os.POSIX_SPAWN_DUP2, read_end, 3), (os.POSIX_SPAWN_DUP2, write_end, 4)]
    try:
        return os.posix_spawn(command[0], command, environ, file_actions=[*quiet, *pipes], setsid=True)
    except OSError as error:
        what = f"the browser could not be started ({error.strerror})"
        raise BrowserError(what, value=command[0], mend="Run guard setup.") from error


async def _connect(read_end: int, write_end: int, tasks: Tasks) -> Connection:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 28)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb", 0))
    writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(write_end, "wb", 0))
    return Connection(reader, writer, tasks)
