"""The day view: numbers, small charts, and the stops of today, which staff can mark as false. No names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from guard.console.charts import Chart, chart
from guard.console.page import TEMPLATES
from guard.core.events import Ending
from guard.core.verdict import Reason
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from guard.console.calls import Frame
    from guard.core.commands import Refusal
    from guard.core.day import Day
    from guard.portal import Portal
    from guard.texts import Texts

_MOST_BARS: Final = 12  # visits in the chart of times; the newest, because the table below has them all


@dataclass(frozen=True, kw_only=True, slots=True)
class DayBook:
    """Where the day is read, which may wait for a disk, and where staff's word on a stop goes."""

    read: Callable[[datetime, datetime], Day | None]
    """Gives what happened between two times; None if nobody knows."""
    mark: Callable[[int, str | None, bool], Refusal | None]
    """Takes the number of a stop, its visit, and whether it was false."""

    def of(self, today: date) -> Day | None:
        """From midnight to midnight at this counter."""
        begin, end = (datetime.combine(day, time.min).astimezone() for day in (today, today + timedelta(days=1)))
        return self.read(begin, end)


class DayPage:
    """Draws one day in one language."""

    def __init__(self, day: Day, texts: Texts, portals: Sequence[Portal], today: date) -> None:
        self.day = day
        self.date = today.isoformat()
        self.near = frozenset(stop.id for stop in day.near_misses)
        self._texts = texts
        self._titles = {portal.name: texts.pick(portal.title) for portal in portals}

    def charts(self) -> Iterator[Chart]:
        """Visits by hour, and what the guard added to each; nothing where there was no visit."""
        t, visits = self._texts, self.day.visits
        hours = [visit.opened_at.astimezone().hour for visit in visits]
        if hours:
            counted = [(hour, hours.count(hour)) for hour in range(min(hours), max(hours) + 1)]
            yield chart(t.label(Label.DAY_PER_HOUR), [(f"{hour}:00", count, str(count)) for hour, count in counted])
            added = [(self.clock(visit.opened_at), self.day.added_ms(visit.id)) for visit in visits[-_MOST_BARS:]]
            yield chart(t.label(Label.DAY_ADDED), [(clock, spent, self.seconds(spent)) for clock, spent in added])

    def added(self) -> str:
        """The median over the day's visits: what an ordinary citizen waited for the guard."""
        spent = [self.day.added_ms(visit.id) for visit in self.day.visits]
        return self.seconds(median(spent)) if spent else "–"

    def clock(self, at: datetime) -> str:
        """The time of day at this counter."""
        return at.astimezone().strftime("%H:%M")

    def seconds(self, milliseconds: float) -> str:
        return self._texts.label(Label.DAY_SECONDS, count=f"{milliseconds / 1000:.2f}")

    def title(self, portal: str) -> str:
        return self._titles.get(portal, portal)

    def reason(self, reason: str) -> str:
        """What failed, in words; the code itself for one that this version does not know."""
        return self._texts.reason(Reason(reason)).failed if reason in set(Reason) else reason

    def ending(self, ending: str | None) -> str:
        """How a visit ended; one that no handover closed was found by the next start."""
        if ending in set(Ending):
            return self._texts.ending(Ending(ending))
        return self._texts.label(Label.DAY_OPEN if ending is None else Label.DAY_UNFINISHED)


def draw_day(page: DayPage | None, texts: Texts, around: Frame, once: str, notice: str | None = None) -> str:
    """The whole page; without a day it says that the ledger does not answer."""
    return TEMPLATES.get_template("day.html").render(
        t=texts, page=page, day=None if page is None else page.day, frame=around, once=once, notice=notice
    )
