"""What the gate does with each request that the browser shows it."""

from __future__ import annotations

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guard.browser.gate import GUARD_HOST, Gate
from guard.browser.jars import Jars
from guard.browser.profile import is_download
from guard.core.payload import FieldKind, Payload, Value
from guard.core.submission import Channel, RequestClass
from guard.portal import Portal
from tests.unit.browser.fake_session import fake_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.browser.cdp import Message
    from guard.core.identity import Jar
    from guard.core.submission import Submission


def _portal(**changes: object) -> Portal:
    described: dict[str, object] = {
        "name": "point",
        "title": {"ja": "ポイント", "en": "Points"},
        "origins": ["https://point.example"],
        "session": {"cookies": ["sid"]},
        "holder": {"path": "/whoami", "reading": "json", "guest": "guest", "name": "name"},
        "requests": {
            "login": [{"method": "GET", "path": "/callback"}],
            "logout": [{"method": "POST", "path": "/logout"}],
            "harmless": [{"method": "POST", "path": "/search"}],
            "submission": [{"method": "GET", "path": "/apply/.*"}],
        },
    }
    return Portal.model_validate(described | changes)


class _Pages:
    def start(self) -> str:
        return "start"

    def open_a_visit_first(self) -> str:
        return "open a visit first"

    def unknown_site(self, host: str) -> str:
        return f"unknown {host}"


class _Desk:
    """A gate with everything around it noted."""

    def __init__(self, portal: Portal) -> None:
        session, self.browser = fake_session()
        self.held: list[Submission] = []
        self.withdrawn: list[str] = []
        self.passed: list[tuple[str, str, str]] = []
        self.jars = Jars(session)
        self.answered: list[tuple[Submission, Callable[[], None]]] = []
        self.new_sessions: list[tuple[Jar, str]] = []
        self.gate = Gate(
            session,
            generation=3,
            portals=(portal,),
            jars=self.jars,
            pages=_Pages(),
            on_held=self.held.append,
            on_withdrawn=self.withdrawn.append,
            on_passed=lambda *passed: self.passed.append(passed),
            on_answered=lambda submission, go_on: self.answered.append((submission, go_on)),
            on_new_session=lambda jar, session: self.new_sessions.append((jar, session)),
            is_download=partial(is_download, Path("/p")),
        )

    def pause(self, method: str, url: str, kind: str = "Document", **headers: str) -> None:
        request = {"method": method, "url": url, "headers": headers}
        event = {"requestId": "r1", "request": request, "resourceType": kind, "frameId": "f1"}
        self.browser.say("Fetch.requestPaused", event)

    @property
    def answer(self) -> str:
        """What was done with the request that was paused last."""
        method, params = self.browser.sent[-1]
        if method == "Fetch.fulfillRequest":
            return base64.b64decode(params["body"]).decode()
        return method.removeprefix("Fetch.")


@pytest.fixture
def desk() -> _Desk:
    return _Desk(_portal())


def _in_loop(act: Callable[[], None]) -> None:
    """Holding takes the time from the running loop; in a thread, as sync Playwright's loop may run in this one."""

    async def run() -> None:
        act()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()


@pytest.mark.parametrize("admitting", [False, True])
@pytest.mark.parametrize(
    ("method", "url", "request_class"),
    [
        ("POST", "https://point.example/x", RequestClass.SUBMISSION),
        ("delete", "https://point.example/x", RequestClass.SUBMISSION),
        ("BREW", "https://point.example/x", RequestClass.SUBMISSION),
        ("POST", "https://point.example:8443/x", RequestClass.FOREIGN),
        ("GET", "https://point.example/apply/1", RequestClass.SUBMISSION),
        ("GET", "https://point.example/callback", RequestClass.LOGIN),
        ("POST", "https://point.example/logout", RequestClass.LOGOUT),
        ("POST", "https://point.example/search", RequestClass.HARMLESS),
        ("POST", "https://elsewhere.example/x", RequestClass.FOREIGN),
        ("POST", "http://point.example/x", RequestClass.FOREIGN),
        ("POST", "https://user:pw@point.example/x", RequestClass.SUBMISSION),
    ],
)
def test_what_can_submit_is_held_at_any_time(
    method: str,
    url: str,
    request_class: RequestClass,
    admitting: bool,  # noqa: FBT001  # pytest names it
    desk: _Desk,
) -> None:
    """Whether it may go is the core's to say, with a visit or without."""
    if admitting:
        desk.gate.admit()
    _in_loop(lambda: desk.pause(method, url, Cookie="sid=abc"))
    (held,) = desk.held
    assert (held.request_class, held.method, held.generation) == (request_class, method.upper(), 3)
    assert desk.browser.sent == []


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("Document", Channel.DOCUMENT),
        ("Ping", Channel.PING),
        ("CSPViolationReport", Channel.REPORT),
        ("Image", Channel.OTHER),
    ],
)
def test_a_held_request_names_its_channel_and_neither_query_nor_cookie(
    kind: str, channel: Channel, desk: _Desk
) -> None:
    before = datetime.now().astimezone()
    _in_loop(lambda: desk.pause("POST", "https://point.example/x?mynumber=secret", kind, Cookie="sid=token"))
    assert desk.held[0].time is not None
    assert before <= desk.held[0].time <= datetime.now().astimezone()
    assert (desk.held[0].channel, desk.held[0].path) == (channel, "/x")
    assert "token" not in repr(desk.held[0])
    assert "secret" not in repr(desk.held[0])


@pytest.mark.parametrize(
    ("url", "kind", "before", "within"),
    [
        ("https://point.example/", "Document", "open a visit first", "continueRequest"),
        ("https://point.example/", "XHR", "failRequest", "continueRequest"),
        ("https://elsewhere.example/", "Document", "open a visit first", "unknown elsewhere.example"),
        ("https://elsewhere.example/font", "Other", "failRequest", "continueRequest"),
        (f"https://{GUARD_HOST}/", "Document", "start", "start"),
        ("blob:https://point.example/1", "Other", "continueRequest", "continueRequest"),
        ("ftp://elsewhere.example/", "Document", "unknown ftp:", "unknown ftp:"),
        ("file:///etc/passwd", "Document", "unknown file:", "unknown file:"),
        ("file:///etc/passwd", "XHR", "failRequest", "failRequest"),
    ],
)
def test_reading_is_open_within_a_visit_alone(url: str, kind: str, before: str, within: str, desk: _Desk) -> None:
    desk.pause("GET", url, kind)
    assert desk.answer == before
    desk.gate.admit()
    desk.pause("GET", url, kind)
    assert desk.answer == within
    desk.gate.refuse()
    desk.pause("GET", url, kind)
    assert desk.answer == before
    assert desk.held == []


def test_a_release_pins_the_cookies_that_were_sighted(desk: _Desk) -> None:
    _in_loop(lambda: desk.pause("POST", "https://point.example/x", Cookie="sid=abc", Accept="*/*"))
    desk.gate.release(desk.held[0])
    pinned = [{"name": "Cookie", "value": "sid=abc"}, {"name": "Accept", "value": "*/*"}]
    sent = {"requestId": "r1", "interceptResponse": True, "headers": pinned}
    assert desk.browser.sent == [("Fetch.continueRequest", sent)]
    with pytest.raises(KeyError):
        desk.gate.release(desk.held[0])  # nothing is answered twice


def test_a_rotating_session_is_left_to_the_jar() -> None:
    """The sighting itself has brought a new session; the pinned one would be dead."""
    desk = _Desk(_portal(session={"cookies": ["sid"], "rotates": True}))
    _in_loop(lambda: desk.pause("GET", "https://point.example/apply/1", Cookie="sid=abc"))
    desk.gate.release(desk.held[0])
    assert desk.browser.sent == [("Fetch.continueRequest", {"requestId": "r1"})]


@pytest.mark.parametrize(
    ("method", "path", "waited_for"),
    [("GET", "/callback", True), ("POST", "/logout", True), ("POST", "/x", True), ("POST", "/search", False)],
)
@pytest.mark.parametrize("answer", [{"responseStatusCode": 303}, {"responseErrorReason": "Failed"}])
def test_it_is_told_when_a_request_that_may_change_the_holder_is_answered(
    method: str,
    path: str,
    waited_for: bool,  # noqa: FBT001  # pytest names it
    answer: Message,
    desk: _Desk,
) -> None:
    """Until then the portal may say whom it had logged in before; whoever is told lets the answer go on."""
    _in_loop(lambda: desk.pause(method, f"https://point.example{path}"))
    desk.gate.release(desk.held[0])
    assert desk.browser.sent[-1][1].get("interceptResponse", False) is waited_for
    request = {"method": method, "url": f"https://point.example{path}", "headers": {}}
    desk.browser.say("Fetch.requestPaused", {"requestId": "r1", "request": request, "frameId": "f1", **answer})
    assert [submission for submission, _ in desk.answered] == ([desk.held[0]] if waited_for else [])
    for _, go_on in desk.answered:
        assert len(desk.browser.sent) == 1
        go_on()
    assert desk.browser.sent[1:] == [("Fetch.continueRequest", {"requestId": "r1"})]
    assert len(desk.held) == 1


FIELDS = [{"path": "/x", "name": "payment_id", "kind": "payment_id"}]


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("/x", Payload(values=(Value(kind=FieldKind.PAYMENT_ID, text="SP10010001"),))),
        ("/y", None),
        ("/logout", None),
        ("/search", None),
    ],
)
def test_a_held_submission_carries_what_its_profile_declares_and_nothing_else(
    path: str, payload: Payload | None
) -> None:
    """The rest of the form stays with the browser."""
    desk = _Desk(_portal(fields=FIELDS))
    body = base64.b64encode(b"payment_id=sp1001+0001&name=secret").decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = {
        "method": "POST",
        "url": f"https://point.example{path}",
        "headers": headers,
        "postDataEntries": [{"bytes": body}],
    }
    event = {"requestId": "r1", "request": request, "resourceType": "Document", "frameId": "f1"}
    _in_loop(lambda: desk.browser.say("Fetch.requestPaused", event))
    assert desk.held[0].payload == payload


def test_a_path_with_declared_fields_is_never_harmless() -> None:
    """Whoever declares fields there does not mean it to go unchecked."""
    desk = _Desk(_portal(fields=[{**FIELDS[0], "path": "/search"}]))
    _in_loop(lambda: desk.pause("POST", "https://point.example/search"))
    assert (desk.held[0].request_class, desk.held[0].payload) == (RequestClass.SUBMISSION, Payload(readable=False))


BY_QUERY = {
    "requests": {
        "logout": [{"method": "GET", "path": "/do", "query": {"do": "logout"}}],
        "harmless": [{"path": "/do", "query": {"do": "search"}}],
        "submission": [{"method": "GET", "path": "/do", "query": {"do": "submit"}}],
    },
    "fields": [{**FIELDS[0], "path": "/do", "query": {"do": "submit"}}],
}
"""A portal that does everything at one path."""


@pytest.mark.parametrize(
    ("method", "query", "request_class"),
    [
        ("GET", "x=1&do=submit", RequestClass.SUBMISSION),
        ("GET", "do=view&do=submit", RequestClass.SUBMISSION),
        ("GET", "do=logout", RequestClass.LOGOUT),
        ("POST", "do=search", RequestClass.HARMLESS),
        ("POST", "do=search&do=submit", RequestClass.SUBMISSION),
    ],
)
@pytest.mark.parametrize("kind", ["Document", "Image", "Font", "Fetch"])
def test_requests_to_one_path_are_held_by_their_parameters(
    method: str, query: str, request_class: RequestClass, kind: str
) -> None:
    desk = _Desk(_portal(**BY_QUERY))
    _in_loop(lambda: desk.pause(method, f"https://point.example/do?{query}", kind))
    (held,) = desk.held
    assert (held.request_class, held.path, held.has_query) == (request_class, "/do", True)
    assert query not in repr(held)


@pytest.mark.parametrize("query", ["", "?", "?do=view", "?q=do%3Dsubmit", "#?do=submit"])
def test_what_no_parameter_makes_a_submission_goes_on(query: str) -> None:
    desk = _Desk(_portal(**BY_QUERY))
    desk.gate.admit()
    desk.pause("GET", f"https://point.example/do{query}")
    assert (desk.held, desk.answer) == ([], "continueRequest")
    assert desk.passed == [("point", "GET", "/do")]


@pytest.mark.parametrize(
    ("query", "payload"),
    [
        ("do=submit&payment_id=sp1", Payload(values=(Value(kind=FieldKind.PAYMENT_ID, text="SP1"),))),
        ("do=submit", Payload(readable=False)),
        ("do=other&do=submit&payment_id=sp1", Payload(values=(Value(kind=FieldKind.PAYMENT_ID, text="SP1"),))),
    ],
)
def test_a_field_of_one_parameter_is_read_where_that_parameter_is(query: str, payload: Payload) -> None:
    desk = _Desk(_portal(**BY_QUERY))
    _in_loop(lambda: desk.pause("GET", f"https://point.example/do?{query}"))
    assert desk.held[0].payload == payload


def test_a_field_of_one_parameter_is_not_missed_where_another_one_is() -> None:
    desk = _Desk(_portal(**BY_QUERY))
    _in_loop(lambda: desk.pause("POST", "https://point.example/do?do=other"))
    assert (desk.held[0].request_class, desk.held[0].payload) == (RequestClass.SUBMISSION, None)


def test_a_stop_aborts_so_that_the_form_stays(desk: _Desk) -> None:
    _in_loop(lambda: desk.pause("POST", "https://point.example/x"))
    desk.gate.stop(desk.held[0])
    assert desk.browser.sent == [("Fetch.failRequest", {"requestId": "r1", "errorReason": "Aborted"})]
    assert desk.withdrawn == []


@pytest.mark.parametrize("answer", ["release", "stop"])
def test_a_request_that_vanished_is_withdrawn(answer: str, desk: _Desk) -> None:
    _in_loop(lambda: desk.pause("POST", "https://point.example/x"))
    for method in ("Fetch.continueRequest", "Fetch.failRequest"):
        desk.browser.answers[method] = {"error": {"message": "Invalid InterceptionId."}}
    getattr(desk.gate, answer)(desk.held[0])
    assert desk.withdrawn == [desk.held[0].id]


def test_a_scripts_question_under_a_new_session_tells_of_a_login(desk: _Desk) -> None:
    """A page that never navigates has no other way to tell; what is held, and a new document, are looked at anyway."""
    desk.gate.admit()
    desk.pause("GET", "https://point.example/", Cookie="sid=anonymous")
    _in_loop(lambda: desk.pause("POST", "https://point.example/apply", "Fetch", Cookie="sid=held"))
    assert desk.new_sessions == []
    desk.pause("GET", "https://point.example/whoami", "Fetch", Cookie="sid=abc")
    desk.pause("GET", "https://point.example/whoami", "Fetch", Cookie="sid=abc")
    desk.pause("GET", "https://point.example/whoami", "XHR", Cookie="theme=dark")
    assert [jar.portal for jar, _session in desk.new_sessions] == ["point"]


def test_a_frame_of_the_sentinel_is_left_to_it(desk: _Desk) -> None:
    """Even a POST: the farewell logs out by it."""
    seen: list[Message] = []
    desk.gate.leave_to("f1", seen.append)
    desk.pause("POST", "https://point.example/logout")
    assert len(seen) == 1
    assert (desk.held, desk.browser.sent) == ([], [])


KEPT = {"session": {"browser_keeps": True}, "max_age": 0}
"""A portal whose login the browser keeps to itself."""


def test_the_guards_own_question_makes_nobody_a_visitor_where_the_browser_keeps_the_login() -> None:
    """Each handover asks such portals in the next browser; one that is down must not count as visited there."""
    desk = _Desk(_portal(**KEPT))
    desk.gate.leave_to("f1", lambda _: None)
    desk.pause("GET", "https://point.example/whoami", "Fetch")
    assert desk.jars.visited == {}
    people = _Desk(_portal(**KEPT))
    people.pause("GET", "https://somebody:secret@point.example/")
    assert [jar.portal for jar in people.jars.visited] == ["point"]


@pytest.mark.parametrize(("frame", "response"), [("f1", "CancelAuth"), ("f2", "Default")])
def test_people_are_asked_for_a_password_and_the_sentinel_never_is(frame: str, response: str) -> None:
    """Trap 11: a dialog that nobody sees would hold up every question."""
    desk = _Desk(_portal(**KEPT))
    desk.gate.leave_to("f1", lambda _: None)
    desk.browser.say("Fetch.authRequired", {"requestId": "r1", "frameId": frame})
    assert desk.browser.sent == [
        ("Fetch.continueWithAuth", {"requestId": "r1", "authChallengeResponse": {"response": response}})
    ]


async def test_images_are_paused_only_where_a_profile_declares_reading_submissions() -> None:
    """F10: pausing everything costs time on each page."""

    async def patterns(portal: Portal) -> list[Message]:
        desk = _Desk(portal)
        await desk.gate.close_on_everything()
        ((_, params),) = desk.browser.sent
        return [one for one in params["patterns"] if "resourceType" not in one]

    assert await patterns(_portal()) == [{"urlPattern": "https://point.example/*"}]
    assert await patterns(_portal(requests={})) == []


def test_a_page_that_only_reads_is_told_of_when_it_is_let_through(desk: _Desk) -> None:
    """Whoever tries a new profile sees what the guard takes for reading."""
    desk.gate.admit()

    desk.pause("GET", "https://point.example/apply?secret=1")
    desk.pause("GET", "https://point.example/data", kind="XHR")

    assert desk.passed == [("point", "GET", "/apply")]


@pytest.mark.parametrize(
    ("url", "kind", "answer"),
    [
        ("file:///p/downloads/%E7%94%B3%E8%BE%BC%E6%8E%A7%E3%81%88.pdf", "Document", "continueRequest"),
        ("file:///p/downloads/receipt.html", "XHR", "failRequest"),
        ("file:///p/downloads/", "Document", "unknown file:"),
        ("file:///p/downloads/%2e%2e", "Document", "unknown file:"),
        ("file:///p/downloads/a/receipt.pdf", "Document", "unknown file:"),
        ("file:///p/downloads/../Default/Cookies", "Document", "unknown file:"),
        ("file:///p/downloads/%2e%2e/Default/Cookies", "Document", "unknown file:"),
        ("file:///p/downloads/%2e%2e%2fLocal%20State", "Document", "unknown file:"),
        ("file:///p/Default/Cookies", "Document", "unknown file:"),
        ("file://elsewhere/p/downloads/receipt.pdf", "Document", "unknown file:"),
    ],
)
def test_a_receipt_is_opened_while_a_visit_is_open_and_no_other_file(
    desk: _Desk, url: str, kind: str, answer: str
) -> None:
    """To be printed and handed over; the next citizen's browser has another folder."""
    desk.pause("GET", url, kind)
    assert desk.answer in {"unknown file:", "failRequest"}
    desk.gate.admit()
    desk.pause("GET", url, kind)
    assert desk.answer == answer
    desk.gate.refuse()
    desk.pause("GET", url, kind)
    assert desk.answer in {"unknown file:", "failRequest"}
