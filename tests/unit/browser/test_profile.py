from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from guard.browser import profile as profiles

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
