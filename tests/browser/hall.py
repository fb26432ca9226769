"""Reception as a test says it is: who has drawn a number, and which numbers were used."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from guard.console.reception import Reception

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from guard.console.reception_list import ReceptionList


class Hall(Reception):
    """Reads its list from a real file, which is there while `rows` are."""

    def __init__(self) -> None:
        super().__init__(tickets=self)
        self.rows: str | None = None
        self.used: frozenset[str] = frozenset()

    def tickets_used(self, tickets: Iterable[str], since: datetime) -> frozenset[str]:  # noqa: ARG002 - as `Tickets`
        return self.used & frozenset(tickets)

    async def waiting(self, today: date) -> ReceptionList | None:
        if self.rows is None:
            return None
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "reception.csv"
            file.write_text(self.rows, "utf-8")
            return await Reception(file, self).waiting(today)
