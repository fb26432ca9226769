"""A session is named by a digest of its cookies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guard.browser.session_key import parse_cookie_header, session_key

VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';="'), min_size=1, max_size=12)


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


@given(st.tuples(VALUES, VALUES), st.tuples(VALUES, VALUES))
def test_two_sessions_share_a_key_only_if_all_their_cookies_agree(a: tuple[str, str], b: tuple[str, str]) -> None:
    """No shifting of characters from one value to the next makes them alike."""

    def key(pair: tuple[str, str]) -> str | None:
        return session_key({"x": pair[0], "y": pair[1]}, ("y", "x"))

    assert (key(a) == key(b)) is (a == b)


def test_a_key_does_not_hold_the_cookie() -> None:
    assert "secret-value" not in str(session_key({"sid": "secret-value"}, ("sid",)))
