"""A session is named by a digest of its cookies."""

from __future__ import annotations

import pytest

from guard.browser.session_key import parse_cookie_header, session_key


def test_the_first_of_two_equal_names_counts() -> None:
    """The browser sends the cookie of the longer path first, and servers take that one."""
    assert parse_cookie_header("sid=near; theme=dark; sid=far") == {"sid": "near", "theme": "dark"}


def test_what_is_no_cookie_is_left_out() -> None:
    assert parse_cookie_header(None) == parse_cookie_header("") == parse_cookie_header("broken; ;") == {}
    assert parse_cookie_header("token=a=b==") == {"token": "a=b=="}


def test_without_session_cookies_there_is_no_session() -> None:
    """An emptied cookie is none: portals log out by clearing it."""
    assert session_key({"theme": "dark"}, ("sid",)) is None
    assert session_key({"sid": ""}, ("sid",)) is None


def test_other_cookies_do_not_change_the_session() -> None:
    assert session_key({"sid": "a", "theme": "dark"}, ("sid",)) == session_key({"sid": "a"}, ("sid",))


@pytest.mark.parametrize(("x", "y"), [("ab", "c"), ("a", "bc"), ("c", "ab"), ("abc", ""), ("", "abc"), ("aby", "c")])
def test_no_shifting_of_characters_makes_two_sessions_alike(x: str, y: str) -> None:
    """A key stands for all values together with the names that they belong to."""
    pairs = [("ab", "c"), ("a", "bc"), ("c", "ab"), ("abc", ""), ("", "abc"), ("aby", "c")]
    keys = [session_key({"x": one, "y": other}, ("y", "x")) for one, other in pairs]
    assert keys.count(session_key({"y": y, "x": x}, ("x", "y"))) == 1


def test_a_key_does_not_hold_the_cookie() -> None:
    assert "secret-value" not in str(session_key({"sid": "secret-value"}, ("sid",)))
