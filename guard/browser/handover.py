"""From one citizen to the next: log out everywhere, prove it, wipe the browser, show a clean one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.browser.farewell import say_farewell
from guard.browser.inspection import inspect
from guard.browser.session_key import parse_cookie_header
from guard.core.clearance import Area, Clearance, Finding, Proof

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from guard.browser.farewell import Sessions
    from guard.browser.guarded import GuardedBrowser
    from guard.browser.wire import Outside
    from guard.config import HandoverSettings
    from guard.core.identity import Jar
    from guard.tasks import Tasks

SHORTEST_WORD = 8  # characters; a shorter cookie value stands in many files by chance


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What a handover ended with: the proofs, and the browser that staff see now."""

    clearance: Clearance
    browser: GuardedBrowser


async def hand_over(  # a handover has this many parties
    old: GuardedBrowser,
    visit_id: str | None,
    *,
    outside: Outside,
    limits: HandoverSettings,
    take_standby: Callable[[], Awaitable[GuardedBrowser]],
    tasks: Tasks,
) -> Handed:
    """Clear one browser away and show the next. Raises BrowserError if no next browser starts.

    The browser is wiped at the latest `limits.wipe_within` seconds after the call, whatever the network
    does; logout and replay then go on from outside until `limits.settle_within`.
    """
    old.gate.refuse()
    started = asyncio.get_running_loop().time()
    farewell = tasks.start(_all_farewells(old, outside), "farewell")
    await asyncio.wait([farewell], timeout=limits.wipe_within)
    gone = await old.destroy()
    new = await take_standby()
    clean = await inspect(new.session, new.user_data_dir, _words(old.all_sessions()))
    await new.show()
    left = max(0.0, limits.settle_within - (asyncio.get_running_loop().time() - started))
    await asyncio.wait([farewell], timeout=left)
    proofs = (*_settled(farewell, old), *gone, clean)
    return Handed(clearance=Clearance(visit_id=visit_id, generation=old.generation, proofs=proofs), browser=new)


async def _all_farewells(old: GuardedBrowser, outside: Outside) -> tuple[Proof, ...]:
    said = await asyncio.gather(*(_farewell(old, jar, outside) for jar in old.jars.visited))
    return tuple(proof for proofs in said for proof in proofs)


async def _farewell(old: GuardedBrowser, jar: Jar, outside: Outside) -> tuple[Proof, ...]:
    if old.alive:
        await old.last_look(jar)
    inside = old.sentinel(jar) if old.alive else None
    return await say_farewell(old.sessions(jar), inside, outside)


def _settled(farewell: asyncio.Task[tuple[Proof, ...]], old: GuardedBrowser) -> tuple[Proof, ...]:
    """The farewell's proofs; those of a farewell that came to no end are missing, one by one."""
    if farewell.done():
        return farewell.result()
    farewell.cancel()
    return tuple(
        Proof(area=area, finding=Finding.NOT_PROVED, portal=jar.portal, detail="no answer in time")
        for jar in old.jars.visited
        for area in (Area.LOGGED_OUT, Area.SESSION_DEAD)
    )


def _words(visited: Iterable[Sessions]) -> set[str]:
    """What must not be found in the next browser: the visit's session cookies and its portals' host names."""
    words: set[str] = set()
    for sessions in visited:
        words.update(origin.partition("://")[2] for origin in sessions.portal.origins)
        for cookie in sessions.carried.values():
            values = parse_cookie_header(cookie)
            named = (values.get(name, "") for name in sessions.portal.session.cookies)
            words.update(value for value in named if len(value) >= SHORTEST_WORD)
    return words
