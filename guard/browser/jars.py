"""Which cookie jar a request belongs to, and the sessions that each jar has carried in this visit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guard.browser.session_key import parse_cookie_header, session_key
from guard.core.identity import Jar

if TYPE_CHECKING:
    from guard.browser.cdp import Message, Session
    from guard.portal import Portal

SESSIONS_KEPT = 50  # per jar; a rotating session gives a new one with every answer


class Jars:
    """Learns from the browser which frame lives in which context, and from the gate which cookies it sent.

    The cookies are kept in memory because a window closed by staff takes the browser's own jar with it,
    and the logout must still be possible.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._context_of: dict[str, str] = {}
        self._carried: dict[Jar, dict[str, str]] = {}
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

    def remember(self, portal: Portal, event: Message) -> None:
        """Keep the session cookies that a request to a portal carries."""
        headers = event["request"]["headers"]
        header = next((value for name, value in headers.items() if name.lower() == "cookie"), "")
        jar = Jar(portal=portal.name, context=self.context_of(event.get("frameId", "")))
        self._keep(portal, jar, header)
        if portal.session.rotates:
            self.answer_may_bring_a_session(jar)

    def answer_may_bring_a_session(self, jar: Jar) -> None:
        """A login goes out, say: what is carried now is not the newest session until the jar is read again."""
        self._unread.add(jar)

    def is_read(self, jar: Jar) -> bool:
        """Whether the newest session of the jar is among those that it has carried."""
        return jar not in self._unread

    def _keep(self, portal: Portal, jar: Jar, header: str) -> None:
        key = session_key(parse_cookie_header(header), portal.session.cookies)
        carried = self._carried.setdefault(jar, {})
        if key is not None:
            carried.pop(key, None)
            carried[key] = header
            while len(carried) > SESSIONS_KEPT:
                del carried[next(iter(carried))]

    async def read(self, portal: Portal, jar: Jar) -> None:
        """Take the session from the browser's own jar: the last answer may have brought one that was never sent."""
        where = {"browserContextId": jar.context} if jar.context != self._default else {}
        cookies = (await self._session.send("Storage.getCookies", where))["cookies"]
        sent_here = [cookie for cookie in cookies if _is_for(cookie["domain"], portal.origin)]
        self._keep(portal, jar, "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in sent_here))
        self._unread.discard(jar)

    @property
    def visited(self) -> dict[Jar, dict[str, str]]:
        """Per jar that was spoken to: session key → `Cookie` header, the newest last."""
        return self._carried

    def _seen(self, event: Message) -> None:
        info = event["targetInfo"]
        if "browserContextId" in info:
            self._context_of[info["targetId"]] = info["browserContextId"]


def _is_for(domain: str, origin: str) -> bool:
    """Whether a cookie of this domain is sent to this origin."""
    host = urlsplit(origin).hostname or ""
    return host == domain or (domain.startswith(".") and f".{host}".endswith(domain))
