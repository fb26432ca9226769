"""Throw-away profiles: each browser works on its own copy of a golden profile that never saw a citizen."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

REMOVAL_PAUSES = (0.0, 0.1, 0.4, 1.0)  # seconds; Windows keeps files while a dying process has them open (NOT RUN)
SOCKET = "SingletonSocket"
DOWNLOADS = "downloads"
"""Folder of the profile where files keep the names that portals give them."""
GOLDEN_RELEASE = 2  # count up when the preferences below change, so that old golden profiles are made anew

PREFERENCES: dict[str, Any] = {
    "net": {"network_prediction_options": 2},  # prerender and prefetch pass the gate unseen
    "autofill": {"profile_enabled": False, "credit_card_enabled": False},
    "credentials_enable_service": False,  # no saved passwords
    "credentials_enable_autosignin": False,
    "profile": {"password_manager_enabled": False, "exit_type": "Normal"},
    "session": {"restore_on_startup": 5},  # a new tab, never what was open before
    "signin": {"allowed": False, "allowed_on_next_startup": False},
    "incognito": {"mode_availability": 1},  # an incognito window is a cookie jar of its own
    "webrtc": {"ip_handling_policy": "disable_non_proxied_udp"},
    "translate": {"enabled": False},  # page texts would leave the counter
    "search": {"suggest_enabled": False},  # so would what is typed into the address bar
    "alternate_error_pages": {"enabled": False},
    "spellcheck": {"use_spelling_service": False},
    "browser": {"has_seen_welcome_page": True},
    "bookmark_bar": {"show_on_all_tabs": False},
    "download": {"prompt_for_download": False, "directory_upgrade": True},
}

LOCAL_STATE: dict[str, Any] = {
    "profile": {"browser_guest_enabled": False, "add_person_enabled": False},
    "background_mode": {"enabled": False},  # the process must end with its window
}


def golden_dir(root: Path, version: str) -> Path:
    """Where the golden profile for one browser version lies."""
    return root / f"golden-{GOLDEN_RELEASE}-{''.join(char if char.isalnum() else '-' for char in version)}"


def write_preferences(user_data_dir: Path) -> None:
    """Lay down preferences in a new user-data directory, before the browser first sees it."""
    default = user_data_dir / "Default"
    default.mkdir(parents=True)
    (default / "Preferences").write_text(json.dumps(PREFERENCES))
    (user_data_dir / "Local State").write_text(json.dumps(LOCAL_STATE))
    (user_data_dir / "First Run").touch()


def new_profile(golden: Path, root: Path) -> Path:
    """A copy of the golden profile under a name that was never used before; nothing is left of one that failed."""
    profile = root / f"profile-{secrets.token_hex(8)}"
    try:
        _copy(golden, profile)
    except BaseException:
        remove_profile(profile)
        raise
    return profile


def _copy(golden: Path, profile: Path) -> None:
    shutil.copytree(golden, profile, symlinks=True, ignore=shutil.ignore_patterns("Singleton*"))
    downloads = profile / DOWNLOADS
    downloads.mkdir()
    preferences = profile / "Default" / "Preferences"
    settings = json.loads(preferences.read_text())
    settings.setdefault("download", {})["default_directory"] = str(downloads)
    preferences.write_text(json.dumps(settings))


def downloaded(profile: Path) -> int:
    """How many files stand in the folder of downloads, unfinished ones too."""
    try:
        return sum(1 for _ in (profile / DOWNLOADS).iterdir())
    except OSError:  # the folder is gone, and the files with it
        return 0


def is_download(profile: Path, address: str) -> bool:
    """Whether an address is a file that was saved in this browser, and none beside or above it."""
    url = urlsplit(address)
    file = Path(url2pathname(url.path))
    inside = file.parent == profile / DOWNLOADS and file.name != ".."
    return (url.scheme, url.netloc) == ("file", "") and inside and not file.is_symlink()


def remove_profile(profile: Path) -> bool:
    """Delete a profile; True if nothing of it is left."""
    _remove_socket_folder(profile)
    for pause in REMOVAL_PAUSES:
        time.sleep(pause)
        shutil.rmtree(profile, ignore_errors=True)
        if not profile.exists():
            return True
    return False


def _remove_socket_folder(profile: Path) -> None:
    """A killed browser leaves the folder of its socket outside the profile; they would fill the disk, one a citizen."""
    with contextlib.suppress(OSError):  # no socket, or its folder holds what is none of ours
        folder = (profile / SOCKET).readlink().parent
        for name in (SOCKET, "SingletonCookie"):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def stray_profiles(root: Path) -> list[Path]:
    """Profiles, finished or not, that an earlier run left behind."""
    return sorted((*root.glob("profile-*"), *root.glob("draft-*")))
