"""Tests of `guard.query`."""

from __future__ import annotations

import pytest

from guard.query import certainly, possibly

SUBMIT = {"do": "submit"}


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        ({}, ""),
        ({}, "a=1&a=2"),
        (SUBMIT, "do=submit"),
        (SUBMIT, "lang=ja&do=submit&x="),
        (SUBMIT, "do=submit&do=submit"),
        (SUBMIT, "%64o=s%75bmit"),
        ({"do": "submit", "step": "2"}, "step=2&do=submit"),
        ({"do": "log out"}, "do=log+out"),
        ({"do": "log out"}, "do=log%20out"),
        ({"flag": ""}, "flag"),
        ({"flag": ""}, "flag=&x=1"),
        ({"操作": "申込"}, "%E6%93%8D%E4%BD%9C=%E7%94%B3%E8%BE%BC"),
        ({"do": "申込"}, "do=%90%5C%8D%9E"),  # Shift_JIS
        ({"do": "申込"}, "do=%BF%BD%B9%FE"),  # EUC-JP
    ],
)
def test_a_parameter_with_its_value_is_there_beyond_doubt(wanted: dict[str, str], query: str) -> None:
    assert certainly(wanted, query)
    assert possibly(wanted, query)


@pytest.mark.parametrize(
    "query",
    [
        "do=submit&do=view",
        "do=view&do=submit",
        "DO=submit",
        "do=SUBMIT",
        "do=submit&Do=view",
        "do[]=submit",
        "do=submit&do[]=view",
        "do=submit&do%5B0%5D=view",
        "%20do=submit",
        "do=submit&+do=view",
        "do%00x=submit",
        "x=1;do=submit",
        "do=submit&x=1;do=view",
        "do=view;do=submit",
        "x&amp;do=submit",
        "do=%20submit",
        "do=submit&do",
    ],
)
def test_what_servers_read_differently_is_in_doubt(query: str) -> None:
    assert not certainly(SUBMIT, query)
    assert possibly(SUBMIT, query)


@pytest.mark.parametrize(
    "query",
    ["", "do", "do=", "do=view", "redo=submit", "do=submits", "submit", "submit=do", "x=do%3Dsubmit", "%2564o=submit"],
)
def test_what_no_server_takes_for_it_is_not_there(query: str) -> None:
    assert not certainly(SUBMIT, query)
    assert not possibly(SUBMIT, query)


def test_all_parameters_must_be_there() -> None:
    both = {"do": "submit", "step": "2"}
    assert not possibly(both, "do=submit&step=1")
    assert not certainly(both, "do=submit&step=2&step=1")
    assert possibly(both, "do=submit&step=2&step=1")


def test_a_plus_may_be_meant_as_one() -> None:
    """A server that does not decode forms in addresses."""
    assert possibly({"do": "a+b"}, "do=a+b")
    assert not certainly({"do": "a+b"}, "do=a+b")
    assert certainly({"do": "a+b"}, "do=a%2Bb")


@pytest.mark.parametrize(
    ("wanted", "query"), [({"a.b": "1"}, "a_b=1"), ({"a_b": "1"}, "a.b=1"), ({"a b": "1"}, "a_b=1")]
)
def test_names_that_some_server_takes_for_one_another_are_in_doubt(wanted: dict[str, str], query: str) -> None:
    assert possibly(wanted, query)
    assert not certainly(wanted, query)


@pytest.mark.parametrize("query", ["%", "%zz=%", "=&=&&;;=", "do=%FF%FE", "\x00", "申込"])
def test_what_is_no_query_at_all_raises_nothing(query: str) -> None:
    assert not possibly(SUBMIT, query)
    assert not certainly(SUBMIT, query)
