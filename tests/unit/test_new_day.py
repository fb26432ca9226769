"""The watch over the date, with a date that a test moves."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from guard import new_day
from guard.new_day import DayWatch

FRIDAY = date(2026, 4, 3)


class Calendar:
    """The date, and how often a new day was told."""

    def __init__(self) -> None:
        self.today = FRIDAY
        self.told = asyncio.Event()
        self.days: list[date] = []

    def begins(self) -> None:
        self.days.append(self.today)
        self.told.set()

    def watch(self) -> DayWatch:
        return DayWatch(self.begins, lambda: self.today)


@pytest.mark.parametrize("passed", [timedelta(days=1), timedelta(days=3), timedelta(days=-1)])
def test_another_date_is_told_once(passed: timedelta) -> None:
    """Overnight, over a weekend, and where somebody sets the clock back."""
    calendar = Calendar()
    watch = calendar.watch()
    watch.look()
    assert calendar.days == []
    calendar.today += passed
    watch.look()
    watch.look()
    assert calendar.days == [FRIDAY + passed]


async def test_it_looks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_day, "EVERY", 0.01)
    calendar = Calendar()
    running = asyncio.create_task(calendar.watch().run())
    calendar.today += timedelta(days=1)
    async with asyncio.timeout(2):
        await calendar.told.wait()
    running.cancel()
    assert calendar.days == [calendar.today]
