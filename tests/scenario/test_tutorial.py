"""The tutorial beside the profiles, followed literally: its commands, its files, its walk, and a visit at the end."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from guard.blocking import open_blocking_counter
from guard.browser.switches import needs_no_sandbox
from guard.cli import app
from guard.config import Config, load_config
from guard.core.identity import Citizen
from guard.portal import load_portal
from guard.trying.trial import Task
from tests.scenario.office import Office, tutorial_office
from tests.scenario.trying import Scripted, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Playwright

    from guard.blocking import BlockingCounter

ROOT = Path(__file__).parents[2]
PEOPLE = {"山田太郎": "counter-1", "佐藤花子": "counter-2"}
TARO = Citizen(name="山田 太郎")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with tutorial_office(tmp_path_factory.mktemp("tutorial")) as office:
        yield office


@pytest.fixture
def profile(office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The profile as the page leaves it: written by its command, then edited to the page's lines."""
    monkeypatch.chdir(office.folder)
    file = office.folder / "office.toml"
    file.unlink(missing_ok=True)
    (command,) = office.commands("guard portal new")
    assert CliRunner().invoke(app, shlex.split(command)[1:]).exit_code == 0
    assert load_portal(file).origin == f"http://127.0.0.1:{office.port}"
    file.write_text(office.blocks("toml")[0], "utf-8")
    return file


@pytest.fixture
def counter_config(office: Office, profile: Path, tmp_path: Path) -> Config:
    """The page's counter.toml; as root, in a container, with the line that the page gives for it."""
    file = profile.with_name("counter.toml")
    sandbox = f"\n[browser]\nallow_no_sandbox = {str(needs_no_sandbox()).lower()}\n"
    file.write_text(office.blocks("toml")[1] + sandbox, "utf-8")
    return load_config(file).model_copy(update={"state_dir": tmp_path})


def _log_in(page: Page, name: str) -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", PEOPLE[name])
    page.click("[type=submit]")
    expect(page.locator("#user-tools strong")).to_have_text(name)


def _add_group(page: Page, name: str) -> None:
    page.goto(f"{page.url.partition('/admin/')[0]}/admin/auth/group/add/")
    page.fill("#id_name", name)
    page.locator("[name=_save]").evaluate("button => { setTimeout(() => button.click(), 0) }")


def test_whoever_follows_the_tutorial_ends_with_a_profile_that_works(
    office: Office, profile: Path, counter_config: Config
) -> None:
    """The walk shows the name that was read, what would be held, and a session that dies; nothing is left to mend."""
    assert office.commands("guard portal try") == ["guard portal try office.toml"]
    steps: dict[Task, Callable[[Page], None]] = {
        Task.LOG_IN: lambda page: _log_in(page, "山田太郎"),
        Task.USE: lambda page: _add_group(page, "試行"),
    }
    person = Scripted(steps, name="山田太郎")

    mends = walk(load_portal(profile), counter_config, person)

    assert mends == [], person.lines
    assert "  holder.name '#user-tools strong' matches 1: 山田太郎" in person.lines
    assert "  POST /admin/login/: login" in person.lines
    assert "  POST /admin/auth/group/add/: submission, would be held" in person.lines
    assert "  ✓ session_dead: 1 replay(s) honoured, then refused" in person.lines
    assert person.lines[-1] == "✓ The profile works."
    assert "試行" in office.groups


def test_the_command_without_a_person_says_that_nobody_logged_in_and_fails(
    profile: Path, counter_config: Config
) -> None:
    """In a window that nobody uses everything is as for a guest; that must not pass for a profile that works."""
    assert counter_config.portals[0].name == "office"
    command = [
        sys.executable,
        "-m",
        "guard.cli",
        "portal",
        "try",
        "--headless",
        "--config",
        "counter.toml",
        profile.name,
    ]

    done = subprocess.run(
        command, cwd=profile.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 1, done.stderr
    assert "holder.guest '#login-form' matches 1" in done.stdout
    assert "✗ nobody is logged in, and no cookie changed" in done.stdout
    assert "✓ The profile works." not in done.stdout


@pytest.fixture
def counter(counter_config: Config) -> Iterator[BlockingCounter]:
    with open_blocking_counter(counter_config) as counter:
        yield counter


def _visit(counter: BlockingCounter, playwright: Playwright, office: Office, name: str, group: str) -> None:
    browser = playwright.chromium.connect_over_cdp(counter.open_visit(TARO))
    try:
        context = browser.contexts[0]
        page = context.pages[0] if context.pages else context.wait_for_event("page")
        page.goto(f"http://127.0.0.1:{office.port}/admin/")
        _log_in(page, name)
        before = len(counter.answered)
        _add_group(page, group)
        while len(counter.answered) == before:
            page.wait_for_timeout(50)
        page.wait_for_load_state()
    finally:
        browser.close()


def test_the_tutorials_profile_serves_the_right_person_and_stops_the_other(
    counter: BlockingCounter, playwright: Playwright, office: Office
) -> None:
    """山田 is served: what goes out under his login arrives once; what 佐藤 is logged in for never does."""
    _visit(counter, playwright, office, "山田太郎", "本人")
    right = counter.answered[-1].verdict
    clearance = counter.end()

    _visit(counter, playwright, office, "佐藤花子", "他人")

    assert right.passed
    assert clearance is not None
    assert clearance.clean
    assert not counter.answered[-1].verdict.passed
    assert "本人" in office.groups
    assert "他人" not in office.groups
