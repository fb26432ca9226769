"""`guard staff` as a program, and a sealed counter that only a registered leader's PIN opens again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from flows.people import TANAKA_ICHIRO
from guard.blocking import BlockingCounter, open_blocking_counter
from guard.config import load_config
from guard.core.commands import Kind
from guard.core.staff import Member, Role
from guard.core.view import SealReason
from guard.counter import NOBODY_REGISTERED
from guard.errors import GuardError
from guard.record.staff import StaffRegister
from tests.day import counter_file, entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from flows.mock import MockPortals

pytestmark = pytest.mark.browser

WITHIN = 30  # seconds


@pytest.fixture
def file(portals: MockPortals, tmp_path: Path) -> Path:
    return counter_file(portals, tmp_path)


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """A page of a plain browser, in place of the console's own window."""
    page = browser.new_page()
    yield page
    page.close()


def staff(file: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run `guard staff`; without a terminal the PINs come from its input."""
    return subprocess.run(
        [sys.executable, "-m", "guard.cli", "staff", *words, "--config", str(file)],
        input=typed,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        env={**os.environ, "COLUMNS": "200"},
        start_new_session=True,  # or the PIN would be asked for at the terminal of whoever runs the tests
        check=False,
    )


def test_a_leader_is_registered_listed_and_disabled(file: Path) -> None:
    """The first staff member alone cannot lift, and is told so; a last leader stays."""
    assert "Nobody is registered" in staff(file, "list").stdout
    first = staff(file, "add", "s-12", "--name", "小野 健", typed="8305\n8305\n")
    assert first.returncode == 0, first.stderr
    assert "nobody can lift a seal" in first.stderr
    second = staff(file, "add", "L-07", "--name", "伊藤 桜", "--role", "leader", typed="2749\n2749\n")
    assert second.returncode == 0, second.stderr
    assert "nobody can lift" not in second.stderr
    assert staff(file, "disable", "S-12").returncode == 0
    assert staff(file, "disable", "L-07").returncode == 7
    told = [line.split() for line in staff(file, "list").stdout.splitlines()]
    assert told == [["L-07", "leader", "active", "伊藤", "桜"], ["S-12", "staff", "disabled", "小野", "健"]]
    for run in (first, second):
        assert not re.search("2749|8305", run.stdout + run.stderr)


@pytest.mark.parametrize(
    ("words", "typed", "status", "told"),
    [
        (("add", "L-07", "--name", "伊藤 桜"), "1234\n1234\n", 7, "guessed at once"),
        (("add", "L-07", "--name", "伊藤 桜"), "582\n582\n", 7, "4 to 12 digits"),
        (("add", "L-07", "--name", "伊藤 桜"), "2749\n2748\n", 1, "do not match"),
        (("add", "L-07", "--name", "伊藤 桜"), "", 1, "Aborted"),
        (("add", "L 07", "--name", "伊藤 桜"), "2749\n2749\n", 7, "not a staff number"),
        (("add", "L-07", "--name", " "), "2749\n2749\n", 7, "not a name"),
        (("add", "L-07", "--name", "伊藤 桜", "--role", "mayor"), "2749\n2749\n", 2, "mayor"),
        (("add", "L-07"), "2749\n2749\n", 2, "--name"),
        (("disable", "L-07"), "", 7, "not registered"),
    ],
)
def test_bad_input_registers_nobody_and_says_why(
    file: Path, words: tuple[str, ...], typed: str, status: int, told: str
) -> None:
    result = staff(file, *words, typed=typed)
    assert result.returncode == status, result.stderr
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not typed or typed.split(maxsplit=1)[0] not in result.stderr + result.stdout
    assert "Nobody is registered" in staff(file, "list").stdout


def test_a_register_that_is_damaged_is_named_and_keeps_the_counter_closed(file: Path) -> None:
    register = load_config(file).staff_file
    register.parent.mkdir(mode=0o700, exist_ok=True)
    register.write_text("no register " * 500)
    register.chmod(0o600)
    result = staff(file, "list")
    assert result.returncode == 7
    assert "staff.sqlite" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_sealed_counter_is_lifted_in_the_console_by_the_leaders_pin(file: Path, desk_page: Page) -> None:
    """Wrong PINs are told, counted and in the end locked, over a restart too; another leader's PIN lifts."""
    config = load_config(file)
    with open_blocking_counter(config) as counter:
        assert NOBODY_REGISTERED in counter.counter.notes
    register = StaffRegister.open(config.staff_file)
    register.add(Member(number="L-07", name="伊藤 桜", role=Role.LEADER), "2749")
    register.add(Member(number="L-08", name="森 海", role=Role.LEADER), "6193")
    with open_blocking_counter(config) as counter:
        assert NOBODY_REGISTERED not in counter.counter.notes
        counter.call(seal, counter)
        assert counter.view.seal is SealReason.UNFORESEEN
        desk_page.goto(counter.call(counter.counter.serve_console))
        for tries, told in ((4, "職員番号と PIN が合いません"), (1, "60秒たってから")):
            for _ in range(tries):
                lift(desk_page, "L-07", "9999")
                expect(desk_page.locator("#lift-pin-fault")).to_contain_text(told)
        assert counter.view.seal is not None
    with open_blocking_counter(config) as counter:
        desk_page.goto(counter.call(counter.counter.serve_console))
        lift(desk_page, "L-07", "2749")
        expect(desk_page.locator("#lift-pin-fault")).to_contain_text("続いたため")
        lift(desk_page, "L-08", "6193")
        expect(desk_page.get_by_role("heading", name="今日の担当者")).to_be_visible()
        assert counter.view.seal is None
        with pytest.raises(GuardError, match="staff_first"):
            counter.open_visit(TANAKA_ICHIRO.citizen)
        desk_page.get_by_label("職員番号").fill("L-08")
        desk_page.get_by_label("PIN").fill("6193")
        desk_page.keyboard.press("Enter")
        expect(desk_page.get_by_label("氏名", exact=True)).to_be_focused()
        (begun,) = entries(counter, Kind.STAFF_CHANGED)
        assert dict(begun.facts) == {"from": "", "to": "L-08"}
        tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
        counter.counter.desk.days.today = lambda: tomorrow  # the watch sees it by itself
        expect(desk_page.get_by_role("heading", name="今日の担当者")).to_be_visible()
        assert dict(entries(counter, Kind.STAFF_CHANGED)[-1].facts) == {"from": "L-08", "to": ""}
        (lifted,) = entries(counter, Kind.LIFTED)
        assert dict(lifted.facts) == {"reason": "unforeseen", "leader": "L-08", "pin": "right"}


async def seal(counter: BlockingCounter) -> None:
    counter.counter.supervisor.fault("a test", ValueError("seals"))


def lift(page: Page, number: str, pin: str) -> None:
    page.get_by_label("リーダーの職員番号").fill(number)
    page.get_by_label("リーダーの PIN").fill(pin)
    with page.expect_navigation():
        page.keyboard.press("Enter")
