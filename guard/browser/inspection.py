"""The search for leftovers in the next browser, by another road than the deletion of the last one."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from guard.browser.clipboard import has_desktop, held
from guard.browser.profile import stray_profiles
from guard.browser.residue import found_in
from guard.browser.spool import can_be_asked, waiting_jobs
from guard.core.clearance import Area, Finding, Proof
from guard.core.leftovers import LEFTOVERS, Leftover, Place, Search

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from guard.browser.cdp import Session

ENCODINGS = ("utf-8", "utf-16-le")  # what Chromium writes to disk
_ASKED_HERE = {Search.BROWSER, Search.FILES, Search.WORDS, Search.SYSTEM}
_PLACE_OF = {"service_worker": Place.SERVICE_WORKERS, "shared_worker": Place.SHARED_MEMORY}


async def inspect(session: Session, user_data_dir: Path, words: Collection[str]) -> tuple[Proof, ...]:
    """Prove that a browser that shows nothing yet holds nothing of anybody; a line for each place that can be asked.

    `words` (cookie values, host names) are searched in every file, because no list of places is complete.
    """
    found: dict[Place, list[str]] = defaultdict(list)
    looks = (_cookies(session), _targets(session), _clipboard(session), _spool())
    for some in await asyncio.gather(*looks, asyncio.to_thread(_on_disk, user_data_dir, words)):
        for place, seen in some:
            found[place].append(seen)
    return tuple(_line(row, found[row.place]) for row in LEFTOVERS if _is_asked(row))


def _is_asked(row: Leftover) -> bool:
    return row.search in _ASKED_HERE and (row.place is not Place.PRINTING or can_be_asked())


def _line(row: Leftover, found: list[str]) -> Proof:
    finding = Finding.NOT_PROVED if found else Finding.PROVED
    detail = "; ".join(found) or f"{row.search}: {row.how}"
    return Proof(area=Area.BROWSER_CLEAN, finding=finding, place=row.place, detail=detail)


def _on_disk(user_data_dir: Path, words: Collection[str]) -> list[tuple[Place, str]]:
    with_words = ((Place.DISK, seen) for seen in files_with(user_data_dir, words))
    unused = ((Place.OWN_ARTEFACTS, f"{stray} stands in the working folder") for stray in _strays(user_data_dir))
    return [*found_in(user_data_dir), *with_words, *unused]


def _strays(user_data_dir: Path) -> list[str]:
    """Profiles that are nobody's: neither the next citizen's nor the console's."""
    console = user_data_dir.parent.glob("profile-console-*")
    strays = set(stray_profiles(user_data_dir.parent)) - {user_data_dir, *console}
    return sorted(stray.name for stray in strays)


async def _cookies(session: Session) -> list[tuple[Place, str]]:
    contexts = (await session.send("Target.getBrowserContexts"))["browserContextIds"]
    found: list[tuple[Place, str]] = []
    for context in [None, *contexts]:
        where = {"browserContextId": context} if context else {}
        cookies = (await session.send("Storage.getCookies", where))["cookies"]
        found.extend((Place.COOKIES, f"cookie {cookie['name']} of {cookie['domain']}") for cookie in cookies)
    return found


async def _targets(session: Session) -> list[tuple[Place, str]]:
    targets = (await session.send("Target.getTargets"))["targetInfos"]
    of_the_web = (target["type"] for target in targets if target["url"].startswith(("http:", "https:", "blob:")))
    return [(_PLACE_OF.get(kind, Place.TABS), f"page of {kind}") for kind in of_the_web]


async def _spool() -> list[tuple[Place, str]]:
    return [(Place.PRINTING, jobs) for jobs in await waiting_jobs()]


async def _clipboard(session: Session) -> list[tuple[Place, str]]:
    if not await has_desktop(session):
        return []
    try:
        return [(Place.CLIPBOARD, seen) for seen in await asyncio.to_thread(held)]
    except OSError as error:
        return [(Place.CLIPBOARD, str(error))]


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
