"""Where in a test something happened that another thread noticed."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from greenlet import getcurrent

if TYPE_CHECKING:
    from types import FrameType


class Place:
    """The test that runs in the thread, and in the greenlet, that made this: sync Playwright runs it in one."""

    def __init__(self, file: Path) -> None:
        self._file = str(file)
        self._thread = threading.get_ident()
        self._greenlet = getcurrent()

    def now(self) -> str:
        """File and line that the test has reached, such as `test_points.py:31`; the file alone if it is elsewhere."""
        # A greenlet that waits for the browser keeps its frame; one that runs has it in its thread.
        frame = self._greenlet.gr_frame or sys._current_frames().get(self._thread)  # noqa: SLF001  # the one way there is
        line = _innermost_line(frame, self._file)
        name = Path(self._file).name
        return name if line is None else f"{name}:{line}"


def _innermost_line(frame: FrameType | None, file: str) -> int | None:
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        frame = frame.f_back
    return None
