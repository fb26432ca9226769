"""Asking the portals whether a session that was found is alive, and as whom; and logging it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from guard.browser.farewell import holder_by, log_out
from guard.browser.wire import Outside
from guard.core.identity import Citizen, Holder, Identity, Known, Nobody, Unclear
from guard.record.digest import digest

if TYPE_CHECKING:
    from guard.browser.carried import Carried
    from guard.browser.wire import OutsideWire
    from guard.config import Config
    from guard.portal import Portal
    from guard.scan.leftover import Marker


class State(StrEnum):
    """What a portal said of a session."""

    ALIVE = "alive"
    DEAD = "dead"
    """Nobody is logged in under it."""
    UNCLEAR = "unclear"
    NOT_READ = "not_read"
    """The session has no value that could be read, so nobody was asked."""


@dataclass(kw_only=True, eq=False)
class AskedSession:
    """One session of one portal in one profile."""

    profile: str
    portal: str
    state: State
    why: str | None = None
    """Why the answer is unclear."""
    holder: str | None = None
    """Digest of the person; the journal's own where its key was there."""
    name: str | None = None
    """For an authorised reader alone."""
    logged_out: bool | None = None
    """Whether the portal accepted every step of the logout; None if none was tried."""
    replay_refused: bool | None = None
    """Whether the session was refused after that; None if nobody asked or the portal did not say."""


class Questions:
    """Asks portals over the guard's own connections; no browser takes part."""

    def __init__(self, config: Config, marker: Marker, *, show_names: bool) -> None:
        self._outside = Outside(config)
        self._marker = marker
        self._show_names = show_names
        self._wires: dict[AskedSession, OutsideWire] = {}

    async def close(self) -> None:
        await self._outside.close()

    async def ask(self, carried: Carried | None, profile: str, portal: Portal) -> AskedSession:
        """Ask one portal who is logged in under a session. This uses, and may prolong, that session."""
        if carried is None:
            return AskedSession(profile=profile, portal=portal.name, state=State.NOT_READ)
        wire = self._outside.wire(portal, carried)
        holder = await holder_by(portal, wire)
        asked = AskedSession(profile=profile, portal=portal.name, state=_state(holder))
        self._wires[asked] = wire
        match holder:
            case Known(identity=identity):
                asked.holder = _person(identity, self._marker)
                asked.name = identity.name if identity and self._show_names else None
            case Unclear(why=why):
                asked.why = why.value
            case Nobody():
                pass
        return asked

    async def end(self, portal: Portal, session: AskedSession) -> None:
        """Log one session out, and see whether its replay is refused."""
        wire = self._wires[session]
        session.logged_out = await log_out(portal, wire)
        after = await holder_by(portal, wire.twin())
        session.replay_refused = None if isinstance(after, Unclear) else isinstance(after, Nobody)


def _state(holder: Holder) -> State:
    match holder:
        case Known():
            return State.ALIVE
        case Nobody():
            return State.DEAD
        case Unclear():
            return State.UNCLEAR


def _person(identity: Identity | None, marker: Marker) -> str | None:
    """As the journal does, so that an entry can be found; by the portal's own id where there is no name."""
    if identity is None:
        return None
    if identity.name:
        return digest(Citizen(name=identity.name, birth_date=identity.birth_date), marker.key)
    return marker.mark("\0".join((identity.subject_id or "", identity.kana or "", str(identity.birth_date or ""))))
