"""Tests of `guard.scan.hosts`."""

from __future__ import annotations

import pytest

from guard.scan.hosts import covers, origin_host


@pytest.mark.parametrize(
    ("domain", "host", "sent"),
    [
        ("point.test", "point.test", True),
        (".point.test", "point.test", True),
        (".point.test", "my.point.test", True),
        (".test", "point.test", True),
        ("point.test", "my.point.test", False),
        (".point.test", "mypoint.test", False),
        ("my.point.test", "point.test", False),
        ("", "point.test", False),
    ],
)
def test_a_cookie_goes_where_browsers_send_it(domain: str, host: str, sent: bool) -> None:  # noqa: FBT001
    assert covers(domain, host) is sent


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Point.TEST/a", "point.test"),
        ("https://point.test:8443", "point.test"),
        ("https://user:pass@point.test/", "point.test"),
        ("https://point.test@evil.test/", "evil.test"),
        ("//point.test", "point.test"),
        ("about:blank", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address_is_read_as_browsers_do(address: str, host: str) -> None:
    assert origin_host(address) == host
