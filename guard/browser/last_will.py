"""What happens to a browser when its guard is killed: it is killed too, before its pipe closes.

A browser whose pipe closes ends its DevTools sessions before itself, and a `Fetch` session that ends sends what
it holds: beacons, keepalive and plain fetches went out in 4 of 5 trials on Chromium 156. So a tiny process
holds the pipe open, outlives the guard by one command, and kills.
"""

from __future__ import annotations

import contextlib
import os

_SCRIPT = 'read -r revoked || kill -s KILL -- "-$1"'
"""The read ends without a line when the guard's end of standard input closes, however the guard ended."""


class LastWill:
    """Stands from birth until `revoke`. The browser leads a process group of its own; `pipe` is what it talks on."""

    def __init__(self, browser: int, *pipe: int) -> None:
        life, self._life = os.pipe()
        quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (1, 2)]
        held = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate(pipe, start=3)]
        try:
            self._pid = os.posix_spawn(
                "/bin/sh",
                ["sh", "-c", _SCRIPT, "guard-last-will", str(browser)],
                {},
                file_actions=[(os.POSIX_SPAWN_DUP2, life, 0), *quiet, *held],
                setsid=True,  # a key pressed in the guard's terminal is not for it
            )
        finally:
            os.close(life)

    def revoke(self) -> None:
        """The browser has ended; its number may soon be somebody else's."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._life, b"\n")
        os.close(self._life)
        os.waitpid(self._pid, 0)
