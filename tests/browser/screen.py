"""A virtual screen with a window manager, for what only people at a real window meet."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROGRAMS = ("Xvfb", "openbox", "xdotool", "xprop")


class Screen:
    """A virtual screen with a window manager, and what stands on it."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}

    def windows(self) -> dict[str, str]:
        """Windows that people see: X11 id → title."""
        found = re.findall(r"0x[0-9a-f]+", self._ask("xprop", "-root", "_NET_CLIENT_LIST"))
        return {window: self._ask("xdotool", "getwindowname", str(int(window, 16))).strip() for window in found}

    def focused(self) -> str:
        return self._ask("xdotool", "getwindowfocus").strip()

    def type(self, text: str) -> None:
        self._ask("xdotool", "type", "--delay", "20", text)

    def press(self, keys: str) -> None:
        self._ask("xdotool", "key", keys)

    def focus(self, window: str) -> None:
        self._ask("xdotool", "windowactivate", "--sync", str(int(window, 16)))

    def _ask(self, *command: str) -> str:
        result = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=10, check=False)
        return result.stdout


@contextmanager
def virtual_screen() -> Iterator[Screen]:
    """Xvfb on a free display with openbox; DISPLAY points there while the block lasts. Skips where they are missing."""
    skip_without(PROGRAMS)
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        read_end, write_end = os.pipe()
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        _run(stack, command, pass_fds=(write_end,))
        os.close(write_end)
        with os.fdopen(read_end) as told:
            display = f":{told.readline().strip()}"
        patch.setenv("DISPLAY", display)
        _run(stack, ["openbox"])
        yield Screen(display)


def skip_without(programs: Sequence[str]) -> None:
    """Skip the test, with the reason, where one of these is not installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (guard setup --tests installs them)")


def _run(stack: ExitStack, command: list[str], pass_fds: tuple[int, ...] = ()) -> None:
    quiet = subprocess.DEVNULL
    process = stack.enter_context(subprocess.Popen(command, stdout=quiet, stderr=quiet, pass_fds=pass_fds))
    stack.callback(process.terminate)
