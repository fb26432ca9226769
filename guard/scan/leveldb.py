"""The browser's key-value folders (LevelDB), read without a browser: live entries, and what was deleted but lies there.

Source: google/leveldb, doc/log_format.md and doc/table_format.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cramjam

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_BLOCK = 1 << 15  # bytes of a log's block
_HEADER = 7  # bytes before each fragment: checksum, length, type
_FULL, _FIRST, _LAST = 1, 2, 4
_FOOTER = 48
_MAGIC = 0xDB4775248B80FB57.to_bytes(8, "little")
_PLAIN, _SNAPPY = 0, 1
LARGEST_BLOCK = 1 << 26  # bytes; a block unpacks to some kilobytes, and a lying length must not fill memory
TABLES = (".ldb", ".sst")


class LevelDbError(Exception):
    """A file that cannot be read as its name promises. Carries no content."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One writing of one key."""

    sequence: int
    key: bytes
    value: bytes | None
    """None where it was deleted."""
    live: bool = True
    """Whether a browser still sees it; what is overwritten or deleted may lie on disk for long."""


def entries(files: Iterable[tuple[str, bytes]], broken: list[str]) -> list[Entry]:
    """Every writing in these files (name and content), oldest first; names of unreadable ones go to `broken`."""
    found: dict[tuple[int, bytes], Entry] = {}
    for name, content in files:
        try:
            for entry in read_file(name, content):
                found[entry.sequence, entry.key] = entry
        except LevelDbError:
            broken.append(name)
    ordered = sorted(found.values(), key=lambda entry: entry.sequence)
    newest = {entry.key: entry.sequence for entry in ordered}
    return [Entry(one.sequence, one.key, one.value, newest[one.key] == one.sequence) for one in ordered]


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The logs and tables of a copied folder."""
    for path in sorted(folder.iterdir()):
        if path.suffix in {".log", *TABLES}:
            yield path.name, path.read_bytes()


def read_file(name: str, content: bytes) -> Iterator[Entry]:
    """The entries of one log or table. Raises LevelDbError where it is damaged; the end of a log may be torn."""
    if name.endswith(".log"):
        for batch in _batches(content):
            yield from _batch(batch)
    elif name.endswith(TABLES):
        yield from _table(content)


def _batches(log: bytes) -> Iterator[bytes]:
    gathered = b""
    for start in range(0, len(log), _BLOCK):
        block = log[start : start + _BLOCK]
        at = 0
        while at + _HEADER <= len(block):
            length, kind = int.from_bytes(block[at + 4 : at + 6], "little"), block[at + 6]
            fragment = block[at + _HEADER : at + _HEADER + length]
            if kind == 0 or len(fragment) < length:
                break  # room left free, or the browser was writing when the copy was made
            gathered = fragment if kind in {_FULL, _FIRST} else gathered + fragment
            if kind in {_FULL, _LAST}:
                yield gathered
            at += _HEADER + length


def _batch(batch: bytes) -> Iterator[Entry]:
    sequence, count = int.from_bytes(batch[:8], "little"), int.from_bytes(batch[8:12], "little")
    at = 12
    try:
        for number in range(count):
            is_put = batch[at] == 1
            key, at = _slice(batch, at + 1)
            value = None
            if is_put:
                value, at = _slice(batch, at)
            yield Entry(sequence + number, key, value)
    except IndexError:
        raise LevelDbError("log") from None


def _slice(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = varint(data, at)
    if at + length > len(data):
        raise IndexError
    return data[at : at + length], at + length


def _table(content: bytes) -> Iterator[Entry]:
    footer = content[-_FOOTER:]
    if len(footer) < _FOOTER or not footer.endswith(_MAGIC):
        raise LevelDbError("no footer")
    try:
        _, at = varint(footer, 0)
        _, at = varint(footer, at)
        for _, handle in _block(content, footer[at:]):
            for key, value in _block(content, handle):
                trailer = int.from_bytes(key[-8:], "little")
                yield Entry(trailer >> 8, key[:-8], value if trailer & 0xFF else None)
    except (IndexError, cramjam.DecompressionError):
        raise LevelDbError("table") from None


def _block(content: bytes, handle: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset, at = varint(handle, 0)
    size, _ = varint(handle, at)
    block = _unpacked(content[offset : offset + size], content[offset + size])
    end = len(block) - 4 * (1 + int.from_bytes(block[-4:], "little"))  # before the restart points
    if end < 0:
        raise LevelDbError("block")
    at, key = 0, b""
    while at < end:
        shared, at = varint(block, at)
        own, at = varint(block, at)
        length, at = varint(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + length]
        at += own + length


def _unpacked(block: bytes, compression: int) -> bytes:
    if compression == _PLAIN:
        return block
    if compression != _SNAPPY:
        raise LevelDbError("compression")
    if cramjam.snappy.decompress_raw_len(block) > LARGEST_BLOCK:
        raise LevelDbError("block")
    return bytes(cramjam.snappy.decompress_raw(block))


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
