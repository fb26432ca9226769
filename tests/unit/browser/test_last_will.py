from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from guard.browser.last_will import LastWill

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX processes")


@pytest.fixture
def browser() -> Iterator[subprocess.Popen[bytes]]:
    """Any process that leads a group of its own."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


@pytest.fixture
def pipe() -> Iterator[list[int]]:
    """The pipe on which that browser listens; the guard's end may be closed by the test."""
    ends = list(os.pipe())
    yield ends
    for end in ends:
        os.close(end)


def test_the_browser_is_killed_when_the_guards_end_closes_without_a_word(
    browser: subprocess.Popen[bytes], pipe: list[int]
) -> None:
    """That is all that a killed guard leaves behind: closed descriptors."""
    will = LastWill(browser.pid, pipe[1])
    os.close(will._life)
    assert browser.wait(timeout=5) == -signal.SIGKILL
    os.waitpid(will._pid, 0)


def test_the_pipe_stays_open_until_the_browser_is_killed(browser: subprocess.Popen[bytes], pipe: list[int]) -> None:
    """A browser that sees its pipe close sends what the gate holds, before it ends."""
    will = LastWill(browser.pid, pipe[1])
    os.close(pipe.pop())
    assert select.select([pipe[0]], [], [], 0.2)[0] == []
    os.close(will._life)
    browser.wait(timeout=5)
    os.waitpid(will._pid, 0)
    assert os.read(pipe[0], 1) == b""


def test_a_revoked_will_kills_nobody(browser: subprocess.Popen[bytes], pipe: list[int]) -> None:
    """The browser ended by itself, and its number may be somebody else's by now."""
    will = LastWill(browser.pid, pipe[1])
    will.revoke()
    with pytest.raises(subprocess.TimeoutExpired):
        browser.wait(timeout=0.2)


def test_a_will_that_was_killed_itself_can_be_revoked(browser: subprocess.Popen[bytes], pipe: list[int]) -> None:
    """Nothing may fail in the thread that waits for the browser's end."""
    will = LastWill(browser.pid, pipe[1])
    os.kill(will._pid, signal.SIGKILL)
    will.revoke()
