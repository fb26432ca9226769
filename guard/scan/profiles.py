"""Which browser profiles lie in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from guard.errors import GuardError

if TYPE_CHECKING:
    from pathlib import Path

LOCAL_STATE = "Local State"
_SIGNS = ("Preferences", "History", "Cookies", "Network/Cookies", "Local Storage/leveldb")
_LOCKS = ("SingletonLock", "lockfile")  # of a running browser: Linux and macOS, Windows (NOT RUN)
_MEND = "Name the folder that chrome://version shows as the profile path, or the one above it."


class ScanError(GuardError):
    """The folder to scan is no browser profile, or it cannot be copied."""

    exit_status: ClassVar[int] = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Profiles:
    """A user-data directory of Chrome, Edge or Chromium, and those of its profiles that are scanned."""

    user_data_dir: Path
    folders: tuple[Path, ...]
    root: Path
    """The folder that was named; words are searched for everywhere below it."""

    @property
    def in_use(self) -> bool:
        """Whether a browser runs on it, or died on it."""
        return any((self.user_data_dir / lock).is_symlink() or (self.user_data_dir / lock).exists() for lock in _LOCKS)


def find_profiles(folder: Path) -> Profiles:
    """All profiles of a user-data directory, or the one profile that a folder is; else ScanError says why."""
    try:
        if not folder.exists():
            raise ScanError("there is no such folder", value=folder, mend=_MEND)
        if not folder.is_dir():
            raise ScanError("this is a file, not the folder of a browser profile", value=folder, mend=_MEND)
        folder = folder.resolve()
        if _is_profile(folder):
            return Profiles(user_data_dir=folder.parent, folders=(folder,), root=folder)
        inside = tuple(sorted(child for child in folder.iterdir() if child.is_dir() and _is_profile(child)))
    except OSError as error:
        mend = "Run guard scan as the user whose profile it is, or as the administrator."
        raise ScanError(f"the folder cannot be read ({error.strerror})", value=folder, mend=mend) from None
    if not inside:
        what = f"this is not the folder of a browser profile: none of {', '.join(_SIGNS)} lies in it or one below"
        raise ScanError(what, value=folder, mend=_MEND)
    return Profiles(user_data_dir=folder, folders=inside, root=folder)


def _is_profile(folder: Path) -> bool:
    return any((folder / sign).exists() for sign in _SIGNS)
