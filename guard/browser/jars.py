"""Which cookie jar a request belongs to, and the sessions that each jar has carried in this visit."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guard.browser.carried import Carried, carried_by, session_key
from guard.core.identity import Jar
from guard.grammar import Storage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.browser.cdp import Message, Session
    from guard.portal import Portal

SESSIONS_KEPT = 50  # per jar; a rotating session gives a new one with every answer


class Jars:
    """Learns from the browser which frame lives in which context, and from the gate what it sent of its sessions.

    That is kept in memory because a window closed by staff takes the browser's own jar with it, and the logout
    must still be possible.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._context_of: dict[str, str] = {}
        self._carried: dict[Jar, dict[str, Carried]] = {}
        self._browser = secrets.token_hex(16)
        self._default = ""
        self._unread: set[Jar] = set()
        session.on("Target.targetCreated", self._seen)
        session.on("Target.targetInfoChanged", self._seen)

    async def watch(self) -> None:
        """Start to follow targets and their contexts."""
        contexts = await self._session.send("Target.getBrowserContexts")
        self._default = contexts.get("defaultBrowserContextId", "")
        await self._session.send("Target.setDiscoverTargets", {"discover": True})

    @property
    def default_context(self) -> str:
        return self._default

    def frame_is_in(self, frame: str, context: str) -> None:
        """A page's own frames, told by the page's session."""
        self._context_of[frame] = context

    def context_of(self, frame: str) -> str:
        """Context of a frame or target; the default one where the browser does not say."""
        return self._context_of.get(frame, self._default)

    def jar_of(self, portal: str, frame: str, session: str | None) -> Jar:
        """Jar of a request. A worker names no frame: then the session that it carries tells the jar."""
        if frame not in self._context_of and session is not None:
            for jar, sessions in self._carried.items():
                if jar.portal == portal and session in sessions:
                    return jar
        return Jar(portal=portal, context=self.context_of(frame))

    def session_of(self, portal: Portal, headers: Mapping[str, str]) -> str | None:
        """Key of the session that a request with these headers carries."""
        return self._key(portal, carried_by(headers, portal.session))

    def _key(self, portal: Portal, carried: Carried) -> str | None:
        return session_key(carried, portal.session, self._browser)

    def newest(self, jar: Jar) -> Carried:
        """What the newest request of this jar carried."""
        return next(reversed(self._carried.get(jar, {}).values()), Carried())

    def newest_key(self, jar: Jar) -> str | None:
        """Key of the session that is carried now; None if none was ever."""
        return next(reversed(self._carried.get(jar, {})), None)

    def remember(self, portal: Portal, event: Message, *, ours: bool = False) -> str | None:
        """Keep what a request to a portal carries of its session; its key, if the jar had not carried it before.

        A question of the guard's own, `ours`, carries the token of a moment ago, and pages may have sent a newer one.
        """
        jar = Jar(portal=portal.name, context=self.context_of(event.get("frameId", "")))
        carried = carried_by(event["request"]["headers"], portal.session)
        key = self._key(portal, carried)
        new = None if key in self._carried.get(jar, {}) else key
        if new is not None:
            self._unread.discard(jar)  # the session that the last answer brought is in use
        self._keep(portal, jar, carried, in_use=not ours or portal.session.token is None)
        if portal.session.rotates:
            self.answer_may_bring_a_session(jar)
        return new

    def answer_may_bring_a_session(self, jar: Jar) -> None:
        """A login goes out, say: what is carried now is not the newest session until the jar is read again."""
        self._unread.add(jar)

    def is_read(self, jar: Jar) -> bool:
        """Whether the newest session of the jar is among those that it has carried."""
        return jar not in self._unread

    def _keep(self, portal: Portal, jar: Jar, carried: Carried, *, in_use: bool) -> None:
        """Keep a session as the newest; one that is known and not in use just now stays where it was."""
        key = self._key(portal, carried)
        kept = self._carried.setdefault(jar, {})
        if key is not None and (in_use or key not in kept):
            kept.pop(key, None)
            kept[key] = carried
            while len(kept) > SESSIONS_KEPT:
                del kept[next(iter(kept))]

    async def read(self, portal: Portal, jar: Jar, token: str | None = None) -> None:
        """Take the session from the browser's own jar: the last answer may have brought one that was never sent.

        `token` is what the page's storage holds for the token's header; None if it could not be read.
        """
        cookies = await self.cookies(portal, jar)
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        carried = Carried(cookie=header, token=self.newest(jar).token if token is None else token)
        self._keep(portal, jar, carried, in_use=portal.session.token is None)
        # A token that a page kept in its memory and never sent is lost with that page.
        if portal.session.token is None or token is not None or portal.session.token.storage is Storage.MEMORY:
            self._unread.discard(jar)

    async def cookies(self, portal: Portal, jar: Jar) -> dict[str, str]:
        """The portal's cookies as the browser has them now, by name; of equal names the one sent with `holder.path`."""
        where = {"browserContextId": jar.context} if jar.context != self._default else {}
        cookies = (await self._session.send("Storage.getCookies", where))["cookies"]
        ours = [each for each in cookies if _is_for(each["domain"], portal.origin)]
        ours.sort(key=lambda each: (_covers(each["path"], portal.holder.path.partition("?")[0]), len(each["path"])))
        return {each["name"]: each["value"] for each in ours}

    @property
    def visited(self) -> dict[Jar, dict[str, Carried]]:
        """Per jar that was spoken to: session key → what carried it, the newest last."""
        return self._carried

    def _seen(self, event: Message) -> None:
        info = event["targetInfo"]
        if "browserContextId" in info:
            self._context_of[info["targetId"]] = info["browserContextId"]


def _is_for(domain: str, origin: str) -> bool:
    """Whether a cookie of this domain is sent to this origin."""
    host = urlsplit(origin).hostname or ""
    return host == domain or (domain.startswith(".") and f".{host}".endswith(domain))


def _covers(cookie_path: str, path: str) -> bool:
    """Whether a cookie of this path is sent with a request to that one (RFC 6265, 5.1.4)."""
    return path == cookie_path or path.startswith(cookie_path.removesuffix("/") + "/")
