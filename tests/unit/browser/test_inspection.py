from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from guard.browser.inspection import files_with, inspect
from guard.core.clearance import Finding, Proof
from guard.core.leftovers import LEFTOVERS, Place, Search

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
        if method == "Browser.getVersion":
            return {"userAgent": "HeadlessChrome/156.0.0.0"}
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


def finds(proofs: tuple[Proof, ...]) -> dict[Place | None, str]:
    return {proof.place: proof.detail for proof in proofs if proof.finding is Finding.NOT_PROVED}


async def test_cookies_of_every_jar_and_pages_are_looked_for(tmp_path: Path) -> None:
    browser = Browser({None: [], "incognito": ["point_sid"]}, ("chrome://newtab/", "https://point.portal.test/"))
    proofs = await inspect(cast("Any", browser), tmp_path / "profile-1", {SESSION})
    found = {Place.COOKIES: "cookie point_sid of point.portal.test", Place.TABS: "page of page"}
    assert finds(proofs) == found


async def test_a_browser_that_holds_nothing_is_proved_clean_place_by_place(tmp_path: Path) -> None:
    proofs = await inspect(cast("Any", Browser({None: []})), tmp_path / "profile-1", {SESSION})
    assert {proof.finding for proof in proofs} == {Finding.PROVED}
    asked = {Search.BROWSER, Search.FILES, Search.WORDS, Search.SYSTEM}
    assert [proof.place for proof in proofs] == [row.place for row in LEFTOVERS if row.search in asked]


async def test_a_profile_that_is_nobodys_is_found_beside_the_next_one(tmp_path: Path) -> None:
    """One that could not be deleted, say; the console's own has to be there."""
    for name in ("profile-1", "profile-2", "profile-console-3", "golden-1"):
        (tmp_path / name).mkdir()
    proofs = await inspect(cast("Any", Browser({None: []})), tmp_path / "profile-2", set())
    assert finds(proofs) == {Place.OWN_ARTEFACTS: "profile-1 stands in the working folder"}
