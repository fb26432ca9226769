"""A card service whose reader is in the hands of whoever plays the counter: card laid, taken, exchanged."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from guard import card

if TYPE_CHECKING:
    from collections.abc import Mapping

READER = "ACS ACR1252 Contactless"


class MockReader:
    """A card service with one reader. Its thread waits as the real one does, and wakes when something changes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.count = 0
        self.present = False
        self.plugged = [READER]
        self.dead = False
        self.hung = threading.Event()
        self.hung.set()
        self.broken = False
        self.contexts = 0

    def lay(self) -> None:
        self._set(present=True, more=1)

    def take(self) -> None:
        self._set(present=False, more=1)

    def swap(self) -> None:
        """Away and back before anybody looked."""
        self._set(present=True, more=2)

    def plug(self, *names: str) -> None:
        with self._changed:
            self.plugged = list(names)
            self._changed.notify_all()

    def die(self, *, dead: bool = True) -> None:
        with self._changed:
            self.dead = dead
            self._changed.notify_all()

    def _set(self, *, present: bool, more: int) -> None:
        with self._changed:
            self.present, self.count = present, self.count + more
            self._changed.notify_all()

    # as the monitor's thread sees it

    def connect(self) -> None:
        self.hung.wait(20)
        self._alive()
        self.contexts += 1

    def readers(self) -> list[str]:
        self._alive()
        return list(self.plugged)

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        self.hung.wait(20)
        with self._changed:
            self._changed.wait_for(lambda: self.dead or self._states() != known, seconds)
        self._alive()
        return self._states()

    def _states(self) -> dict[str, int]:
        state = (self.count << 16) | (card.PRESENT if self.present else card.EMPTY)
        return dict.fromkeys(self.plugged, state)

    def _alive(self) -> None:
        if self.broken:
            raise KeyError("unforeseen")
        if self.dead:
            raise card.ServiceDownError("no service")
