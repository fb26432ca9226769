"""Pictures of every state that people at the counter see, with an index: the report that the tests write."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

DEFAULT = Path(__file__).parents[1] / ".pytest-report" / "states"
_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What people at the counter see</title>
<style>body { font-family: sans-serif; margin: 2rem; } figure { margin: 0; } img { width: 100%; }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(24rem, 1fr)); gap: 1.5rem; }</style>
<h1>What people at the counter see</h1>
"""


class Gallery:
    """A folder of pictures. Pictures of earlier runs stay until the same state is drawn again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, page: Page, group: str, state: str, variant: str) -> None:
        """Take a picture of the whole page."""
        page.screenshot(path=self.folder / f"{group}--{state}--{variant}.png", full_page=True, animations="disabled")

    def write_index(self) -> Path:
        """One page with all pictures, by group and state."""
        groups: dict[str, list[Path]] = {}
        for picture in sorted(self.folder.glob("*.png")):
            groups.setdefault(picture.name.partition("--")[0], []).append(picture)
        body = "".join(
            f"<h2>{html.escape(name)}</h2><section>{_figures(found)}</section>" for name, found in groups.items()
        )
        index = self.folder / "index.html"
        index.write_text(_HEAD + body, "utf-8")
        return index


def _figures(pictures: list[Path]) -> str:
    return "".join(
        _figure(html.escape(one.name), html.escape(" · ".join(one.stem.split("--")[1:]))) for one in pictures
    )


def _figure(file: str, what: str) -> str:
    picture = f'<a href="{file}"><img src="{file}" alt="{what}" loading="lazy"></a>'
    return f"<figure>{picture}<figcaption>{what}</figcaption></figure>"
