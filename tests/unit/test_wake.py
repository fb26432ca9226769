"""The watch over the clocks, with clocks that a test moves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from guard import wake
from guard.wake import EVERY, UNNOTICED, Clocks, WakeWatch


@dataclass
class Time:
    """Both clocks, and what was reported."""

    monotonic: float = 1000.0
    wall: float = 5_000_000.0
    away: list[float] = field(default_factory=list)

    def watch(self) -> WakeWatch:
        return WakeWatch(self.away.append, Clocks(monotonic=lambda: self.monotonic, wall=lambda: self.wall))

    def passes(self, seconds: float, *, asleep: float = 0.0) -> None:
        self.monotonic += seconds
        self.wall += seconds + asleep


@pytest.fixture
def time() -> Time:
    return Time()


def test_a_second_that_is_a_second_is_nothing(time: Time) -> None:
    watch = time.watch()
    for _ in range(100):
        time.passes(EVERY)
        watch.look()
    assert time.away == []


def test_sleep_is_seen_by_the_clock_that_goes_on(time: Time) -> None:
    """The monotonic clock of Linux stands still meanwhile, so that every sighting looks fresh."""
    watch = time.watch()
    time.passes(EVERY, asleep=28_800.0)
    watch.look()
    watch.look()
    assert time.away == [28_800.0]


def test_a_process_that_was_stopped_is_seen_by_its_late_timer(time: Time) -> None:
    """Both clocks went on; so does the monotonic clock of other systems in sleep."""
    watch = time.watch()
    time.passes(EVERY + 60.0)
    watch.look()
    assert time.away == [60.0]


@pytest.mark.parametrize("asleep", [0.0, UNNOTICED - 0.1, -3600.0])
def test_a_busy_machine_and_a_corrected_clock_are_no_sleep(time: Time, asleep: float) -> None:
    """Somebody sets the wall clock back; a garbage collection takes its time."""
    watch = time.watch()
    time.passes(EVERY + UNNOTICED - 0.1, asleep=asleep)
    watch.look()
    assert time.away == []


def test_a_look_between_two_ticks_finds_the_gap_first(time: Time) -> None:
    """Before each event: a click right after waking must not be decided by what was seen before."""
    watch = time.watch()
    time.passes(0.3, asleep=60.0)
    watch.look()
    time.passes(0.7)
    watch.look()
    assert time.away == [pytest.approx(60.0)]


async def test_it_looks_by_itself(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "EVERY", 0.01)
    running = asyncio.create_task(time.watch().run())
    time.passes(0.0, asleep=60.0)
    await asyncio.sleep(0.1)
    running.cancel()
    assert time.away == [60.0]


def test_the_real_clocks_agree_while_nobody_sleeps() -> None:
    reported: list[float] = []
    watch = WakeWatch(reported.append)
    watch.look()
    assert reported == []
