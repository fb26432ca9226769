"""The search for leftovers in the next browser, by another road than the deletion of the last one."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from guard.core.clearance import Area, Finding, Proof

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from guard.browser.cdp import Session

ENCODINGS = ("utf-8", "utf-16-le")  # what Chromium writes to disk


async def inspect(session: Session, user_data_dir: Path, words: Collection[str]) -> Proof:
    """Prove that a browser that shows nothing yet holds nothing of `words` (cookie values, host names)."""
    found = [
        *await _cookies(session),
        *await _pages(session),
        *await asyncio.to_thread(files_with, user_data_dir, words),
    ]
    finding = Finding.NOT_PROVED if found else Finding.PROVED
    return Proof(area=Area.BROWSER_CLEAN, finding=finding, detail="; ".join(found) or "no cookie, page or word found")


async def _cookies(session: Session) -> list[str]:
    contexts = (await session.send("Target.getBrowserContexts"))["browserContextIds"]
    found: list[str] = []
    for context in [None, *contexts]:
        where = {"browserContextId": context} if context else {}
        cookies = (await session.send("Storage.getCookies", where))["cookies"]
        found.extend(f"cookie {cookie['name']} of {cookie['domain']}" for cookie in cookies)
    return found


async def _pages(session: Session) -> list[str]:
    targets = (await session.send("Target.getTargets"))["targetInfos"]
    return [f"page of {target['type']}" for target in targets if target["url"].startswith(("http:", "https:"))]


def files_with(folder: Path, words: Collection[str]) -> list[str]:
    """Files anywhere below `folder` that hold one of the words, in any of ENCODINGS."""
    needles = [word.encode(encoding) for word in words if word for encoding in ENCODINGS]
    return [seen for path in sorted(_files(folder)) for seen in _seen_in(path, path.relative_to(folder), needles)]


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):  # a folder that vanishes meanwhile is passed over
        for name in names:
            path = Path(root, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _seen_in(path: Path, shown: Path, needles: Collection[bytes]) -> list[str]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []  # the browser is running, and tidied it away
    except OSError as error:
        return [f"{shown} cannot be searched ({error.strerror})"]
    return [f"word in {shown}"] if any(needle in content for needle in needles) else []
