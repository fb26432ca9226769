"""Screenshots of the demo, each with its caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

SETTLED_MS = 250  # an overlay or an update of the console fades in


@dataclass(frozen=True, kw_only=True, slots=True)
class Shot:
    """One picture in the report's folder."""

    file: str
    caption: str
    """Japanese and English."""


class Album:
    """Takes pictures into one folder, in the order of the story."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken = 0

    def take(self, page: Page, name: str, caption: str) -> Shot:
        """Photograph what the page shows now."""
        self._taken += 1
        shot = Shot(file=f"{self._taken:02d}-{name}.png", caption=caption)
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=self._folder / shot.file)
        return shot
