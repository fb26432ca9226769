"""Tests of `guard.provision`, on made-up machines that write down the commands they are given."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guard.browser.executable import Executable, Source
from guard.errors import BrowserError, SetupError
from guard.provision import Machine, main, provision

if TYPE_CHECKING:
    from collections.abc import Sequence

BROWSER = Executable(path=Path("/usr/bin/chromium"), version="156.0.8078.79", source=Source.INSTALLED)
TOOLS = {"Xvfb", "openbox", "xdotool", "xprop", "certutil", "pk12util", "ffmpeg"}
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
APT = "env DEBIAN_FRONTEND=noninteractive apt-get -qq"


@dataclass
class Made:
    """A machine with these programs, packages on offer, and rights."""

    programs: set[str] = field(default_factory=lambda: {"apt-get", "fc-list"} | TOOLS)
    offers: set[str] = field(default_factory=lambda: {"chromium"})
    """Packages after whose installation there is a browser."""
    files: set[str] = field(default_factory=lambda: {DRIVER, "smartcard"})
    is_root: bool = True
    has_browser: bool = True
    has_fonts: bool = True
    may_sudo: bool = False
    apt_works: bool = True
    pip_works: bool = True
    download_works: bool = True
    platform: str = "linux"
    commands: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def provision(self, *, tests: bool = False) -> Executable:
        machine = Machine(
            run=self.run,
            has=lambda what: what in self.files,
            which=lambda program: f"/usr/bin/{program}" if program in self.programs else None,
            find=self.find,
            is_root=self.is_root,
            platform=self.platform,
        )
        return provision(tests=tests, say=self.said.append, machine=machine)

    def find(self) -> Executable:
        if not self.has_browser:
            raise BrowserError("No browser", mend="Get one.")
        return BROWSER

    def run(self, command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
        assert seconds < 1000, "nothing waits for ever"
        line = " ".join(command)
        if line == "fc-list :lang=ja":
            return self.answer(worked=True, output="NotoSansCJK" if self.has_fonts else "")
        if line == "sudo -n true":
            return self.answer(worked=self.may_sudo)
        self.commands.append(line)
        if "playwright install" in line:
            self.has_browser = self.has_browser or self.download_works
            return self.answer(worked=self.download_works)
        if "pip install" in line:
            return self.answer(worked=self.pip_works)
        self.has_browser = self.has_browser or (self.apt_works and bool(self.offers & set(command)))
        return self.answer(worked=self.apt_works)

    @staticmethod
    def answer(*, worked: bool, output: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0 if worked else 100, output, "" if worked else "x\nE: no way\n")


def test_a_machine_that_has_everything_is_left_alone() -> None:
    made = Made()

    assert made.provision(tests=True) == BROWSER
    assert made.commands == []
    assert made.said == ["Browser: /usr/bin/chromium, version 156.0.8078.79."]


def test_a_missing_browser_is_the_distributions_own_with_its_sandbox() -> None:
    made = Made(has_browser=False)

    assert made.provision() == BROWSER
    assert made.commands == [
        f"{APT} update",
        f"{APT} install -y --no-install-recommends chromium chromium-sandbox",
    ]


def test_a_user_with_the_right_to_install_uses_it_without_a_question() -> None:
    made = Made(has_browser=False, is_root=False, may_sudo=True)
    made.programs.add("sudo")

    made.provision()

    assert made.commands[0] == f"sudo -n {APT} update"


@pytest.mark.parametrize("programs", [{"fc-list"}, {"fc-list", "apt-get"}, {"fc-list", "apt-get", "sudo"}])
def test_without_rights_or_apt_playwrights_browser_is_downloaded(programs: set[str]) -> None:
    made = Made(has_browser=False, is_root=False, programs=programs)

    assert made.provision() == BROWSER
    assert made.commands == [f"{sys.executable} -m playwright install chromium"]


@pytest.mark.parametrize("made", [Made(has_browser=False, apt_works=False), Made(has_browser=False, offers=set())])
def test_where_the_package_does_not_help_playwrights_browser_is_downloaded(made: Made) -> None:
    """Ubuntu offers a snap only; a closed network offers nothing."""
    assert made.provision() == BROWSER
    assert made.commands[-1] == f"{sys.executable} -m playwright install --with-deps chromium"


def test_when_nothing_gives_a_browser_the_error_is_the_command_to_type() -> None:
    made = Made(has_browser=False, apt_works=False, download_works=False)

    with pytest.raises(SetupError, match=r"could not be downloaded: E: no way\. Install Edge or Chrome, or run: \S+"):
        made.provision()


def test_missing_japanese_fonts_are_installed() -> None:
    made = Made(has_fonts=False)

    made.provision()

    assert made.commands[-1] == f"{APT} install -y --no-install-recommends fontconfig fonts-noto-cjk"


def test_without_the_tool_that_lists_fonts_they_are_taken_for_missing() -> None:
    made = Made(programs={"apt-get"})

    made.provision()

    assert made.commands[-1].endswith("fontconfig fonts-noto-cjk")


def test_fonts_that_cannot_be_installed_are_named_once_and_the_guard_goes_on() -> None:
    made = Made(has_fonts=False, is_root=False)

    assert made.provision() == BROWSER
    assert made.said[0] == (
        "Japanese text will be unreadable in pictures. This user cannot install packages of the distribution "
        "(found: fontconfig, fonts-noto-cjk). Run: sudo apt-get install fontconfig fonts-noto-cjk"
    )


def test_tests_get_the_tools_of_a_virtual_screen_and_only_the_missing_ones() -> None:
    made = Made(programs={"apt-get", "fc-list", "Xvfb"})

    made.provision()
    assert made.commands == []
    made.provision(tests=True)
    assert (
        made.commands[-1] == f"{APT} install -y --no-install-recommends openbox xdotool x11-utils libnss3-tools ffmpeg"
    )


def test_tests_without_their_tools_do_not_begin() -> None:
    made = Made(programs={"fc-list"}, is_root=False)

    with pytest.raises(SetupError, match="Run: sudo apt-get install xvfb openbox xdotool x11-utils libnss3-tools"):
        made.provision(tests=True)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_bring_fonts_and_screen_themselves(platform: str) -> None:
    made = Made(programs=set(), platform=platform, is_root=False, has_fonts=False, has_browser=False)

    assert made.provision(tests=True) == BROWSER
    assert made.commands == [f"{sys.executable} -m playwright install chromium"]


def test_the_command_says_the_error_and_ends_with_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Made(programs={"fc-list"}, is_root=False)
    monkeypatch.setattr(
        "guard.provision.Machine.this",
        lambda: Machine(
            run=made.run, has=lambda _: True, which=lambda _: None, find=made.find, is_root=False, platform="linux"
        ),
    )

    assert main(["--tests"]) == 5
    assert "Run: sudo apt-get install xvfb openbox xdotool x11-utils libnss3-tools" in capsys.readouterr().err
    assert main([]) == 0


def test_a_command_that_does_not_end_is_given_up() -> None:
    result = Machine.this().run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)

    assert result.returncode == 1
    assert "no end after 0 seconds" in result.stderr


def test_a_test_machine_gets_a_virtual_card_reader_and_pyscard_built() -> None:
    made = Made(files=set())

    made.provision(tests=True)
    assert made.commands[1] == (
        f"{APT} install -y --no-install-recommends pcscd vsmartcard-vpcd libpcsclite-dev gcc iproute2"
    )
    assert made.commands[2].startswith(f"env PATH={Path(sys.executable).parent}:")  # where the locked swig lies
    *_, lock = made.commands[2].split()
    assert made.commands[2].endswith(f" --require-hashes --no-deps --no-build-isolation -r {lock}")
    assert Path(lock).read_text("utf-8").startswith("pyscard==")


def test_a_counter_gets_no_virtual_card_reader() -> None:
    """It listens on every address of the machine."""
    made = Made(files=set())

    made.provision()
    assert made.commands == []


@pytest.mark.parametrize("made", [Made(files=set(), apt_works=False), Made(files={DRIVER}, pip_works=False)])
def test_without_a_card_reader_the_other_tests_still_run(made: Made) -> None:
    """It is an extra: what is missing is named, and its tests are skipped."""
    assert made.provision(tests=True) == BROWSER
    assert "The tests with a card reader will be skipped." in made.said[-2]
    assert "E: no way" in made.said[-2]
