"""`guard counter` and `guard journal` as programs, the way staff and the helpdesk start them."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from flows.mock import IDP, POINT
from flows.mock.faults import IdentityFault
from guard.config import load_config
from guard.core.commands import Kind
from guard.record.digest import load_key
from guard.record.journal import Journal
from tests.day import alive, counter_file, eventually, works_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.mock import MockPortals

pytestmark = pytest.mark.browser

OPEN_WITHIN, CLOSED_WITHIN = 30, 40


@pytest.fixture
def file(portals: MockPortals, tmp_path: Path) -> Path:
    return counter_file(portals, tmp_path)


@contextmanager
def guard(*words: str, module: str = "guard.cli") -> Iterator[subprocess.Popen[str]]:
    """A guard in a process group of its own, as a terminal starts it; none is left when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until_open(process: subprocess.Popen[str]) -> list[str]:
    """Everything that it prints until it says that the counter is open."""
    assert process.stdout is not None
    printed: list[str] = []
    for line in process.stdout:
        printed.append(line)
        if "is open" in line:
            return printed
    raise AssertionError("".join(printed) + (process.stderr.read() if process.stderr else ""))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "guard.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=OPEN_WITHIN, env=environment, check=False)


def console_ports(guard: subprocess.Popen[str], file: Path) -> set[int]:
    """Where the guard serves, and the console's own window is connected."""
    (window,) = [one for one in works_on(load_config(file).state_dir) if _is_console(one)]
    family = {window.pid, *(one.pid for one in window.children(recursive=True))}
    links: list[Any] = list(psutil.net_connections("tcp"))  # its stubs forget that a link of TCP has addresses
    asked = {link.raddr.port for link in links if link.pid in family and link.status == "ESTABLISHED"}
    return {link.laddr.port for link in links if link.pid == guard.pid and link.status == "LISTEN"} & asked


@pytest.mark.parametrize(
    ("number", "to"),
    [(signal.SIGINT, "guard"), (signal.SIGINT, "group"), (signal.SIGTERM, "group")],
    ids=["SIGINT", "Ctrl+C in a terminal", "SIGTERM to all"],
)
def test_the_counter_ends_an_open_visit_properly_when_it_is_told_to_stop(
    number: signal.Signals,
    to: str,
    file: Path,
    portals: MockPortals,
) -> None:
    """A terminal sends Ctrl+C to Playwright's process as well; the visit is logged out and cleared all the same."""
    with guard("counter", "--headless", "--config", str(file), module="tests.scenario.counter_with_visit") as process:
        printed = until_open(process)
        sessions = dict(line.split()[1:] for line in printed if line.startswith("session"))
        assert alive(portals, sessions) == {POINT: True, IDP: True}
        (os.killpg if to == "group" else os.kill)(process.pid, number)
        out, errors = process.communicate(timeout=CLOSED_WITHIN)
    assert process.returncode == 0, errors
    assert "Closing" in out
    assert "Traceback" not in errors
    assert alive(portals, sessions) == {POINT: False, IDP: False}
    config = load_config(file)
    assert not works_on(config.state_dir)
    assert not list((config.state_dir / "browsers").glob("profile-*"))
    with closing(Journal.open(config.journal_file, load_key(config.key_file))) as journal:
        ending, clearance = journal.entries()[-2:]
        assert journal.verify() is None
        assert journal.unfinished_visit() is None
    assert (ending.kind, dict(ending.facts)["ending"]) == (Kind.VISIT_ENDING, "shutdown")
    assert clearance.kind is Kind.CLEARANCE
    assert not any(found.startswith("not_proved") for _, found in clearance.facts)


def test_the_console_is_reachable_and_one_guard_alone_works_on_a_state_dir(file: Path) -> None:
    with guard("counter", "--headless", "--config", str(file)) as process:
        until_open(process)
        eventually(lambda: bool(console_ports(process, file)))
        (port,) = console_ports(process, file)
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == httpx.codes.FORBIDDEN  # it wants a key
        (window,) = [one for one in works_on(load_config(file).state_dir) if _is_console(one)]
        assert not [word for word in window.cmdline() if "token" in word]  # every user of the PC can read it
        second = run("counter", "--headless", "--config", str(file))
        assert second.returncode == 4
        assert "Another guard writes the journal" in second.stderr
        assert "End it first" in second.stderr
        assert "Traceback" not in second.stderr
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(CLOSED_WITHIN) == 0
    book = run("journal", "--config", str(file))
    assert book.returncode == 0
    assert "counter_started" in book.stdout
    assert "The chain is whole." in book.stdout


def test_a_check_says_of_each_portal_whether_it_is_fit(file: Path, portals: MockPortals) -> None:
    """Before a counter is deployed: all that its start looks at, and each portal's answer to a clean browser."""
    good = run("counter", "--check", "--config", str(file))
    assert good.returncode == 0, good.stderr
    assert good.stdout.count(": answers, and nobody is logged in.") == len(load_config(file).portals)
    assert "Counter 窓口1 opens, and each portal is ready." in good.stdout
    portals.faults.of(POINT).identity = IdentityFault.HTML
    bad = run("counter", "--check", "--config", str(file))
    assert bad.returncode == 1
    assert "Portal point: does not say who is logged in (not_understood). Run guard portal try" in bad.stdout
    assert "but not each portal is ready" in bad.stdout
    assert not works_on(load_config(file).state_dir)


def test_a_check_says_that_a_counter_is_sealed_and_leaves_the_seal(file: Path) -> None:
    with guard("counter", "--headless", "--config", str(file), module="tests.scenario.counter_with_visit") as process:
        until_open(process)
        process.kill()
        process.wait()
    for _ in range(2):
        result = run("counter", "--check", "--config", str(file))
        assert result.returncode == 1, result.stderr
        assert "It is sealed (unfinished_visit): a leader lifts the seal" in result.stdout


def test_the_counter_closes_when_staff_close_the_consoles_window(file: Path) -> None:
    with guard("counter", "--headless", "--config", str(file)) as process:
        until_open(process)
        (window,) = [one for one in works_on(load_config(file).state_dir) if _is_console(one)]
        window.terminate()
        assert process.wait(CLOSED_WITHIN) == 0
    assert not works_on(load_config(file).state_dir)


def _is_console(process: psutil.Process) -> bool:
    return any(word.startswith("--app=") for word in process.cmdline())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('counter = ""', ("counter.toml", "counter", "''")),
        ('countre = "窓口1"', ("counter.toml", "countre")),
        ('counter = "窓口1', ("counter.toml",)),
    ],
    ids=["value", "key", "not TOML"],
)
def test_a_wrong_configuration_is_named_with_file_key_and_value(wrong: str, told: tuple[str, ...], file: Path) -> None:
    file.write_text(file.read_text().replace('counter = "窓口1"', wrong))
    result = run("counter", "--headless", "--config", str(file))
    assert result.returncode == 2
    for word in told:
        assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot have the sandbox")
def test_root_is_refused_unless_the_configuration_allows_it(file: Path) -> None:
    file.write_text(file.read_text().replace("allow_no_sandbox = true", "allow_no_sandbox = false"))
    result = run("counter", "--headless", "--config", str(file))
    assert result.returncode == 3
    assert "the browser's sandbox cannot work for root" in result.stderr
    assert "set allow_no_sandbox = true under [browser]" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_program_that_is_no_browser_is_refused_with_a_mend(file: Path, tmp_path: Path) -> None:
    """It says a version, as a browser does, and ends."""
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho Chromium 156.0.0.0\n")
    fake.chmod(0o755)
    file.write_text(file.read_text().replace("[browser]", f'[browser]\nexecutable = "{fake}"'))
    result = run("counter", "--headless", "--config", str(file))
    assert result.returncode == 3, result.stderr
    assert str(fake) in result.stderr.replace("\n", "")
    assert "Traceback" not in result.stderr
    assert not list((load_config(file).state_dir / "browsers").glob("*-*"))


def test_a_console_port_that_is_taken_is_named(file: Path, portals: MockPortals) -> None:
    taken = portals.hosts[POINT]
    file.write_text(file.read_text().replace("[test_network]", f"[console]\nport = {taken}\n[test_network]"))
    result = run("counter", "--headless", "--config", str(file))
    assert result.returncode == 1
    assert f"port {taken}" in result.stderr
    assert "Traceback" not in result.stderr
    assert not works_on(load_config(file).state_dir)


def test_a_tampered_journal_is_found_and_its_number_told(file: Path) -> None:
    with guard("counter", "--headless", "--config", str(file)) as process:
        until_open(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(CLOSED_WITHIN) == 0
    with closing(sqlite3.connect(load_config(file).journal_file)) as book:
        book.execute("DROP TRIGGER entry_is_final")
        book.execute("UPDATE entry SET facts = '[]' WHERE sequence = 1")
        book.commit()
    result = run("journal", "--config", str(file))
    assert result.returncode == 1
    assert "broken at entry 1" in result.stderr


def test_a_guard_without_its_configuration_says_which_file_is_missing(tmp_path: Path) -> None:
    result = run("counter", "--config", str(tmp_path / "none.toml"))
    assert result.returncode == 2
    assert "none.toml" in result.stderr.replace("\n", "")
    assert "Traceback" not in result.stderr
