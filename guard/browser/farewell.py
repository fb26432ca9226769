"""Logging out of one portal, and the proof that its sessions are dead on the server.

"Logged out" is not taken to mean "old session dead": every session that the visit carried is replayed
from outside the browser. A refusal counts only if the same replay was honoured before the logout.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from guard.browser.reading import read_holder
from guard.browser.wire import Wire, WireError
from guard.core.clearance import Area, Finding, Proof
from guard.core.identity import Holder, Known, Nobody, Obscurity, Unclear

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from guard.browser.wire import Outside
    from guard.portal import LogoutStep, Portal

TRIES = 2  # a logout that failed inside the browser is tried once more from outside


@dataclass(frozen=True, kw_only=True, slots=True)
class Sessions:
    """What the visit left at one portal."""

    portal: Portal
    carried: Mapping[str, str]
    """Session key → `Cookie` header, the newest last."""
    known: Collection[str]
    """Keys of the sessions under which the sentinel saw somebody logged in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ended:
    """What was seen of one session before and after its logout."""

    before: Holder
    guest: Holder
    after: Holder
    was_known: bool


async def say_farewell(sessions: Sessions, inside: Wire | None, outside: Outside) -> tuple[Proof, ...]:
    """Log out of one portal, in the browser while there is one; returns the proofs of LOGGED_OUT and SESSION_DEAD."""
    carried = list(sessions.carried.items())
    if sessions.portal.session.rotates:
        carried, inside = carried[-1:], None  # browser and replay would take each other's session away
    if not carried:
        proofs = (Area.LOGGED_OUT, Area.SESSION_DEAD)
        return tuple(_proof(sessions.portal, area, Finding.PROVED, "no session was carried") for area in proofs)
    newest = carried[-1][0]
    ended = await asyncio.gather(
        *(_end(sessions, key, cookie, inside if key == newest else None, outside) for key, cookie in carried)
    )
    return (_guest_proof(sessions.portal, ended[-1]), _death_proof(sessions.portal, ended))


async def _end(sessions: Sessions, key: str, cookie: str, inside: Wire | None, outside: Outside) -> _Ended:
    portal, known = sessions.portal, key in sessions.known
    road = outside.wire(portal, cookie)
    before = await holder_by(portal, road)
    guest = after = before
    if isinstance(before, Nobody) and not known:
        return _Ended(before=before, guest=guest, after=after, was_known=False)
    replay = road.twin()
    for wire in [inside or road, road][:TRIES]:
        await log_out(portal, wire)
        guest = await holder_by(portal, wire)
        after = await holder_by(portal, replay)
        if isinstance(guest, Nobody) and (isinstance(after, Nobody) or not portal.logout.kills_session):
            break
    return _Ended(before=before, guest=guest, after=after, was_known=known)


async def holder_by(portal: Portal, wire: Wire) -> Holder:
    """Ask the identity question over a wire."""
    try:
        answer = await wire.send("GET", portal.holder.path, within=portal.deadline)
    except WireError as error:
        return Unclear(why=error.why)
    return read_holder(portal.holder, answer.status, answer.content_type, answer.body)


async def log_out(portal: Portal, wire: Wire) -> bool:
    """Take the profile's logout steps; True if the portal accepted every one."""
    try:
        for step in portal.logout.steps:
            answer = await wire.send(step.method, step.path, await _form(step, wire))
            if answer.status >= 400:  # noqa: PLR2004  # HTTP
                return False
    except WireError:
        return False
    return bool(portal.logout.steps)


async def _form(step: LogoutStep, wire: Wire) -> dict[str, str] | None:
    """The anti-forgery field that the portal wants back."""
    if step.token_from is None or step.token_selector is None:
        return None if step.method == "GET" else {}
    page = await wire.send("GET", step.token_from)
    field = LexborHTMLParser(page.body).css_first(step.token_selector)
    if field is None or not field.attributes.get("name"):
        raise WireError(Obscurity.NOT_UNDERSTOOD)
    return {str(field.attributes["name"]): field.attributes.get("value") or ""}


def _guest_proof(portal: Portal, newest: _Ended) -> Proof:
    if isinstance(newest.guest, Nobody):
        return _proof(portal, Area.LOGGED_OUT, Finding.PROVED, "guest sign seen")
    if not portal.logout.steps and not portal.logout.kills_session:
        return _proof(portal, Area.LOGGED_OUT, Finding.DECLARED, "the portal has no logout")
    return _proof(portal, Area.LOGGED_OUT, Finding.NOT_PROVED, f"no guest sign: {_said(newest.guest)}")


def _death_proof(portal: Portal, ended: Collection[_Ended]) -> Proof:
    logged_in = [one for one in ended if one.was_known or not isinstance(one.before, Nobody)]
    refused = [one for one in logged_in if isinstance(one.before, Known) and isinstance(one.after, Nobody)]
    if len(refused) == len(logged_in):
        seen = f"{len(refused)} replay(s) honoured, then refused" if refused else "nobody was logged in"
        return _proof(portal, Area.SESSION_DEAD, Finding.PROVED, seen)
    if any(isinstance(one.after, Known) for one in logged_in):
        finding = Finding.NOT_PROVED if portal.logout.kills_session else Finding.DECLARED
        return _proof(portal, Area.SESSION_DEAD, finding, "the old session is still alive on the server")
    unproved = next(one for one in logged_in if one not in refused)
    if not isinstance(unproved.before, Known):
        detail = f"the replay before the logout was not honoured ({_said(unproved.before)}), so it proves nothing"
    else:
        detail = f"the replay after the logout was not answered: {_said(unproved.after)}"
    return _proof(portal, Area.SESSION_DEAD, Finding.NOT_PROVED, detail)


def _proof(portal: Portal, area: Area, finding: Finding, detail: str) -> Proof:
    return Proof(area=area, finding=finding, portal=portal.name, detail=detail)


def _said(holder: Holder) -> str:
    match holder:
        case Known():
            return "somebody is logged in"
        case Nobody():
            return "nobody is logged in"
        case Unclear(why=why):
            return why.value
