"""The tutorial's own application, made and served by the tutorial's own commands."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

TUTORIAL = Path(__file__).parents[2] / "config" / "portals" / "TUTORIAL.md"
PORT = "8765"
"""The port that the page names; every test takes a free one in its place."""
UP_WITHIN = 30.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Office:
    """A folder in which the commands of the page were run, and the address of the application."""

    folder: Path
    port: int

    def blocks(self, language: str) -> list[str]:
        """The page's fenced blocks of one language, in order."""
        text = TUTORIAL.read_text("utf-8").replace(PORT, str(self.port))
        return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    def commands(self, beginning: str) -> list[str]:
        """Every command of the page whose line contains this."""
        return [line for block in self.blocks("sh") for line in block.splitlines() if beginning in line]

    @property
    def groups(self) -> list[str]:
        """Names of the groups in the application's own database: the truth."""
        with closing(sqlite3.connect(self.folder / "office" / "db.sqlite3")) as books:
            return [name for (name,) in books.execute("SELECT name FROM auth_group ORDER BY id")]


@contextmanager
def tutorial_office(folder: Path) -> Iterator[Office]:
    """Run the page's own commands up to the application that is served."""
    office = Office(folder=folder, port=_free_port())
    setup, served = office.blocks("sh")[:2]
    _run(setup, folder)
    with _serving(served.strip(), folder):
        _wait_until_up(office.port)
        yield office


def _environment() -> dict[str, str]:
    """The project's own Python first on PATH; pip finds Django installed, and asks nobody."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _run(script: str, folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-e"], input=script, cwd=folder, env=_environment(), text=True, capture_output=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@contextmanager
def _serving(command: str, folder: Path) -> Iterator[None]:
    with (folder / "served.log").open("wb") as log:
        server = subprocess.Popen(
            ["sh", "-c", f"exec {command}"], cwd=folder, env=_environment(), stdout=log, stderr=log
        )
        try:
            yield
        finally:
            server.terminate()
            server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(port: int) -> None:
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/admin/login/", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the tutorial's application does not come up")
