"""The gate: the one place where submissions are held, for every window, frame and worker of a browser.

It is a browser-level `Fetch` session, on before the first document exists, and never detached: detaching
would send every held request, so the browser is ended first.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from guard.browser.payload import read_payload
from guard.core.submission import Channel, RequestClass, Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from guard.browser.cdp import Message, Session
    from guard.browser.jars import Jars
    from guard.core.identity import Jar
    from guard.core.payload import Payload
    from guard.portal import Asked, Portal

HELD_TYPES = {
    "Document": Channel.DOCUMENT,
    "XHR": Channel.XHR,
    "Fetch": Channel.FETCH,
    "Ping": Channel.PING,
    "Other": Channel.OTHER,
    "CSPViolationReport": Channel.REPORT,
}
"""Resource types that can submit; images, styles and scripts run free, which is what keeps the gate fast."""

VANISHED = "Invalid InterceptionId"
"""What the browser answers for a held request that it no longer knows."""

GUARD_HOST = "madoguchi-guard.invalid"
"""Pages of the guard's own, answered here and never sent anywhere."""

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WEB_SCHEMES = frozenset({"http", "https"})
INNER_SCHEMES = frozenset({"about", "blob", "chrome", "chrome-error", "chrome-extension", "data", "devtools", "edge"})


class GatePages(Protocol):
    """What the gate answers instead of letting a navigation out."""

    def start(self) -> str: ...
    def open_a_visit_first(self) -> str: ...
    def unknown_site(self, host: str) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A request that waits at the gate, with what must never reach the core."""

    submission: Submission
    request_id: str
    headers: tuple[tuple[str, str], ...]
    rotates: bool


class Gate:
    """Holds what can submit, answers what must not leave, and lets the rest go on at once."""

    def __init__(  # the gate stands where all of these meet
        self,
        session: Session,
        *,
        generation: int,
        portals: Sequence[Portal],
        jars: Jars,
        pages: GatePages,
        on_held: Callable[[Submission], None],
        on_withdrawn: Callable[[str], None],
        on_passed: Callable[[str, str, str], None],
        on_answered: Callable[[Submission, Callable[[], None]], None],
        on_new_session: Callable[[Jar, str], None],
        is_download: Callable[[str], bool],
    ) -> None:
        self._session = session
        self._generation = generation
        self._by_origin = {origin: portal for portal in portals for origin in portal.origins}
        self._jars = jars
        self._pages = pages
        self._on_held = on_held
        self._on_withdrawn = on_withdrawn
        self._on_passed = on_passed
        self._on_answered = on_answered
        self._unanswered: dict[str, Submission] = {}
        self._on_new_session = on_new_session
        self._is_download = is_download
        self._held: dict[str, Held] = {}
        self._own_frames: dict[str, Callable[[Message], None]] = {}
        self._last_number = 0
        self._admitting = False
        self._too_early: set[str] = set()
        self._asks_for_passwords = any(portal.session.browser_keeps for portal in portals)
        session.on("Fetch.requestPaused", self._paused)
        session.on("Fetch.authRequired", self._asked_for_a_password)

    async def close_on_everything(self) -> None:
        """Put the gate on. Must be done before the first document exists."""
        patterns = [{"resourceType": kind} for kind in HELD_TYPES]
        declared = [
            {"urlPattern": f"{origin}/*"}
            for origin, portal in self._by_origin.items()
            if any(rule.method == "GET" for rule in portal.requests.submission)  # as an image or a script, too
        ]
        enabled = {"patterns": [*patterns, *declared], "handleAuthRequests": self._asks_for_passwords}
        await self._session.send("Fetch.enable", enabled)

    def admit(self) -> frozenset[str]:
        """A visit is open: let reading requests to portals pass. Returns the frames that asked for a page too early."""
        self._admitting = True
        return frozenset(self._too_early)

    def refuse(self) -> None:
        """No visit is open any more: let nothing pass but what the core releases."""
        self._admitting = False

    def leave_to(self, frame: str, owner: Callable[[Message], None]) -> None:
        """Requests of this frame belong to the sentinel, which answers each of them itself."""
        self._own_frames[frame] = owner

    def release(self, submission: Submission) -> None:
        """Send a held request with exactly the cookies that were sighted.

        A portal that rotates its session gave the sentinel a new one just now, and the sighted one is dead;
        there the browser sends what its jar holds.
        """
        held = self._held.pop(submission.id)
        params: Message = {"requestId": held.request_id}
        if submission.may_change_holder:  # its answer is paused, too: only then is it certain who is logged in
            self._unanswered[held.request_id] = submission
            params["interceptResponse"] = True
        if not held.rotates and any(name.lower() == "cookie" for name, _ in held.headers):
            params["headers"] = [{"name": name, "value": value} for name, value in held.headers]
        self._session.post("Fetch.continueRequest", params, self._withdrawn_on_error(submission.id))

    def stop(self, submission: Submission) -> None:
        """Abort a held request, which leaves the filled form in place."""
        held = self._held.pop(submission.id)
        params = {"requestId": held.request_id, "errorReason": "Aborted"}
        self._session.post("Fetch.failRequest", params, self._withdrawn_on_error(submission.id))

    def _withdrawn_on_error(self, submission_id: str) -> Callable[[Message], None]:
        """A held request vanishes with its page; the browser then knows it no more, and nothing was sent."""

        def reply(answer: Message) -> None:
            if VANISHED in answer.get("error", {}).get("message", ""):  # not so when the browser itself is gone
                self._on_withdrawn(submission_id)

        return reply

    def _answered(self, event: Message) -> None:
        submission = self._unanswered.pop(event["requestId"], None)
        if submission is None:
            self.let(event)
        else:
            self._on_answered(submission, partial(self.let, event))

    def _paused(self, event: Message) -> None:
        if _is_answer(event):
            self._answered(event)
            return
        url = urlsplit(event["request"]["url"])
        origin = origin_of(event["request"]["url"])
        portal = self._by_origin.get(origin)
        owner = self._own_frames.get(event.get("frameId", ""))
        new_session = self._remember(event, portal)
        if owner is not None:
            owner(event)
        elif url.hostname == GUARD_HOST:
            self._show(event, self._pages.start())
        elif url.scheme not in WEB_SCHEMES:
            self._inner(event, url.scheme)
        else:
            asked = event["request"]["method"].upper(), url.path or "/", url.query
            self._web(event, portal, url.hostname or origin, asked)
            if portal is not None and new_session is not None and self._tells_of_a_login(event, portal, asked):
                self._on_new_session(self._jar(event, portal, new_session), new_session)

    def _remember(self, event: Message, portal: Portal | None) -> str | None:
        """Key of the session that a request carries, if it is a new one."""
        ours = event.get("frameId", "") in self._own_frames
        # The sentinel's question carries nothing of a login that the browser keeps: it makes nobody a visitor.
        if portal is None or (ours and portal.session.browser_keeps):
            return None
        return self._jars.remember(portal, event, ours=ours)

    def _web(self, event: Message, portal: Portal | None, host: str, asked: Asked) -> None:
        method, path, _ = asked
        if portal is not None:
            request_class = portal.classify(*asked)
        else:
            request_class = None if method in READING_METHODS else RequestClass.FOREIGN
        if request_class is not None:
            self._hold(event, portal, request_class, asked)
        elif not self._admitting:
            self._too_early.add(event.get("frameId", ""))
            self._turn_away(event, self._pages.open_a_visit_first())
        elif portal is None and event["resourceType"] == "Document":
            self._show(event, self._pages.unknown_site(host))
        else:
            if portal is not None and event["resourceType"] == "Document":
                self._on_passed(portal.name, method, path)
            self.let(event)

    @staticmethod
    def _tells_of_a_login(event: Message, portal: Portal, asked: Asked) -> bool:
        """A script's question under a new session. What is held is looked at anyway, and a new document reports."""
        return event["resourceType"] != "Document" and portal.classify(*asked) is None

    def _hold(self, event: Message, portal: Portal | None, request_class: RequestClass, asked: Asked) -> None:
        method, path, query = asked
        self._last_number += 1
        headers = event["request"]["headers"]
        session = self._jars.session_of(portal, headers) if portal else None
        submission = Submission(
            id=f"{self._generation}-{self._last_number}",
            jar=self._jar(event, portal, session),
            request_class=request_class,
            declared=portal is not None and portal.names(*asked),
            channel=HELD_TYPES.get(event["resourceType"], Channel.OTHER),
            method=method,
            path=path,
            has_query=bool(query),
            session=session,
            generation=self._generation,
            payload=_payload(event, portal, request_class, asked),
            held_at=asyncio.get_running_loop().time(),
            time=datetime.now().astimezone(),
        )
        rotates = portal is not None and portal.session.rotates
        self._held[submission.id] = Held(
            submission=submission,
            request_id=event["requestId"],
            headers=tuple(headers.items()),
            rotates=rotates,
        )
        self._on_held(submission)

    def _jar(self, event: Message, portal: Portal | None, session: str | None) -> Jar:
        return self._jars.jar_of(portal.name if portal else "", event.get("frameId", ""), session)

    def _inner(self, event: Message, scheme: str) -> None:
        if scheme in INNER_SCHEMES or (scheme == "file" and self._may_be_read(event)):
            self.let(event)
        else:
            self._turn_away(event, self._pages.unknown_site(f"{scheme}:"))

    def _may_be_read(self, event: Message) -> bool:
        """A receipt that was saved in this visit, opened as a page, to be shown or printed."""
        return self._admitting and event["resourceType"] == "Document" and self._is_download(event["request"]["url"])

    def _asked_for_a_password(self, event: Message) -> None:
        """People get the browser's own dialog; the sentinel has no password, and nobody to ask for one."""
        response = "CancelAuth" if event.get("frameId", "") in self._own_frames else "Default"
        answer = {"requestId": event["requestId"], "authChallengeResponse": {"response": response}}
        self._session.post("Fetch.continueWithAuth", answer)

    def _turn_away(self, event: Message, page: str) -> None:
        if event["resourceType"] == "Document":
            self._show(event, page)
        else:
            self._session.post("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})

    def let(self, event: Message) -> None:
        """Let a paused request or answer go on as it is."""
        self._session.post("Fetch.continueRequest", {"requestId": event["requestId"]})

    def _show(self, event: Message, page: str) -> None:
        self._session.post("Fetch.fulfillRequest", html_answer(event["requestId"], page))


def _payload(event: Message, portal: Portal | None, request_class: RequestClass, asked: Asked) -> Payload | None:
    if portal is None or request_class is not RequestClass.SUBMISSION:
        return None
    _, path, query = asked
    return read_payload(portal.declared(path, query), event["request"])


def _is_answer(event: Message) -> bool:
    return "responseStatusCode" in event or "responseErrorReason" in event


def origin_of(address: str) -> str:
    """Scheme, host and port; without user and password, which an address may keep for as long as its page is open."""
    url = urlsplit(address)
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.hostname}{port}"


def html_answer(request_id: str, page: str, policy: str = "default-src 'none'; style-src 'unsafe-inline'") -> Message:
    """Parameters of `Fetch.fulfillRequest` for a page of the guard's own, kept by no cache."""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
    }
    return {
        "requestId": request_id,
        "responseCode": 200,
        "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
        "body": base64.b64encode(page.encode()).decode(),
    }
