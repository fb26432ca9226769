"""One writer: a lock on a file, which the system lifts when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from guard.errors import JournalError

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":  # NOT RUN
    import msvcrt

    def _seize(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Held from birth until `release`; a second one on the same file raises `JournalError`."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _seize(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            what = f"Another guard writes the journal beside {path}"
            raise JournalError(what, mend="End it first, or give this counter a state_dir of its own.") from None

    def release(self) -> None:
        os.close(self._descriptor)
