"""A guard that stood still, for real: nobody is trusted on what was seen before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from flows.mock import POINT, IdentityFault
from guard.wake import UNNOTICED
from tests.day import counter_file

if TYPE_CHECKING:
    from pathlib import Path

    from flows.mock import MockPortals

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("stopped", "answer"), [(True, "holder_unreadable 1"), (False, "None 0")])
def test_after_a_stop_the_portal_is_asked_again_before_anything_is_sent(
    portals: MockPortals,
    tmp_path: Path,
    stopped: bool,  # noqa: FBT001 (a case)
    answer: str,
) -> None:
    """SIGSTOP and SIGCONT of the guard. Meanwhile the portal breaks: only who asks it again can know.

    Without the stop the sighting is fresh, and the submission goes out unasked: the other case shows that.
    """
    command = [sys.executable, "-m", "tests.scenario.stopped_guard", str(counter_file(portals, tmp_path))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as guard:
        assert guard.stdin is not None
        assert guard.stdout is not None
        assert guard.stdout.readline().strip() == "logged in"
        portals.faults.of(POINT).identity = IdentityFault.SERVER_ERROR
        if stopped:
            os.kill(guard.pid, signal.SIGSTOP)
            time.sleep(UNNOTICED + 2.0)
            os.kill(guard.pid, signal.SIGCONT)
        print(file=guard.stdin, flush=True)
        assert guard.stdout.readline().strip() == answer
        portals.faults.mend()
        print(file=guard.stdin, flush=True)
        assert guard.wait(60) == 0
