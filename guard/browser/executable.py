"""Which browser is started: the configured one, else an installed Edge, Chrome or Chromium, else Playwright's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from guard.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_VERSION = re.compile(r"\b(\d+\.\d+\.\d+\.\d+)\b")
_PATIENCE = 20.0  # seconds for `--version`; a cold disk needs a few

_LINUX = {
    "msedge": ("usr/bin/microsoft-edge-stable", "opt/microsoft/msedge/msedge"),
    "chrome": ("usr/bin/google-chrome-stable", "opt/google/chrome/chrome"),
    "chromium": ("usr/bin/chromium", "usr/bin/chromium-browser"),
}
_WINDOWS = {  # NOT RUN: from the vendors' documentation; below each folder of programs
    "msedge": ("Microsoft/Edge/Application/msedge.exe",),
    "chrome": ("Google/Chrome/Application/chrome.exe",),
    "chromium": ("Chromium/Application/chrome.exe",),
}
_MACOS = {  # NOT RUN
    "msedge": ("Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",),
    "chrome": ("Applications/Google Chrome.app/Contents/MacOS/Google Chrome",),
    "chromium": ("Applications/Chromium.app/Contents/MacOS/Chromium",),
}
CHANNELS = tuple(_LINUX)
"""Playwright's names of the browsers that are looked for, in this order."""
_PLAYWRIGHT = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-win*/chrome.exe",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


class Source(StrEnum):
    """How a browser was found."""

    CONFIGURED = "configured"
    INSTALLED = "installed"
    PLAYWRIGHT = "playwright"


@dataclass(frozen=True, kw_only=True, slots=True)
class Executable:
    """A browser that says its version."""

    path: Path
    version: str
    """Four numbers, such as 156.0.8078.79; golden profiles are made once for each."""
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """What the search looks at: this machine, or a made-up tree in a test."""

    root: Path
    platform: str
    environ: Mapping[str, str]
    home: Path

    @classmethod
    def this(cls) -> System:
        return cls(root=Path("/"), platform=sys.platform, environ=os.environ, home=Path.home())


def find_browser(
    configured: Path | None = None, system: System | None = None, channels: Sequence[str] = CHANNELS
) -> Executable:
    """The first browser of these channels that says its version; else `BrowserError` says how to get one.

    A configured browser is never replaced by another: if it does not work, that is the error.
    """
    system = system or System.this()
    if configured is not None:
        return _configured(configured)
    for source, path in _candidates(system, channels):
        version = version_of(path)
        if version is not None:
            return Executable(path=path, version=version, source=source)
    if tuple(channels) != CHANNELS:
        mend = f"Install it, or take another one of {', '.join(CHANNELS)}."
        raise BrowserError("This browser channel is not installed", value=", ".join(channels), mend=mend)
    raise BrowserError("No Edge, Chrome or Chromium is installed", mend=f"Run: {install_command(system)}")


def install_command(system: System | None = None) -> str:
    """What a person types to get a browser on this machine."""
    system = system or System.this()
    if (system.root / "etc/debian_version").exists() and not _is_ubuntu(system):
        return "sudo apt-get install chromium"
    return f"{sys.executable} -m playwright install chromium"


def version_of(path: Path) -> str | None:
    """The browser's version, or None if there is no browser that can be used here."""
    if path.suffix == ".exe":
        return _version_beside(path)
    if not path.is_file() or not os.access(path, os.X_OK):
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a well-known path, or the one that the configuration names
            [path, "--version"], capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _version_in(answer.stdout) if answer.returncode == 0 else None


def _version_in(answer: str) -> str | None:
    """Only standard output counts, because Debian's launcher warns on the other one.

    A snap is refused: its confinement hides the guard's profiles and the guard's pipe from it.
    """
    found = _VERSION.search(answer)
    return None if found is None or "snap" in answer else found[1]


def _version_beside(program: Path) -> str | None:
    """NOT RUN: on Windows `--version` opens a window; the version names the folder beside the program."""
    if not program.is_file():
        return None
    folders = (folder.name for folder in program.parent.iterdir() if _VERSION.fullmatch(folder.name))
    return max(folders, key=_numbers, default=None)


def _configured(path: Path) -> Executable:
    version = version_of(path)
    if version is None:
        mend = "Correct browser.executable in the configuration, or leave it out to take an installed browser."
        raise BrowserError("The configured browser does not say its version", value=path, mend=mend)
    return Executable(path=path, version=version, source=Source.CONFIGURED)


def _candidates(system: System, channels: Sequence[str]) -> Iterator[tuple[Source, Path]]:
    for channel in channels:
        for path in _well_known(system, channel):
            yield Source.INSTALLED, path
    if "chromium" not in channels:
        return
    store = _playwright_store(system)
    for pattern in _PLAYWRIGHT:
        for path in sorted(store.glob(pattern), key=lambda found: _numbers(str(found)), reverse=True):
            yield Source.PLAYWRIGHT, path


def _well_known(system: System, channel: str) -> Iterator[Path]:
    match system.platform:
        case "win32":
            folders = [system.environ.get(name) for name in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")]
            yield from (Path(folder) / path for path in _WINDOWS.get(channel, ()) for folder in folders if folder)
        case "darwin":
            yield from (system.root / path for path in _MACOS.get(channel, ()))
        case _:
            yield from (system.root / path for path in _LINUX.get(channel, ()))


def _playwright_store(system: System) -> Path:
    """Where Playwright keeps its downloads, by its documentation."""
    configured = system.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if configured and configured != "0":
        return Path(configured)
    match system.platform:
        case "win32":
            return Path(system.environ.get("LOCALAPPDATA", system.home / "AppData/Local")) / "ms-playwright"
        case "darwin":
            return system.home / "Library/Caches/ms-playwright"
        case _:
            return Path(system.environ.get("XDG_CACHE_HOME") or system.home / ".cache") / "ms-playwright"


def _is_ubuntu(system: System) -> bool:
    """Ubuntu's `chromium-browser` package is a snap."""
    release = system.root / "etc/os-release"
    return release.exists() and "ID=ubuntu" in release.read_text("utf-8").splitlines()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))
