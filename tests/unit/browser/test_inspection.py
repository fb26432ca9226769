from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from guard.browser.inspection import files_with, inspect
from guard.core.clearance import Finding

SESSION = "Zk9vQm1TeXN0ZW0"


class Browser:
    """What a browser answers about its cookies and pages."""

    def __init__(self, cookies: dict[str | None, list[str]], urls: tuple[str, ...] = ()) -> None:
        self._cookies = cookies
        self._urls = urls

    async def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        if method == "Target.getBrowserContexts":
            return {"browserContextIds": [context for context in self._cookies if context]}
        if method == "Target.getTargets":
            return {"targetInfos": [{"type": "page", "url": url} for url in self._urls]}
        held = self._cookies[(params or {}).get("browserContextId")]
        return {"cookies": [{"name": name, "domain": "point.portal.test"} for name in held]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_word_is_found_in_any_file_however_the_browser_wrote_it(encoding: str, tmp_path: Path) -> None:
    deep = tmp_path / "Default" / "IndexedDB" / "log"
    deep.parent.mkdir(parents=True)
    deep.write_bytes(b"\x00\xff" + SESSION.encode(encoding) + b"\x07")
    (tmp_path / "clean").write_text("nothing")
    assert files_with(tmp_path, {SESSION}) == ["word in Default/IndexedDB/log"]


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "clean").write_text("nothing")
    assert files_with(tmp_path, {SESSION, ""}) == []


def test_a_link_out_of_the_profile_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text(SESSION)
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "link").symlink_to(outside)
    assert files_with(profile, {SESSION}) == []


def test_a_file_that_the_running_browser_tidies_away_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "journal").write_text(SESSION)

    def vanished(_: Path) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_bytes", vanished)
    assert files_with(tmp_path, {SESSION}) == []


def test_a_file_that_cannot_be_read_is_a_proof_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not searched is not clean."""
    (tmp_path / "locked").write_text("nothing")

    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert files_with(tmp_path, {SESSION}) == ["locked cannot be searched (Permission denied)"]


async def test_cookies_of_every_jar_and_pages_are_looked_for(tmp_path: Path) -> None:
    browser = Browser({None: [], "incognito": ["point_sid"]}, ("chrome://newtab/", "https://point.portal.test/"))
    proof = await inspect(cast("Any", browser), tmp_path, {SESSION})
    assert proof.finding is Finding.NOT_PROVED
    assert proof.detail == "cookie point_sid of point.portal.test; page of page"


async def test_a_browser_that_holds_nothing_is_proved_clean(tmp_path: Path) -> None:
    proof = await inspect(cast("Any", Browser({None: []})), tmp_path, {SESSION})
    assert proof.finding is Finding.PROVED
