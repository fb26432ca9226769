"""Small charts of the day view: bars beside words that say the same, laid out here, so that no script is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 460
"""Of a chart, in units of its own; it grows with the page."""
ROW: Final = 28
NAMES: Final = 70
"""What the labels take."""
_NUMBERS: Final = 70


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar, with its label before it and its value after it."""

    label: str
    told: str
    top: int
    length: int

    @property
    def middle(self) -> int:
        """Where the words stand."""
        return self.top + ROW // 2

    @property
    def end(self) -> int:
        """Where the value begins."""
        return NAMES + self.length + 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Bars one below the other, under a title."""

    title: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    names: int = NAMES
    row: int = ROW

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def chart(title: str, rows: Sequence[tuple[str, float, str]]) -> Chart:
    """A chart of label, value and the value in words; the longest bar takes all the width there is."""
    longest = max((value for _, value, _ in rows), default=0) or 1
    room = WIDTH - NAMES - _NUMBERS
    bars = tuple(
        Bar(label=label, told=told, top=ROW * place, length=max(round(room * value / longest), 1 if value else 0))
        for place, (label, value, told) in enumerate(rows)
    )
    return Chart(title=title, bars=bars)
