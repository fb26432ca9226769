from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from guard.browser import profile as profiles
from guard.browser.profile import (
    PREFERENCES,
    golden_dir,
    new_profile,
    remove_profile,
    stray_profiles,
    write_preferences,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("tries_needed", "removed"), [(1, True), (3, True), (99, False)])
def test_a_profile_that_a_dying_process_still_holds_is_tried_again_and_never_reported_gone(
    tries_needed: int, removed: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The report is a proof in the clearance: it is about the directory, not about the attempt."""
    held = tmp_path / "profile-held"
    (held / "Default").mkdir(parents=True)
    tries: list[Path] = []
    really_remove = shutil.rmtree

    def remove(path: Path, *, ignore_errors: bool) -> None:
        tries.append(path)
        if len(tries) >= tries_needed:
            really_remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", remove)
    monkeypatch.setattr(profiles, "REMOVAL_PAUSES", (0.0, 0.0, 0.0))
    assert profiles.remove_profile(held) is removed
    assert held.exists() is not removed


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    path = golden_dir(tmp_path, "156.0.8078.79")
    write_preferences(path)
    (path / "SingletonLock").symlink_to("nobody-1")
    return path


def test_each_browser_gets_a_copy_of_its_own_with_a_folder_for_downloads(golden: Path, tmp_path: Path) -> None:
    first, second = new_profile(golden, tmp_path), new_profile(golden, tmp_path)
    assert first != second
    preferences = json.loads((first / "Default" / "Preferences").read_text())
    assert preferences["download"]["default_directory"] == str(first / "downloads")
    assert preferences["net"] == PREFERENCES["net"]
    assert "default_directory" not in json.loads((golden / "Default" / "Preferences").read_text())["download"]


def test_the_lock_of_another_browser_is_not_copied(golden: Path, tmp_path: Path) -> None:
    assert not (new_profile(golden, tmp_path) / "SingletonLock").is_symlink()


def test_a_copy_that_fails_leaves_nothing(golden: Path, tmp_path: Path) -> None:
    """On a disk that is full each try would take what little room is left."""
    (golden / "Default" / "Preferences").write_text('{"half')
    with pytest.raises(ValueError, match="Unterminated"):
        new_profile(golden, tmp_path)
    assert list(tmp_path.glob("profile-*")) == []


def test_what_an_earlier_run_left_is_found_and_the_golden_profile_is_not(golden: Path, tmp_path: Path) -> None:
    left = new_profile(golden, tmp_path)
    half = tmp_path / "draft-1"
    half.mkdir()
    assert stray_profiles(tmp_path) == [half, left]
    assert all(remove_profile(stray) for stray in stray_profiles(tmp_path))
    assert list(tmp_path.iterdir()) == [golden]


def test_the_socket_folder_of_a_killed_browser_goes_with_its_profile(tmp_path: Path) -> None:
    """It lies outside; thousands of them were found after a long day. What is no socket is left alone."""
    profile, folder, other = tmp_path / "profile", tmp_path / "org.chromium.Chromium.x", tmp_path / "home"
    for each in (profile, folder, other):
        each.mkdir()
    for name in ("SingletonSocket", "SingletonCookie"):
        (folder / name).touch()
    (profile / "SingletonSocket").symlink_to(folder / "SingletonSocket")
    assert remove_profile(profile)
    assert not folder.exists()
    profile.mkdir()
    (other / "letter").touch()
    (profile / "SingletonSocket").symlink_to(other / "SingletonSocket")
    assert remove_profile(profile)
    assert (other / "letter").exists()
