"""When a sentinel is asked: once at a time for each cookie jar."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.browser.guarded import GuardedBrowser
    from guard.core.identity import Jar, Sighting
    from guard.tasks import Tasks


class Looks:
    """The looks that are under way; whoever wants one of the same jar meanwhile shares the next one."""

    def __init__(self, tasks: Tasks, sighted: Callable[[Sighting], None]) -> None:
        self._tasks = tasks
        self._sighted = sighted
        self._under_way: set[tuple[int, Jar]] = set()
        self._wanted_again: set[tuple[int, Jar]] = set()

    @property
    def any_under_way(self) -> bool:
        return bool(self._under_way)

    def begin(self, browser: GuardedBrowser, jar: Jar) -> None:
        """Look soon; the sighting is told when it is there."""
        key = browser.generation, jar
        if key in self._under_way:
            self._wanted_again.add(key)
            return
        self._under_way.add(key)
        self._tasks.start(self._look(browser, jar), "sentinel")

    async def _look(self, browser: GuardedBrowser, jar: Jar) -> None:
        key = browser.generation, jar
        try:
            sighting = await browser.logins.look(jar)
        finally:
            self._under_way.discard(key)
            again = key in self._wanted_again
            self._wanted_again.discard(key)
        self._sighted(sighting)
        if again and browser.alive:
            self.begin(browser, jar)
