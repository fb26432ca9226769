"""Videos that can be saved after their browser is gone.

Playwright forgets a video with its browser (1.65), and pytest-playwright saves videos when the test is over: then the
browsers of all citizens but the last one are destroyed. The files stay, so they are copied from where they lie.
"""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import Page


def keep_videos(pages: Iterable[Page]) -> None:
    """Have what was recorded of these pages outlast their browser, which has closed them and is still there."""
    for page in pages:
        if page.video is None:
            continue
        file = page.video.path()
        if file.exists():  # a page that never drew anything has none
            page.video.save_as = partial(_copy, file)  # type: ignore[method-assign]
            page.video.delete = partial(file.unlink, missing_ok=True)  # type: ignore[method-assign]


def _copy(file: Path, path: str | Path) -> None:
    shutil.copyfile(file, path)
