"""Notices that a new day began at this counter: a guard left on overnight asks again who serves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = 1.0  # seconds; the page has changed before anybody is at the counter to see it


@dataclass
class DayWatch:
    """Looks at the local date every second, and whenever it is asked to."""

    on_new_day: Callable[[], object]
    today: Callable[[], date] = date.today

    def __post_init__(self) -> None:
        self._day = self.today()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.look()

    def look(self) -> None:
        """Tell of another date than before, once; an earlier one too: then it is not known which day staff meant."""
        today = self.today()
        if today != self._day:
            self._day = today
            self.on_new_day()
