"""The faults, each switched on and mended; all of them are real ones, in the portal, the browser or the guard."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

import pytest

from flows.mock import POINT, AnswerFault, IdentityFault, LogoutFault
from tests.day import (
    broken_program,
    crash,
    drivers,
    full_disk,
    journal_of,
    kill,
    locked_by_another,
    read_only,
    shown_browser,
    start_anew,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import tzinfo
    from pathlib import Path

    from guard.record.journal import Journal
    from guard.wake import WakeWatch
    from tests.faults.scene import Scene

LATENCY = 30.0  # seconds


def _nothing(scene: Scene) -> None:
    del scene


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that goes wrong."""

    name: str
    happens: Callable[[Scene], AbstractContextManager[None]]
    """It is injected at the start of the block and mended at its end; what was killed stays dead."""
    prepare: Callable[[Scene], None] = _nothing
    """Before the visit begins."""
    hides_the_holder: bool = False
    """Whether the site keeps back who is logged in, for as long as the fault lasts."""
    holds_the_end: bool = False
    """Whether no handover comes to its end before the fault is mended."""
    wants_a_small_disk: bool = False
    """Whether the state folder must stand on a file system of its own, which the fault fills."""


def _switched(switch: str, value: object) -> Callable[[Scene], AbstractContextManager[None]]:
    """A switch of the mock site."""

    @contextmanager
    def happens(scene: Scene) -> Iterator[None]:
        setattr(scene.switches, switch, value)
        try:
            yield
        finally:
            scene.portals.faults.mend()

    return happens


@contextmanager
def _down(scene: Scene) -> Iterator[None]:
    scene.portals.faults.take_down(POINT)
    try:
        yield
    finally:
        scene.portals.faults.mend()


def _restarted(*, forgets: bool) -> Callable[[Scene], AbstractContextManager[None]]:
    @contextmanager
    def happens(scene: Scene) -> Iterator[None]:
        scene.portals.faults.take_down(POINT)
        if forgets:
            scene.portals._store.run("DELETE FROM session WHERE host = ?", POINT)
        scene.portals.faults.bring_up(POINT)
        yield

    return happens


def _journal(
    trouble: Callable[[Journal], AbstractContextManager[None]],
) -> Callable[[Scene], AbstractContextManager[None]]:
    return lambda scene: trouble(journal_of(scene.counter))


def _clock_off_by(gap: timedelta) -> Callable[[Scene], AbstractContextManager[None]]:
    """The wall clock of the counter jumps; its journal and its watch for sleep are all that look at it."""

    class Skewed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + gap

    @contextmanager
    def happens(scene: Scene) -> Iterator[None]:
        watch: WakeWatch = scene.counter.counter.supervisor.before_event.__self__  # type: ignore[attr-defined]
        wall = watch.clocks.wall
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("guard.record.writer.datetime", Skewed)
            patch.setattr("guard.record.journal.datetime", Skewed)
            patch.setattr(watch.clocks, "wall", lambda: wall() + gap.total_seconds())
            yield

    return happens


@contextmanager
def _disk_full(scene: Scene) -> Iterator[None]:
    """Journal, ledger, both browsers' profiles and the copy for the next one: nothing finds room for a byte."""
    ballast = journal_of(scene.counter)._path.with_name("ballast")
    try:
        with pytest.raises(OSError, match="No space left"):
            _fill(ballast)
        yield
    finally:
        ballast.unlink()


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(2**20))


@contextmanager
def _browser_killed(scene: Scene) -> Iterator[None]:
    kill(shown_browser(scene.counter))
    yield


@contextmanager
def _renderer_crashed(scene: Scene) -> Iterator[None]:
    pages = tuple(shown_browser(scene.counter).pages.open)
    assert pages
    for page in pages:
        crash(scene.counter, page)
    yield


def _have_a_driver(scene: Scene) -> None:
    """A script's driver; without one there is nothing to kill."""
    of_the_test = drivers()
    scene.counter.call(shown_browser(scene.counter).page)
    assert drivers() - of_the_test


@contextmanager
def _driver_killed(scene: Scene) -> Iterator[None]:
    del scene
    max(drivers(), key=lambda process: process.create_time()).kill()  # the one of the preparation
    yield


@contextmanager
def _card_pulled(scene: Scene) -> Iterator[None]:
    scene.reader.take()
    yield


@contextmanager
def _standby_broken(scene: Scene) -> Iterator[None]:
    with broken_program(scene.counter):
        scene.counter.call(start_anew, scene.counter.counter._standby)
        yield


FAULTS = (
    Fault(name="logout answers 500", happens=_switched("logout", LogoutFault.SERVER_ERROR)),
    Fault(name="logout without effect", happens=_switched("logout", LogoutFault.COOKIE_ONLY)),
    Fault(name="identity endpoint hangs", happens=_switched("identity", IdentityFault.HANGS), hides_the_holder=True),
    Fault(name=f"identity answers after {LATENCY:.0f} s", happens=_switched("identity_delay", LATENCY)),
    Fault(
        name="identity answers HTML for JSON", happens=_switched("identity", IdentityFault.HTML), hides_the_holder=True
    ),
    Fault(name="portal down", happens=_down),
    Fault(name="every answer a TCP reset", happens=_switched("answer", AnswerFault.RESET)),
    Fault(name="every answer truncated", happens=_switched("answer", AnswerFault.TRUNCATED)),
    Fault(name="every POST reset when done", happens=_switched("answer_to_post", AnswerFault.RESET)),
    Fault(name="portal restarted, sessions kept", happens=_restarted(forgets=False)),
    Fault(name="portal restarted, sessions lost", happens=_restarted(forgets=True)),
    Fault(name="cookie rotates undeclared", happens=_switched("rotates", value=True)),
    Fault(name="clock an hour ahead", happens=_clock_off_by(timedelta(hours=1))),
    Fault(name="clock an hour behind", happens=_clock_off_by(timedelta(hours=-1))),
    Fault(name="browser SIGKILL", happens=_browser_killed),
    Fault(name="renderer crash", happens=_renderer_crashed),
    Fault(name="Playwright driver killed", happens=_driver_killed, prepare=_have_a_driver),
    Fault(name="disk full", happens=_disk_full, wants_a_small_disk=True),
    Fault(name="journal disk full", happens=_journal(full_disk)),
    Fault(name="journal read-only", happens=_journal(read_only)),
    Fault(name="journal locked", happens=_journal(locked_by_another)),
    Fault(name="card pulled", happens=_card_pulled),
    Fault(name="standby does not start", happens=_standby_broken, holds_the_end=True),
)
GUARD_KILLED = "guard SIGKILL"
"""It ends the process of the counter itself: tests/faults/test_guard_killed.py starts one of its own for each cell."""
