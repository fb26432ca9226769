"""Tests of `guard.scan.snappy`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.scan.snappy import SnappyError, unpack


@pytest.mark.parametrize(
    ("packed", "content"),
    [
        (b"\x00", b""),
        (b"\x03\x08abc", b"abc"),
        (b"\x09\x08abc\x09\x03", b"abcabcab" + b"c"),  # a repetition that reaches into itself
        (b"\x0a\x0cabcd\x16\x04\x00", b"abcdabcdab"),  # with an offset of two bytes
        (b"\x0a\x0cabcd\x17\x04\x00\x00\x00", b"abcdabcdab"),  # of four
        (b"\x46\xf0\x45" + b"x" * 70, b"x" * 70),  # a length beside the tag
    ],
)
def test_each_kind_of_element_is_unpacked(packed: bytes, content: bytes) -> None:
    assert unpack(packed) == content


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\x05\x08abc",  # shorter than announced
        b"\x02\x08abc",  # longer than announced
        b"\x04\x09\x01",  # repeats what is not there
        b"\x08\x08abc\x09\x00",  # repeats from nowhere
        b"\xff\xff\xff\xff\x0f\x00",  # a lying length must not fill memory
    ],
)
def test_what_is_not_snappy_is_refused(packed: bytes) -> None:
    with pytest.raises(SnappyError):
        unpack(packed)


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes_are_unpacked_or_refused(packed: bytes) -> None:
    """The file is a stranger's, and may be half written."""
    try:
        unpack(packed)
    except SnappyError:
        return
