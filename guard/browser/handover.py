"""From one citizen to the next: log out everywhere, prove it, wipe the browser, show a clean one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from guard.browser.carried import secrets_of
from guard.browser.farewell import proofs_of, said_of, say_farewell
from guard.browser.profile import downloaded
from guard.core.clearance import Area, Clearance, Finding, Proof, resting_on
from guard.core.identity import Jar, Nobody, Obscurity, Unclear

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from guard.browser.farewell import Sessions
    from guard.browser.guarded import GuardedBrowser
    from guard.browser.standby import Shown
    from guard.browser.wire import Outside
    from guard.config import HandoverSettings
    from guard.core.terms import Assurance
    from guard.tasks import Tasks

SHORTEST_WORD = 8  # characters; a shorter cookie value stands in many files by chance
WIPE_TAKES = 1.0
"""Seconds that are kept for the wipe itself. Killing and deleting took 0.06 to 0.13 s, four busy programs on two
cores included; the rest is for a profile full of a day's pages, a slow disk, and files that are let go late."""
GUEST_WITHIN = 5.0  # seconds for a portal to say that the next browser is a guest; the next citizen waits for it


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What a handover ended with: the proofs, and the browser that staff see now."""

    clearance: Clearance
    browser: GuardedBrowser


async def hand_over(
    old: GuardedBrowser,
    visit_id: str | None,
    *,
    outside: Outside,
    limits: HandoverSettings,
    show_next: Callable[[set[str]], Awaitable[Shown]],
    tasks: Tasks,
) -> Handed:
    """Clear one browser away and show the next.

    Process and profile are gone at the latest `limits.wipe_within` seconds after the call, whatever the network
    does, so the wipe begins `WIPE_TAKES` earlier. Logout and replay then go on from outside until
    `limits.settle_within`. What came to no end by then, or to a fault, is a proof that is missing.
    """
    old.gate.refuse()
    started = asyncio.get_running_loop().time()
    patience = limits.wipe_within - WIPE_TAKES
    farewells = {jar: tasks.start(_farewell(old, jar, outside, patience), "farewell") for jar in old.jars.visited}
    await _settle(farewells, patience)
    downloads = await asyncio.to_thread(downloaded, old.user_data_dir)
    gone = await old.destroy()
    shown = await show_next(_words(old.logins.all_sessions()))
    await _settle(farewells, max(0.0, limits.settle_within - (asyncio.get_running_loop().time() - started)))
    said = [proof for jar, task in farewells.items() for proof in _proofs(jar, task)]
    kept = await asyncio.gather(*(forgotten(sessions, shown.browser) for sessions in old.logins.all_sessions()))
    clearance = Clearance(
        visit_id=visit_id,
        generation=old.generation,
        proofs=(*said, *chain.from_iterable(kept), *gone, *resting_on(gone), *shown.clean),
        assurances=_assurances(old.logins.all_sessions()),
        downloads=downloads,
    )
    return Handed(clearance=clearance, browser=shown.browser)


async def _farewell(old: GuardedBrowser, jar: Jar, outside: Outside, patience: float) -> tuple[Proof, ...]:
    if old.alive:
        await old.logins.last_look(jar, patience / 2)
    if old.logins.sessions(jar).portal.session.browser_keeps:
        return ()  # nothing can be replayed; the next browser shows whether it is over
    inside = old.logins.sentinel(jar) if old.alive else None
    return await say_farewell(old.logins.sessions(jar), inside, outside, patience=patience)


async def forgotten(sessions: Sessions, following: GuardedBrowser) -> tuple[Proof, ...]:
    """The two proofs for a login that the browser kept to itself: the next browser is a guest there."""
    portal = sessions.portal
    if not portal.session.browser_keeps:
        return ()
    try:
        async with asyncio.timeout(GUEST_WITHIN):
            seen = (await following.logins.look(Jar(portal=portal.name, context=following.jars.default_context))).holder
    except TimeoutError:
        seen = Unclear(why=Obscurity.TIMEOUT)
    known = "the login honoured before" if sessions.known_here else "whatever login"
    if isinstance(seen, Nobody):
        return proofs_of(portal, Finding.PROVED, f"the next browser is a guest: {known} ended with the last one")
    return proofs_of(portal, Finding.NOT_PROVED, f"the next browser is no guest: {said_of(seen)}")


async def _settle(farewells: Mapping[Jar, asyncio.Task[tuple[Proof, ...]]], within: float) -> None:
    if farewells:
        await asyncio.wait(farewells.values(), timeout=within)


def _proofs(jar: Jar, farewell: asyncio.Task[tuple[Proof, ...]]) -> tuple[Proof, ...]:
    if not farewell.done():
        farewell.cancel()
        return _missing(jar, "no answer in time")
    error = farewell.exception()
    return farewell.result() if error is None else _missing(jar, f"it ended with a fault ({type(error).__name__})")


def _missing(jar: Jar, detail: str) -> tuple[Proof, ...]:
    return tuple(
        Proof(area=area, finding=Finding.NOT_PROVED, portal=jar.portal, detail=detail)
        for area in (Area.LOGGED_OUT, Area.SESSION_DEAD)
    )


def _assurances(visited: Iterable[Sessions]) -> tuple[tuple[str, Assurance], ...]:
    portals = {sessions.portal.name: sessions.portal.assurance for sessions in visited}
    return tuple(portals.items())


def _words(visited: Iterable[Sessions]) -> set[str]:
    """What must not be found in the next browser: the visit's session cookies and its portals' host names."""
    words: set[str] = set()
    for sessions in visited:
        words.update(origin.partition("://")[2] for origin in sessions.portal.origins)
        for carried in sessions.carried.values():
            values = secrets_of(carried, sessions.portal.session)
            words.update(value for value in values if len(value) >= SHORTEST_WORD)
    return words
