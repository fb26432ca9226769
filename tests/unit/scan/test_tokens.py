"""Tests of `guard.scan.tokens`."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from guard.scan.tokens import jwts_in


def jwt(claims: object) -> bytes:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "HS256"}, claims)]
    return b".".join([*parts, b"c2lnbmF0dXJl"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_token_says_until_when_it_is_good(encoding: str) -> None:
    content = b'{"access":"' + jwt({"sub": "S-1", "iat": 1_790_000_000, "exp": 1_800_000_000}) + b'"}'

    (token,) = jwts_in(content.decode().encode(encoding))

    assert token.made == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert token.expires == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert "S-1" not in repr(token)


@pytest.mark.parametrize("claims", [{"exp": "soon"}, {"exp": 1e300}, {"exp": True}, {"exp": -5}, {"sub": "x" * 50}])
def test_a_token_that_does_not_say_when_is_still_a_token(claims: object) -> None:
    (token,) = jwts_in(jwt(claims))

    assert token.expires is None


@pytest.mark.parametrize("content", [b"", b"eyJ", b"hello world", b"eyJhbGciOi.not.a.token", bytes(100)])
def test_other_texts_are_no_tokens(content: bytes) -> None:
    assert jwts_in(content) == []


def test_a_token_that_stands_twice_is_one() -> None:
    assert len(jwts_in(jwt({"a": 1}) + b" " + jwt({"a": 1}))) == 1
