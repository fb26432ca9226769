"""What the gate shows in place of a page that must not be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.console.local_pages import open_a_visit_first_page, start_page, unknown_site_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from guard.core.view import CounterView
    from guard.portal import Portal
    from guard.texts import Texts


class GateAnswers:
    """The guard's own pages, drawn from the counter as it is now."""

    def __init__(self, portals: Sequence[Portal], texts: Texts, view: Callable[[], CounterView]) -> None:
        self._portals = [portal for portal in portals if portal.on_start_page]
        self._texts = texts
        self._view = view

    def start(self) -> str:
        return start_page(self._texts, self._portals, self._view())

    def open_a_visit_first(self) -> str:
        return open_a_visit_first_page(self._texts, self._view())

    def unknown_site(self, host: str) -> str:
        return unknown_site_page(self._texts, host, self._view())
