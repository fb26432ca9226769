"""Which cookie jar a request belongs to, and what each jar has carried."""

from __future__ import annotations

import pytest

from guard.browser.carried import Carried, secrets_of, session_key
from guard.browser.jars import SESSIONS_KEPT, Jars
from guard.core.identity import Jar
from guard.grammar import Session
from guard.portal import Portal
from tests.unit.browser.fake_session import FakeConnection, fake_session

POINTS = Portal.model_validate(
    {
        "name": "point",
        "title": {"ja": "ポイント", "en": "Points"},
        "origins": ["https://point.portal.example"],
        "session": {"cookies": ["sid"]},
        "holder": {"path": "/whoami", "reading": "json", "guest": "guest", "name": "name"},
    }
)


def _key(value: str) -> str | None:
    return session_key(Carried(cookie=f"sid={value}"), POINTS.session, "")


async def _jars() -> tuple[Jars, FakeConnection]:
    session, browser = fake_session()
    browser.answers["Target.getBrowserContexts"] = {"result": {"defaultBrowserContextId": "first"}}
    jars = Jars(session)
    await jars.watch()
    return jars, browser


def _sends(jars: Jars, cookie: str, frame: str = "") -> None:
    jars.remember(POINTS, {"request": {"headers": {"cookie": cookie}}, "frameId": frame})


async def test_a_frame_belongs_to_the_jar_of_its_context() -> None:
    jars, browser = await _jars()
    browser.say("Target.targetCreated", {"targetInfo": {"targetId": "tab", "browserContextId": "incognito"}})
    assert jars.jar_of("point", "tab", None) == Jar(portal="point", context="incognito")
    assert jars.jar_of("point", "nowhere", None) == Jar(portal="point", context="first")


async def test_a_worker_is_found_by_the_session_that_it_carries() -> None:
    """It names no frame; the sentinel of another jar would answer for somebody else."""
    jars, _ = await _jars()
    jars.frame_is_in("tab", "incognito")
    _sends(jars, "sid=theirs", "tab")
    assert jars.jar_of("point", "", _key("theirs")).context == "incognito"
    assert jars.jar_of("point", "", _key("unseen")).context == "first"


async def test_a_login_leaves_the_jar_unread_until_its_cookies_were_read() -> None:
    """The session that it brings stands in no request yet: a browser that ends now takes it along."""
    jars, browser = await _jars()
    jar = Jar(portal="point", context="first")
    _sends(jars, "sid=guest")
    assert jars.is_read(jar)
    jars.answer_may_bring_a_session(jar)
    assert not jars.is_read(jar)
    theirs = {"name": "sid", "value": "elsewhere", "domain": "mypage.portal.example", "path": "/"}
    cookie = {"name": "sid", "value": "fresh", "domain": "point.portal.example", "path": "/"}
    browser.answers["Storage.getCookies"] = {"result": {"cookies": [theirs, cookie]}}
    await jars.read(POINTS, jar)
    assert jars.is_read(jar)
    assert list(jars.visited[jar]) == [_key("guest"), _key("fresh")]
    assert jars.newest_key(jar) == _key("fresh")


async def test_a_login_is_read_once_a_request_carries_the_session_that_it_brought() -> None:
    """A page that never navigates tells of it by its next question; one under the old session tells nothing."""
    jars, _ = await _jars()
    jar = Jar(portal="point", context="first")
    _sends(jars, "sid=guest")
    jars.answer_may_bring_a_session(jar)
    _sends(jars, "sid=guest")
    assert not jars.is_read(jar)
    _sends(jars, "sid=fresh")
    assert jars.is_read(jar)


async def test_what_was_carried_is_kept_with_the_newest_last() -> None:
    jars, _ = await _jars()
    for value in ("a", "b", "a"):
        _sends(jars, f"sid={value}; theme=dark")
    assert jars.visited[Jar(portal="point", context="first")] == {
        _key("b"): Carried(cookie="sid=b; theme=dark"),
        _key("a"): Carried(cookie="sid=a; theme=dark"),
    }


async def test_a_rotating_session_does_not_fill_the_memory() -> None:
    jars, _ = await _jars()
    for number in range(SESSIONS_KEPT + 7):
        _sends(jars, f"sid={number}")
    carried = jars.visited[Jar(portal="point", context="first")]
    assert len(carried) == SESSIONS_KEPT
    assert list(carried)[-1] == _key(str(SESSIONS_KEPT + 6))


async def test_a_portal_that_was_spoken_to_without_session_is_remembered() -> None:
    jars, _ = await _jars()
    _sends(jars, "theme=dark")
    assert jars.visited == {Jar(portal="point", context="first"): {}}


async def test_the_browsers_own_jar_brings_the_session_that_was_never_sent() -> None:
    """Of this portal's cookies alone: a neighbour's session is none of its own."""
    jars, browser = await _jars()
    stored = [
        {"name": "sid", "value": "fresh", "domain": ".portal.example", "path": "/"},
        {"name": "sid", "value": "neighbour", "domain": "my.portal.example", "path": "/"},
        {"name": "sid", "value": "trick", "domain": ".tal.example", "path": "/"},
    ]
    browser.answers["Storage.getCookies"] = {"result": {"cookies": stored}}
    jar = Jar(portal="point", context="first")
    await jars.read(POINTS, jar)
    assert jars.visited[jar] == {_key("fresh"): Carried(cookie="sid=fresh")}


@pytest.mark.parametrize("query", ["", "?do=who", "?next=/administration/"])
@pytest.mark.parametrize("order", [1, -1])
async def test_of_two_cookies_of_one_name_the_one_that_the_holder_is_asked_with_is_the_session(
    order: int, query: str
) -> None:
    """The browser tells them in no order, and sends each to its own path alone."""
    jars, browser = await _jars()
    paths = ("/", "/who", "/whoami", "/administration")
    stored = [{"name": "sid", "value": path, "domain": ".portal.example", "path": path} for path in paths]
    browser.answers["Storage.getCookies"] = {"result": {"cookies": stored[::order]}}
    assert POINTS.holder.path == "/whoami"
    asked = POINTS.model_copy(update={"holder": POINTS.holder.model_copy(update={"path": f"/whoami{query}"})})
    assert await jars.cookies(asked, Jar(portal="point", context="first")) == {"sid": "/whoami"}


BEARER = POINTS.model_copy(update={"session": Session.model_validate({"token": {"storage": "session", "key": "t"}})})


def _sends_token(jars: Jars, token: str, *, ours: bool = False) -> None:
    jars.remember(BEARER, {"request": {"headers": {"Authorization": f"Bearer {token}"}}, "frameId": ""}, ours=ours)


async def test_what_the_guard_asked_a_moment_ago_does_not_pass_for_the_newest_token() -> None:
    """The page renews its token while the guard asks under the old one; the next question must be under the new."""
    jars, browser = await _jars()
    jar = Jar(portal="point", context="first")
    browser.answers["Storage.getCookies"] = {"result": {"cookies": []}}
    for token in ("old", "renewed"):
        _sends_token(jars, token)
    _sends_token(jars, "old", ours=True)
    assert secrets_of(jars.newest(jar), BEARER.session) == ["renewed"]
    await jars.read(BEARER, jar, "Bearer old")
    assert secrets_of(jars.newest(jar), BEARER.session) == ["renewed"]
    await jars.read(BEARER, jar, "Bearer from the storage")
    assert secrets_of(jars.newest(jar), BEARER.session) == ["from the storage"]
