"""A counter as the scenarios see it; who plays them decides whether the guard stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from playwright.sync_api import Page

    from flows.mock import MockPortals
    from flows.people import Resident
    from guard.core.identity import Citizen


class Counter(Protocol):
    """A counter where staff serve one citizen after another, and a device beside it."""

    @property
    def portals(self) -> MockPortals:
        """The portals that it reaches."""

    def visit(
        self,
        resident: Resident,
        *,
        written: Citizen | None = None,
        acting_for: Resident | None = None,
        interrupted: bool = False,
    ) -> AbstractContextManager[Page]:
        """Serve the resident: the page in front of staff while the block lasts.

        `written` is what reception wrote down, if not what the resident would say; nobody logs anybody out at the
        end, and staff do no more than the counter asks of them.
        """

    def unattended(self) -> AbstractContextManager[Page]:
        """The page in front of staff while nobody is being served."""

    def ask(self, resident: Resident) -> None:
        """Staff look at the console, and the resident answers truly what it asks about the login, if it does."""

    def change_cards(self) -> None:
        """The citizen takes the card off the reader and goes; the next one lays theirs down. Nobody says a word."""

    def crash(self) -> None:
        """The browser crashes, and comes back as it is set up; the page of the visit is gone."""

    def elsewhere(self) -> AbstractContextManager[Page]:
        """A page on a device that nobody guards, gone with the block."""
