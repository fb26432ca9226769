"""A session is named by a digest of its cookies."""

from __future__ import annotations

import pytest

from guard.browser.carried import Carried, carried_by, parse_cookie_header, secrets_of, session_key
from guard.grammar import Session

COOKIE = Session(cookies=("sid",))
TWO = Session(cookies=("x", "y"))
BEARER = Session.model_validate({"token": {}})
BASIC = Session(browser_keeps=True)


def _key(cookie: str, session: Session = COOKIE) -> str | None:
    return session_key(Carried(cookie=cookie), session, "browser 1")


def test_the_first_of_two_equal_names_counts() -> None:
    """The browser sends the cookie of the longer path first, and servers take that one."""
    assert parse_cookie_header("sid=near; theme=dark; sid=far") == {"sid": "near", "theme": "dark"}


def test_what_is_no_cookie_is_left_out() -> None:
    assert parse_cookie_header(None) == parse_cookie_header("") == parse_cookie_header("broken; ;") == {}
    assert parse_cookie_header("token=a=b==") == {"token": "a=b=="}


def test_without_session_cookies_there_is_no_session() -> None:
    """An emptied cookie is none: portals log out by clearing it."""
    assert _key("theme=dark") is None
    assert _key("sid=") is None


def test_other_cookies_do_not_change_the_session() -> None:
    assert _key("sid=a; theme=dark") == _key("sid=a")


@pytest.mark.parametrize(("x", "y"), [("ab", "c"), ("a", "bc"), ("c", "ab"), ("abc", ""), ("", "abc"), ("aby", "c")])
def test_no_shifting_of_characters_makes_two_sessions_alike(x: str, y: str) -> None:
    """A key stands for all values together with the names that they belong to."""
    pairs = [("ab", "c"), ("a", "bc"), ("c", "ab"), ("abc", ""), ("", "abc"), ("aby", "c")]
    keys = [_key(f"x={one}; y={other}", TWO) for one, other in pairs]
    assert keys.count(_key(f"y={y}; x={x}", TWO)) == 1


def test_a_key_does_not_hold_the_cookie() -> None:
    assert "secret-value" not in str(_key("sid=secret-value"))


def test_a_bearer_token_is_a_session_whatever_cookies_travel_along() -> None:
    """The header's name is read in any case; another scheme in it is no token."""
    one = carried_by({"authorization": "Bearer one", "Cookie": "theme=dark"}, BEARER)
    alone = carried_by({"Authorization": "Bearer one"}, BEARER)
    assert session_key(one, BEARER, "browser 1") == session_key(alone, BEARER, "browser 2")
    assert secrets_of(one, BEARER) == ["one"]
    assert session_key(carried_by({"Authorization": "Basic one"}, BEARER), BEARER, "browser 1") is None


def test_a_login_that_the_browser_keeps_is_another_session_in_the_next_browser() -> None:
    """No request shows it; the same person's login before and after a handover must not look alike."""
    assert session_key(Carried(), BASIC, "browser 1") == session_key(Carried(), BASIC, "browser 1")
    assert session_key(Carried(), BASIC, "browser 1") != session_key(Carried(), BASIC, "browser 2")


def test_what_was_carried_does_not_show_in_a_log_line() -> None:
    assert "secret" not in repr(carried_by({"Cookie": "sid=secret", "Authorization": "Bearer secret"}, BEARER))
