"""Measures how many people the guard tells apart in a second: `python -m tests.benchmark.comparing`.

Prints a table; fails nothing, because a slow machine is no defect.
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from itertools import product

from rich.console import Console
from rich.table import Table

from guard import Citizen, Identity, compare
from guard.core.names import Agreement

BORN = date(1980, 4, 1)
ROUNDS = 15
AT_LEAST = 4_000  # comparisons in a round, which takes long enough to be timed

SERVED = Citizen(name="髙橋 太郎", kana="タカハシ タロウ", birth_date=BORN)
FOREIGN = Citizen(name="NGUYEN VAN ANH", aliases=("グエン アン",), birth_date=BORN)
SHOWN = {
    Agreement.MATCH: (
        (SERVED, Identity(name="髙橋 太郎", birth_date=BORN)),
        (SERVED, Identity(name="髙橋　太郎")),
        (FOREIGN, Identity(name="Nguyen Van Anh", birth_date=BORN)),
    ),
    Agreement.VARIANT: (
        (SERVED, Identity(name="高橋 太郎", birth_date=BORN)),
        (FOREIGN, Identity(name="ANH NGUYEN VAN", birth_date=BORN)),
        (FOREIGN, Identity(name="グエン アン", birth_date=BORN)),
    ),
    Agreement.UNREADABLE: (
        (SERVED, Identity(name="髙橋 ●●")),
        (SERVED, Identity(birth_date=BORN)),
    ),
    Agreement.MISMATCH: (
        (SERVED, Identity(name="佐藤 花子")),
        (SERVED, Identity(name="髙橋 太郎", birth_date=date(1980, 4, 2))),
        (FOREIGN, Identity(name="MAYER ANNA MARIA", birth_date=BORN)),
    ),
}
"""Whom a portal shows to whom it serves, by what comes of it; kanji and Latin names, with and without a birth date."""


def a_second(*answers: Agreement) -> float:
    """Comparisons a second over the pairs of these answers in turn: the median of several rounds."""
    pairs = [pair for answer in answers for pair in SHOWN[answer]]
    turns = AT_LEAST // len(pairs) + 1
    return statistics.median(_round(pairs, turns) for _ in range(ROUNDS))


def _round(pairs: list[tuple[Citizen, Identity]], turns: int) -> float:
    start = time.perf_counter()
    for _, (citizen, identity) in product(range(turns), pairs):
        compare(citizen, identity)
    return turns * len(pairs) / (time.perf_counter() - start)


def table() -> Table:
    """The mix, and each answer alone."""
    found = Table("guard.compare", "comparisons a second", title="people told apart, on one core")
    found.add_row("all of these in turn", f"{a_second(*SHOWN):,.0f}")
    for answer in SHOWN:
        found.add_row(answer.value, f"{a_second(answer):,.0f}")
    return found


if __name__ == "__main__":
    Console().print(table())
