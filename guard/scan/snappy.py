"""Snappy, the compression of the browser's key-value files: what is packed hides from a search for words."""

from __future__ import annotations

LARGEST = 1 << 26  # bytes; a block of such a file unpacks to some kilobytes, and a lying length must not fill memory


class SnappyError(ValueError):
    """These bytes are not packed with Snappy."""


def unpack(packed: bytes) -> bytes:
    """The content of one Snappy block. Raises SnappyError. Source: google/snappy, format_description.txt."""
    try:
        length, at = varint(packed, 0)
        if length > LARGEST:
            raise SnappyError("too long")
        out = bytearray()
        while at < len(packed) and len(out) <= length:
            at = _element(packed, at, out)
    except IndexError:
        raise SnappyError("ends early") from None
    if len(out) != length:
        raise SnappyError("another length than announced")
    return bytes(out)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends. Raises IndexError at the end of the data."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004  # the high bit says that more follows
            return value, at
        shift += 7


def _element(packed: bytes, at: int, out: bytearray) -> int:
    tag = packed[at]
    at += 1
    match tag & 3:
        case 0:
            return _literal(packed, at, tag >> 2, out)
        case 1:
            offset = (tag >> 5) << 8 | packed[at]
            _repeat(out, offset, 4 + ((tag >> 2) & 7))
            return at + 1
        case wide:
            size = 2 if wide == 2 else 4  # noqa: PLR2004  # the tag's own number
            _repeat(out, int.from_bytes(packed[at : at + size], "little"), 1 + (tag >> 2))
            return at + size


def _literal(packed: bytes, at: int, size: int, out: bytearray) -> int:
    if size >= 60:  # noqa: PLR2004  # 60 to 63: the length stands in the next one to four bytes
        width = size - 59
        size = int.from_bytes(packed[at : at + width], "little")
        at += width
    out += packed[at : at + size + 1]
    return at + size + 1


def _repeat(out: bytearray, offset: int, size: int) -> None:
    if not 0 < offset <= len(out):
        raise SnappyError("points before its beginning")
    start = len(out) - offset
    pattern = out[start : start + size]
    out += (pattern * (size // len(pattern) + 1))[:size]  # a repetition may reach into itself
