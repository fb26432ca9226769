"""The watch over the reader against a real pcscd with a virtual reader, in namespaces of its own."""

from __future__ import annotations

import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGE = Path(__file__).with_name("stage.py")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
APART = ("unshare", "--mount", "--net", "sh", "-c")
ALONE = "mount -t tmpfs tmpfs /run && mkdir /run/pcscd && ip link set lo up"
"""pcscd's socket stands under /run, and vpcd listens on every address: neither may reach the machine."""
SLOWEST = 20.0  # seconds; the reader is polled every 0.4, and a hung service is noticed after 3


def missing() -> str | None:
    """Why this machine cannot play it."""
    if importlib.util.find_spec("smartcard") is None:
        return "pyscard is not installed (extra card); it has no wheel for Linux and needs gcc and libpcsclite-dev"
    if shutil.which("pcscd", path="/usr/sbin:/usr/bin") is None or not DRIVER.exists():
        return "pcscd and vsmartcard-vpcd are not installed"
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return "unshare and ip are not there"
    if subprocess.run([*APART, ALONE], capture_output=True, check=False).returncode != 0:
        return "this user may not make namespaces"
    return None


WHY = missing()
pytestmark = pytest.mark.skipif(WHY is not None, reason=WHY or "")


class Theatre:
    """The stage, spoken to by lines."""

    def __init__(self) -> None:
        command = [*APART, f'{ALONE} && exec "$@"', "sh", sys.executable, str(STAGE)]
        here = os.environ | {"PYTHONPATH": str(STAGE.parents[2])}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=here)
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def does(self, order: str) -> None:
        """Have something done on the stage; what the monitor says of it comes later."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        self.hears(f"done {order}")

    def hears(self, *lines: str, within: float = SLOWEST) -> None:
        """The next lines, and no others."""
        assert [self.lines.get(timeout=within) for _ in lines] == list(lines)

    def is_silent(self, seconds: float) -> None:
        time.sleep(seconds)
        assert self.lines.empty(), self.lines.get()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(SLOWEST)
        finally:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()


@pytest.fixture
def theatre() -> Iterator[Theatre]:
    theatre = Theatre()
    yield theatre
    theatre.close()


def test_a_card_comes_and_goes_and_nothing_is_read_from_it(theatre: Theatre) -> None:
    """No command reaches the card: the stage would tell of it."""
    theatre.does("lay")
    theatre.hears("present")
    theatre.is_silent(1.5)
    theatre.does("take")
    theatre.hears("removed", within=3)
    theatre.does("lay")
    theatre.hears("present")


def test_a_swap_behind_a_busy_observer_is_a_removal(theatre: Theatre) -> None:
    """Two like cards: only the count of pcscd tells that one went and another came."""
    theatre.does("lay")
    theatre.hears("present")
    theatre.does("busy")
    theatre.is_silent(1.1)  # the wait that was under way ends
    theatre.does("take")
    theatre.is_silent(0.8)  # two polls of the reader
    theatre.does("lay")
    theatre.is_silent(0.8)
    theatre.does("free")
    theatre.hears("swapped", "present")


def test_a_killed_service_is_a_removal_and_comes_back(theatre: Theatre) -> None:
    theatre.does("lay")
    theatre.hears("present")
    theatre.does("kill_service")
    theatre.hears("service_dead", within=3)
    theatre.does("start")
    theatre.does("take")
    theatre.does("lay")
    theatre.hears("present")


def test_a_service_that_hangs_is_a_removal(theatre: Theatre) -> None:
    """The call to it does not return, not even after its own time-out."""
    theatre.does("lay")
    theatre.hears("present")
    theatre.does("hang")
    theatre.hears("service_hung", within=8)
    theatre.does("go_on")
    theatre.hears("present")
