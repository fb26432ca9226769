"""A copy of what a scan reads, readable by its user alone, and gone when the scan ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from guard.browser.profile import remove_profile
from guard.scan.profiles import LOCAL_STATE, ScanError
from guard.scan.sqlite import SIDE_FILES, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from guard.scan.profiles import Profiles

COOKIES = ("Network/Cookies", "Cookies")
DATABASES = (*COOKIES, "History", "Web Data", "Login Data", "Login Data For Account", "WebStorage/QuotaManager")
LEVELDBS = ("Local Storage/leveldb", "Session Storage", "Service Worker/Database", "File System/Origins")
_PAUSES = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0)  # seconds between tries; a browser's write takes milliseconds
_PART = 1 << 20  # bytes held in memory at once
_NO_ATIME: int = getattr(os, "O_NOATIME", 0)  # Linux, for the owner: the original keeps even its time of access


class Snapshot:
    """The copied files. What cannot be copied is told to `unseen`."""

    def __init__(self, folder: Path, unseen: Callable[[str], None]) -> None:
        self.folder = folder
        self._unseen = unseen
        self._copied: dict[Path, Path | None] = {}

    def of(self, original: Path) -> Path | None:
        """The copy of a file or of a flat folder; None if there is nothing to copy, or it cannot be read."""
        if original not in self._copied:
            try:
                self._copied[original] = self._copy(original)
            except OSError as error:
                self._unseen(f"{original}: cannot be read ({error.strerror}); close the browser and scan again")
                self._copied[original] = None
        return self._copied[original]

    def new_folder(self) -> Path:
        """An empty folder that goes with the snapshot."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def _copy(self, original: Path) -> Path | None:
        if not original.exists():
            return None
        target = self.new_folder() / original.name
        if not original.is_dir():
            is_database = any(original.match(name) for name in DATABASES)
            return self._whole_database(original, target) if is_database else _copy_file(original, target)
        target.mkdir()
        for child in sorted(original.iterdir()):
            if child.is_file():
                _copy_if_there(child, target / child.name)
        return target

    def _whole_database(self, original: Path, target: Path) -> Path | None:
        """A copy between two writes: nothing changed while it was made, and it can be read from end to end."""
        for pause in _PAUSES:
            time.sleep(pause)
            before = _state(original)
            for side in ("", *SIDE_FILES):
                target.with_name(target.name + side).unlink(missing_ok=True)
                _copy_if_there(original.with_name(original.name + side), target.with_name(target.name + side))
            if _state(original) == before and is_whole(target):
                return target
        self._unseen(f"{original}: is damaged, or written to all the time; close the browser and scan again")
        return None


@contextmanager
def snapshot(unseen: Callable[[str], None]) -> Iterator[Snapshot]:
    """A folder for copies, deleted with the block whatever ends it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="guard-scan-"))  # made for this user alone
    except OSError as error:
        mend = "Free space, or set TMPDIR to a folder that this user may write to."
        raise ScanError(f"no folder for the copy could be made ({error.strerror})", mend=mend) from error
    try:
        yield Snapshot(folder, unseen)
    finally:
        gone = remove_profile(folder)
    if not gone:
        raise ScanError("the copy could not be deleted", value=folder, mend="Delete this folder by hand.")


def local_state(profiles: Profiles) -> Path:
    """The file that holds, on Windows (NOT RUN), the key of the cookies."""
    return profiles.user_data_dir / LOCAL_STATE


def read_bytes(original: Path) -> bytes:
    """The content of a file of the original, which keeps its times."""
    with open(original, "rb", opener=_quietly) as file:  # only `open` takes an opener
        return file.read()


def chunks(original: Path, overlap: int) -> Iterator[bytes]:
    """A file of the original in parts, each with the end of the one before: what lies across a border is whole once."""
    with open(original, "rb", opener=_quietly) as file:  # as above
        tail = b""
        while part := file.read(_PART):
            yield tail + part
            tail = (tail + part)[-overlap:] if overlap else b""


def _quietly(path: str, flags: int) -> int:
    try:
        return os.open(path, flags | _NO_ATIME)
    except PermissionError:  # somebody else's file, read by leave of its group
        return os.open(path, flags)


def _copy_file(original: Path, target: Path) -> Path:
    with open(original, "rb", opener=_quietly) as source, target.open("wb") as copy:  # as above
        shutil.copyfileobj(source, copy, _PART)
    shutil.copystat(original, target)  # the time of the last change is a finding
    return target


def _copy_if_there(original: Path, target: Path) -> None:
    try:
        _copy_file(original, target)
    except FileNotFoundError:
        return  # a journal that ended, a table that was merged into another


def _state(original: Path) -> list[tuple[int, int] | None]:
    return [_stat(original.with_name(original.name + side)) for side in ("", *SIDE_FILES)]


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns
