"""The search for words in every file below a folder, in the encodings that browsers write, packed blocks included."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from guard.browser.inspection import ENCODINGS
from guard.scan.leveldb import TABLES, LevelDbError, read_file
from guard.scan.snapshot import chunks, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

LARGEST_UNPACKED = 1 << 26  # bytes; the browser itself starts a new key-value file at 4 MB


def needles_for(word: str) -> tuple[bytes, ...]:
    """The bytes that a word may be on disk: UTF-8, UTF-16LE, and escaped as in addresses."""
    plain = {word.encode(encoding) for encoding in ENCODINGS}
    return tuple(sorted(plain | {quote(word, safe="/:").encode()}))


def files_with(
    root: Path, needles: Mapping[str, Collection[bytes]], unseen: Callable[[str], None]
) -> Iterator[tuple[Path, str]]:
    """Each file below `root` with the name of what it holds, be it in its content or in its own name."""
    if not needles:
        return
    for path in _files(root, unseen):
        found = {name for name, wanted in needles.items() if any(one in os.fsencode(path.name) for one in wanted)}
        try:
            found |= _in_content(path, needles)
        except FileNotFoundError:
            continue  # the browser is running, and tidied it away
        except OSError as error:
            unseen(f"{path}: cannot be searched ({error.strerror})")
        for name in sorted(found):
            yield path, name


def _files(root: Path, unseen: Callable[[str], None]) -> Iterator[Path]:
    def cannot(error: OSError) -> None:
        unseen(f"{error.filename}: cannot be searched ({error.strerror})")

    for folder, _, names in os.walk(root, onerror=cannot):
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _in_content(path: Path, needles: Mapping[str, Collection[bytes]]) -> set[str]:
    found: set[str] = set()
    overlap = max(len(one) for wanted in needles.values() for one in wanted) - 1
    for part in chunks(path, overlap):
        found |= _in_bytes(part, needles)
    if path.suffix in {".log", *TABLES} and (path.parent / "CURRENT").exists():
        found |= _in_entries(path, needles)
    return found


def _in_entries(path: Path, needles: Mapping[str, Collection[bytes]]) -> set[str]:
    """What the packing of key-value files hides: Snappy blocks, and words cut in two by a log's own headers."""
    if path.stat().st_size > LARGEST_UNPACKED:
        return set()
    found: set[str] = set()
    try:
        for entry in read_file(path.name, read_bytes(path)):
            found |= _in_bytes(entry.key, needles) | _in_bytes(entry.value or b"", needles)
    except LevelDbError:
        return found  # searched as plain bytes already
    return found


def _in_bytes(content: bytes, needles: Mapping[str, Collection[bytes]]) -> set[str]:
    return {name for name, wanted in needles.items() if any(one in content for one in wanted)}
