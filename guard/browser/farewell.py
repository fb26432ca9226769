"""Logging out of one portal, and the proof that its sessions are dead on the server.

"Logged out" is not taken to mean "old session dead": every session that the visit carried is replayed
from outside the browser. A refusal counts only if the same replay was honoured before the logout.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from guard.browser.reading import read_holder, read_value
from guard.browser.wire import Question, Wire, WireError, who_is_logged_in
from guard.core.clearance import Area, Finding, Proof
from guard.core.identity import Holder, Known, Nobody, Obscurity, Unclear

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from guard.browser.carried import Carried
    from guard.browser.wire import Outside, OutsideWire
    from guard.grammar import AntiForgery
    from guard.portal import Portal


_NOT_SEEN = Unclear(why=Obscurity.UNREACHABLE)
_FIRST_PAUSES, _LONGEST_PAUSE = (0.25, 0.5), 1.0  # seconds between two replays of what outlives its logout


@dataclass(frozen=True, kw_only=True, slots=True)
class Sessions:
    """What the visit left at one portal."""

    portal: Portal
    carried: Mapping[str, Carried]
    """Session key → what carried it, the newest last."""
    known: Collection[str]
    """Keys of the sessions under which the sentinel saw somebody logged in."""
    complete: bool = True
    """False if the browser ended before it told which session the last login brought."""
    honoured: Collection[str] = ()
    """Keys of the sessions whose replay was honoured already, before the page itself logged in or out."""

    @property
    def known_here(self) -> bool:
        """Whether somebody was seen logged in under one of them."""
        return any(key in self.known for key in self.carried)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ended:
    """What was seen of one session before and after its logout."""

    before: Holder
    guest: Holder
    after: Holder
    was_known: bool
    honoured: bool
    """Whether a replay before the logout showed somebody: only then a refusal after it proves anything."""
    accepted: bool = False
    """Whether the portal accepted its logout."""
    started_another: bool = False
    """Whether the replay before the logout has started another session."""
    grace: float = 0.0
    """Seconds for which it was replayed again, because the portal honoured it after its logout."""


async def say_farewell(
    sessions: Sessions, inside: Wire | None, outside: Outside, *, patience: float
) -> tuple[Proof, ...]:
    """Log out of one portal, in the browser while there is one; returns the proofs of LOGGED_OUT and SESSION_DEAD.

    The replay before the logout may take `patience` seconds: a portal that hangs must not keep its own logout waiting.
    What is honoured after its logout is replayed again until that time is over, counted from this call: at some portals
    a token that was renewed just before stays good for some seconds.
    """
    until = asyncio.get_running_loop().time() + patience
    carried = list(sessions.carried.items())
    if sessions.portal.session.rotates:
        carried, inside = carried[-1:], None  # browser and replay would take each other's session away
    roads = [outside.wire(sessions.portal, sent) for _, sent in carried]
    # All of them first: the logout of one session may end a part that another shares with it.
    before = await asyncio.gather(*(holder_by(sessions.portal, road, patience) for road in roads))
    newest = carried[-1][0] if carried else ""
    ended = await asyncio.gather(
        *(
            _end(sessions, key, seen, road, inside if key == newest else None)
            for (key, _), seen, road in zip(carried, before, roads, strict=True)
        )
    )
    if any(one.accepted for one in ended):
        last = ended[-1]
        ended = await asyncio.gather(
            *(
                _outlast_grace(sessions.portal, one, road, inside if one is last else None, until)
                for one, road in zip(ended, roads, strict=True)
            )
        )
    if not sessions.complete:
        detail = "the browser ended before it told which session the last login brought"
        return proofs_of(sessions.portal, Finding.NOT_PROVED, detail)
    if not ended:
        return proofs_of(sessions.portal, Finding.PROVED, "no session was carried")
    return (_guest_proof(sessions.portal, ended[-1]), _death_proof(sessions.portal, ended))


async def _end(sessions: Sessions, key: str, before: Holder, road: OutsideWire, inside: Wire | None) -> _Ended:
    portal, known = sessions.portal, key in sessions.known
    if isinstance(before, Nobody) and not known:
        return _Ended(before=before, guest=before, after=before, was_known=False, honoured=False)
    heir = road.heir() if isinstance(before, Known) else None
    guest, after, accepted = await _log_out_and_look_back(portal, inside, road)
    if heir is not None:  # the replay itself has started another session
        await log_out(portal, heir)
        left = await holder_by(portal, heir.twin())
        after = after if isinstance(left, Nobody) else left
    return _Ended(
        before=before,
        guest=guest,
        after=after,
        was_known=known,
        honoured=isinstance(before, Known) or key in sessions.honoured,
        accepted=accepted,
        started_another=heir is not None,
    )


async def _log_out_and_look_back(portal: Portal, inside: Wire | None, road: OutsideWire) -> tuple[Holder, Holder, bool]:
    """Whom the portal shows after the logout, whom to a replay of the session of before it, and if it logged out."""
    guest: Holder = _NOT_SEEN
    after: Holder = _NOT_SEEN
    accepted = False
    for wire in (inside or road, road):  # a logout that failed inside the browser is tried once more from outside
        if await log_out(portal, wire):
            accepted = True
        elif wire is inside:
            continue  # there may be no time to look back twice
        seen, replayed = await _look_back(portal, wire, road)
        guest = guest if isinstance(guest, Nobody) else seen
        lives_on = portal.session.rotates and isinstance(after, Known)  # under an id that only the first try carried
        after = after if lives_on else replayed
        if isinstance(guest, Nobody) and (isinstance(after, Nobody) or not portal.logout.kills_session):
            break
    return guest, after, accepted


async def _outlast_grace(portal: Portal, one: _Ended, road: OutsideWire, inside: Wire | None, until: float) -> _Ended:
    """Replay what is still honoured after growing pauses, until it is refused or the time is over.

    Not where a look may itself start a session or renew one: that would be alive when the old one is refused.
    """
    starts_others = portal.session.rotates or portal.session.may_log_in_by_itself or one.started_another
    clock = asyncio.get_running_loop().time
    if starts_others or not portal.logout.kills_session or not isinstance(one.after, Known) or clock() >= until:
        return one
    began = clock()
    after: Holder = one.after
    for pause in chain(_FIRST_PAUSES, repeat(_LONGEST_PAUSE)):
        await asyncio.sleep(min(pause, max(0.0, until - clock())))
        answer = await _replayed(portal, road)
        after = after if isinstance(answer, Unclear) else answer  # silence is no refusal
        if isinstance(after, Nobody) or clock() >= until:
            break
    grace = clock() - began
    guest = one.guest if isinstance(one.guest, Nobody) else await holder_by(portal, inside or road)
    return replace(one, guest=guest, after=after, grace=grace)


async def _look_back(portal: Portal, wire: Wire, road: OutsideWire) -> tuple[Holder, Holder]:
    if not portal.session.rotates:
        return await asyncio.gather(holder_by(portal, wire), _replayed(portal, road))
    replay = road.twin()
    guest = await holder_by(portal, wire)  # first: the replay of a session that lives on would give it another id
    return guest, guest if isinstance(guest, Known) else await _replayed(portal, replay)


async def _replayed(portal: Portal, road: OutsideWire) -> Holder:
    """Whom the portal shows to the session as a whole, or else to a part of it that logs in by itself."""
    whole, *parts = await asyncio.gather(*(holder_by(portal, each) for each in (road.twin(), *road.parts())))
    return _most_alive(whole, parts)


def _most_alive(whole: Holder, parts: Collection[Holder]) -> Holder:
    # A part that gets no clear answer proves nothing: half a session is nonsense to many portals.
    return next((part for part in parts if isinstance(part, Known)), whole)


async def holder_by(portal: Portal, wire: Wire, within: float | None = None) -> Holder:
    """Ask the identity question over a wire, for the portal's own deadline at most."""
    try:
        answer = await wire.ask(who_is_logged_in(portal, within))
    except WireError as error:
        return Unclear(why=error.why)
    return read_holder(portal.holder, answer, wire.token)


async def log_out(portal: Portal, wire: Wire) -> bool:
    """Take the profile's logout steps; True if the portal accepted every one."""
    try:
        for step in portal.logout.steps:
            form, headers = await _proof_of_origin(step.anti_forgery, wire)
            fields = None if step.method == "GET" else {**step.form, **form}
            answer = await wire.ask(Question(method=step.method, path=step.path, form=fields, headers=headers))
            if answer.status >= 400:  # noqa: PLR2004  # HTTP
                return False
    except WireError:
        return False
    return bool(portal.logout.steps)


async def _proof_of_origin(wanted: AntiForgery | None, wire: Wire) -> tuple[dict[str, str], dict[str, str]]:
    """Form fields and headers with the anti-forgery token that the portal wants back."""
    if wanted is None:
        return {}, {}
    if wanted.cookie is not None:
        token = await wire.cookie(wanted.cookie)
    else:
        token = await _read_from_page(wanted, wire)
    if token is None:
        raise WireError(Obscurity.NOT_UNDERSTOOD)
    return ({wanted.field: token}, {}) if wanted.field else ({}, {wanted.header or "": token})


async def _read_from_page(wanted: AntiForgery, wire: Wire) -> str | None:
    if wanted.page is None or wanted.value is None:
        return None
    return read_value(wanted.value, await wire.ask(Question(path=wanted.page)))


def _guest_proof(portal: Portal, newest: _Ended) -> Proof:
    if isinstance(newest.guest, Nobody):
        return _proof(portal, Area.LOGGED_OUT, Finding.PROVED, "guest sign seen")
    if not portal.logout.steps and not portal.logout.kills_session:
        return _proof(portal, Area.LOGGED_OUT, Finding.DECLARED, "the portal has no logout")
    return _proof(portal, Area.LOGGED_OUT, Finding.NOT_PROVED, f"no guest sign: {said_of(newest.guest)}")


def _death_proof(portal: Portal, ended: Collection[_Ended]) -> Proof:
    logged_in = [one for one in ended if one.was_known or not isinstance(one.before, Nobody)]
    refused = [one for one in logged_in if one.honoured and isinstance(one.after, Nobody)]
    alive = [one for one in logged_in if isinstance(one.after, Known)]
    if len(refused) == len(logged_in):
        seen = f"{len(refused)} replay(s) honoured, then refused" if refused else "nobody was logged in"
        return _proof(portal, Area.SESSION_DEAD, Finding.PROVED, seen + _late(refused))
    if alive:
        finding = Finding.NOT_PROVED if portal.logout.kills_session else Finding.DECLARED
        return _proof(portal, Area.SESSION_DEAD, finding, "the old session is still alive on the server" + _late(alive))
    unproved = next(one for one in logged_in if one not in refused)
    if not unproved.honoured:
        detail = f"the replay before the logout was not honoured ({said_of(unproved.before)}), so it proves nothing"
    else:
        detail = f"the replay after the logout was not answered: {said_of(unproved.after)}"
    return _proof(portal, Area.SESSION_DEAD, Finding.NOT_PROVED, detail)


def _late(ended: Collection[_Ended]) -> str:
    """How long after the logout this was seen, if it was not at once."""
    grace = max((one.grace for one in ended), default=0.0)
    return f" {grace:.1f} s after the logout" if grace >= _FIRST_PAUSES[0] else ""


def proofs_of(portal: Portal, finding: Finding, detail: str) -> tuple[Proof, Proof]:
    """One finding for both areas of a portal."""
    return (_proof(portal, Area.LOGGED_OUT, finding, detail), _proof(portal, Area.SESSION_DEAD, finding, detail))


def _proof(portal: Portal, area: Area, finding: Finding, detail: str) -> Proof:
    return Proof(area=area, finding=finding, portal=portal.name, detail=detail)


def said_of(holder: Holder) -> str:
    """What was seen, without a name."""
    match holder:
        case Known():
            return "somebody is logged in"
        case Nobody():
            return "nobody is logged in"
        case Unclear(why=why):
            return why.value
