"""The search for leftovers in the next browser, by another road than the deletion of the last one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from guard.core.clearance import Area, Finding, Proof

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

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
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(needle in content for needle in needles):
                found.append(f"word in {path.relative_to(folder)}")
    return found
