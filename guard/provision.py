"""What the guard needs of the machine beside Python: a browser, Japanese fonts and tools for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from guard.browser.executable import find_browser, install_command
from guard.errors import BrowserError, GuardError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from guard.browser.executable import Executable

    Say: TypeAlias = Callable[[str], None]

_DOWNLOAD_SECONDS = 900.0  # a slow line at a branch office; a closed one must not wait for ever
_ANSWER_SECONDS = 60.0  # for questions that need no network
_TEST_TOOLS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "certutil": "libnss3-tools",
    "pk12util": "libnss3-tools",
    "ffmpeg": "ffmpeg",
}
_CARD_TOOLS = ("pcscd", "vsmartcard-vpcd", "libpcsclite-dev", "gcc", "iproute2")
"""A card service, a virtual reader, and what pyscard is built from: it has no wheel for Linux."""
_VIRTUAL_READER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
_CARD_LOCK = Path(__file__).parents[1] / ".lock" / "card.txt"
_BROWSER_PACKAGES = ("chromium", "chromium-sandbox")


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """The machine's own tools, so that tests can put a made-up one in its place."""

    run: Callable[[Sequence[str], float], subprocess.CompletedProcess[str]]
    """Carries out a command within so many seconds."""
    has: Callable[[str], bool]
    """Whether a file is there, or a module where the name has no slash."""
    which: Callable[[str], str | None]
    """Finds a program by name."""
    find: Callable[[], Executable]
    """Finds a browser or raises `BrowserError`."""
    is_root: bool
    platform: str

    @classmethod
    def this(cls) -> Machine:
        return cls(run=_run, has=_has, which=shutil.which, find=find_browser, is_root=_is_root(), platform=sys.platform)


def provision(*, tests: bool = False, say: Say = print, machine: Machine | None = None) -> Executable:
    """Install what is missing and return the browser; raises `SetupError` with the command that would mend it.

    Missing fonts only make Japanese unreadable in pictures, so without the right to install them they are named once.
    """
    machine = machine or Machine.this()
    if machine.platform == "linux":
        _add_fonts(machine, say)
        if tests:
            _add_packages(machine, _missing_test_tools(machine), say)
            _add_card_tools(machine, say)
    browser = _browser(machine) or _install_browser(machine, say)
    say(f"Browser: {browser.path}, version {browser.version}.")
    return browser


def _browser(machine: Machine) -> Executable | None:
    try:
        return machine.find()
    except BrowserError:
        return None


def _install_browser(machine: Machine, say: Say) -> Executable:
    """The distribution's package, because it is kept up to date with the system; else Playwright's download.

    Ubuntu has Chromium only as a snap, which the guard cannot use: there the package does not help.
    """
    try:
        _add_packages(machine, _BROWSER_PACKAGES, say)
    except SetupError as error:
        say(f"The distribution gives no browser. {error}")
    found = _browser(machine)
    if found is None:
        _download_browser(machine, say)
    return found or machine.find()


def _download_browser(machine: Machine, say: Say) -> None:
    dependencies = ["--with-deps"] if machine.is_root and machine.platform == "linux" else []
    command = [sys.executable, "-m", "playwright", "install", *dependencies, "chromium"]
    say("Downloading Playwright's Chromium …")
    result = machine.run(command, _DOWNLOAD_SECONDS)
    if result.returncode != 0:
        what = f"Playwright's Chromium could not be downloaded: {_last_line(result)}"
        raise SetupError(what, mend=f"Install Edge or Chrome, or run: {install_command()}")


def _add_fonts(machine: Machine, say: Say) -> None:
    if machine.which("fc-list") and machine.run(["fc-list", ":lang=ja"], _ANSWER_SECONDS).stdout.strip():
        return
    try:
        _add_packages(machine, ("fontconfig", "fonts-noto-cjk"), say)
    except SetupError as error:
        say(f"Japanese text will be unreadable in pictures. {error}")


def _missing_test_tools(machine: Machine) -> tuple[str, ...]:
    missing = (package for program, package in _TEST_TOOLS.items() if machine.which(program) is None)
    return tuple(dict.fromkeys(missing))


def _add_card_tools(machine: Machine, say: Say) -> None:
    """For the tests with a virtual card reader, which are skipped where it cannot be had."""
    try:
        if not machine.has(_VIRTUAL_READER):
            _add_packages(machine, _CARD_TOOLS, say)
        if not machine.has("smartcard"):
            _build_pyscard(machine, say)
    except SetupError as error:
        say(f"The tests with a card reader will be skipped. {error}")


def _build_pyscard(machine: Machine, say: Say) -> None:
    """From source and tools that have hashes: a build environment of pip's own would fetch its tools without any."""
    say("Building pyscard …")
    path = f"PATH={Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"  # swig lies beside Python
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = ["--require-hashes", "--no-deps", "--no-build-isolation", "-r", str(_CARD_LOCK)]
    command = ["env", path, *pip, *locked]
    result = machine.run(command, _DOWNLOAD_SECONDS)
    if result.returncode != 0:
        raise SetupError(f"pyscard could not be built: {_last_line(result)}", mend=f"Run: {' '.join(command)}")


def _add_packages(machine: Machine, packages: Sequence[str], say: Say) -> None:
    if not packages:
        return
    apt = _apt(machine)
    if apt is None:
        what = "This user cannot install packages of the distribution"
        raise SetupError(what, value=", ".join(packages), mend=f"Run: sudo apt-get install {' '.join(packages)}")
    say(f"Installing {', '.join(packages)} …")
    machine.run([*apt, "update"], _DOWNLOAD_SECONDS)  # its failure does not matter when the packages are known
    command = [*apt, "install", "-y", "--no-install-recommends", *packages]
    result = machine.run(command, _DOWNLOAD_SECONDS)
    if result.returncode != 0:
        raise SetupError(f"apt-get failed: {_last_line(result)}", mend=f"Run: {' '.join(command)}")


def _apt(machine: Machine) -> list[str] | None:
    """How to call apt-get without a question, or None if this user may not."""
    if machine.which("apt-get") is None:
        return None
    call = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if machine.is_root:
        return call
    may = machine.which("sudo") is not None and machine.run(["sudo", "-n", "true"], _ANSWER_SECONDS).returncode == 0
    return ["sudo", "-n", *call] if may else None


def _last_line(result: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (result.stdout + result.stderr).splitlines() if line.strip()]
    return lines[-1] if lines else f"status {result.returncode}"


def _run(command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no end after {seconds:.0f} seconds")


def _has(what: str) -> bool:
    return Path(what).exists() if "/" in what else find_spec(what) is not None


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def main(arguments: Sequence[str]) -> int:
    """`python -m guard.provision [--tests]`, the same as `guard setup`."""
    try:
        provision(tests="--tests" in arguments)
    except GuardError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
