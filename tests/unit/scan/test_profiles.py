"""Tests of `guard.scan.profiles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.scan.profiles import ScanError, find_profiles

if TYPE_CHECKING:
    from pathlib import Path


def profile(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "Preferences").write_text("{}")
    return folder


def test_every_profile_of_a_user_data_directory_is_found(tmp_path: Path) -> None:
    first, second = profile(tmp_path / "Default"), profile(tmp_path / "Profile 1")
    (tmp_path / "ShaderCache").mkdir()

    found = find_profiles(tmp_path)

    assert (found.user_data_dir, found.folders) == (tmp_path, (first, second))


def test_a_profile_folder_is_taken_alone(tmp_path: Path) -> None:
    first = profile(tmp_path / "Default")
    profile(tmp_path / "Profile 1")

    found = find_profiles(first)

    assert (found.user_data_dir, found.folders, found.root) == (tmp_path, (first,), first)


def test_a_browser_that_runs_is_seen_by_its_lock(tmp_path: Path) -> None:
    profile(tmp_path / "Default")
    assert not find_profiles(tmp_path).in_use

    (tmp_path / "SingletonLock").symlink_to("counter-4711")  # leads to no file

    assert find_profiles(tmp_path).in_use


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("missing", r"no such folder \(found: .*missing\)\. Name the folder"),
        ("file", r"a file, not the folder .*\. Name the folder"),
        ("empty", r"not the folder of a browser profile.*chrome://version"),
    ],
)
def test_a_wrong_folder_is_refused_with_the_mend(tmp_path: Path, name: str, complaint: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()

    with pytest.raises(ScanError, match=complaint) as refused:
        find_profiles(tmp_path / name)

    assert refused.value.exit_status == 6


def test_a_folder_of_somebody_else_is_refused_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the system's refusal is played."""

    def refused(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("guard.scan.profiles._is_profile", refused)

    with pytest.raises(ScanError, match=r"cannot be read \(Permission denied\).*as the administrator"):
        find_profiles(tmp_path)
