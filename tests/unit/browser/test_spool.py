from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.browser import spool
from guard.browser.spool import waiting_jobs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def lpstat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A print system that says what its script says (NOT RUN against a real one)."""
    program = tmp_path / "lpstat"
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(spool, "PRINTED_WITHIN", 0.3)
    monkeypatch.setattr(spool, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(spool, "_PAUSE", 0.05)
    return program


def says(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


async def test_a_job_that_stays_in_the_spool_is_told(lpstat: Path) -> None:
    """What it is called is nobody's business: a job's title may be a name."""
    says(lpstat, "echo counter-12 staff 1024; echo counter-13 staff 2048")
    assert await waiting_jobs() == ["2 print job(s) wait"]


async def test_a_job_that_is_printed_in_time_is_no_leftover(lpstat: Path) -> None:
    done = lpstat.parent / "done"
    says(lpstat, f"if [ -e {done} ]; then exit 0; fi; : > {done}; echo counter-12")
    assert await waiting_jobs() == []
    assert done.exists()


async def test_a_print_system_that_is_switched_off_holds_no_job(lpstat: Path) -> None:
    says(lpstat, "echo 'Scheduler is not running.' >&2; exit 1")
    assert await waiting_jobs() == []


async def test_a_spool_that_hangs_is_not_empty(lpstat: Path) -> None:
    says(lpstat, "exec sleep 60")
    assert await waiting_jobs() == ["the print spool does not answer"]


async def test_without_a_print_system_nothing_can_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await waiting_jobs() == []
