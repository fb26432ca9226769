"""A real pcscd with a virtual reader, played by lines on standard input; what the guard's monitor hears is printed.

Run it in a network and mount namespace of its own: vpcd listens on every address, and pcscd has one socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from guard import card

if TYPE_CHECKING:
    from collections.abc import Mapping

_DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
_PORT = 0x8C7B
_READER = f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{_PORT:#X}\nLIBPATH {_DRIVER}\nCHANNELID {_PORT:#X}\n'
_ATR = bytes.fromhex("3B888001000005E0B381A1007F")
_GET_ATR = b"\x04"
_LEFTOVERS = ("pcscd.comm", "pcscd.pid")  # of a killed pcscd; the next one refuses to start beside them


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class SlowService(card.PcscService):
    """The machine's card service, for an observer that can be kept busy."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.free.set()

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        self.free.wait()
        return super().wait(known, seconds)


class Stage:
    """pcscd, a card and the monitor."""

    def __init__(self, readers: str) -> None:
        self._readers = readers
        self._pcscd: subprocess.Popen[bytes]
        self._card: socket.socket | None = None
        self.service = SlowService()

    def start(self) -> None:
        for name in _LEFTOVERS:
            Path("/run/pcscd", name).unlink(missing_ok=True)
        command = ["/usr/sbin/pcscd", "--foreground", "--config", self._readers]
        self._pcscd = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_service(self) -> None:
        self._pcscd.kill()
        self._pcscd.wait()

    def hang(self) -> None:
        self._pcscd.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._pcscd.send_signal(signal.SIGCONT)

    def lay(self) -> None:
        for _ in range(100):
            with contextlib.suppress(ConnectionRefusedError):
                self._card = socket.create_connection(("127.0.0.1", _PORT))
                break
            threading.Event().wait(0.05)
        assert self._card is not None, "vpcd does not listen"
        threading.Thread(target=_play, args=(self._card,), daemon=True).start()

    def take(self) -> None:
        if self._card is not None:
            self._card.shutdown(socket.SHUT_RDWR)
            self._card.close()
            self._card = None

    def busy(self) -> None:
        self.service.free.clear()

    def free(self) -> None:
        self.service.free.set()


def _play(connection: socket.socket) -> None:
    """Be a card that answers its ATR, and tell of any command: the guard must send none."""
    with contextlib.suppress(OSError, struct.error):
        while True:
            (length,) = struct.unpack(">H", connection.recv(2, socket.MSG_WAITALL))
            asked = connection.recv(length, socket.MSG_WAITALL)
            if asked == _GET_ATR:
                connection.sendall(struct.pack(">H", len(_ATR)) + _ATR)
            elif length > 1:
                say(f"APDU {asked.hex()}")
                connection.sendall(b"\x00\x02\x6d\x00")


def _told(event: card.CardEvent) -> None:
    say("present" if isinstance(event, card.CardPresent) else event.why.value)


async def play(stage: Stage) -> None:
    """Carry out line by line until the input ends."""
    monitor = asyncio.create_task(card.CardMonitor(stage.service, "00 00", _told).run())
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        getattr(stage, line)()
        say(f"done {line}")
    monitor.cancel()


def main() -> None:
    with tempfile.TemporaryDirectory() as readers:
        Path(readers, "vpcd").write_text(_READER)
        stage = Stage(readers)
        stage.start()
        try:
            asyncio.run(play(stage))
        finally:
            stage.kill_service()
    os._exit(0)  # the monitor's thread may wait for a service that is gone


if __name__ == "__main__":
    main()
