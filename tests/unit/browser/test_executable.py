"""Tests of `guard.browser.executable`, over made-up trees whose browsers are scripts that say a version."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from guard.browser.executable import Source, System, find_browser, install_command, version_of
from guard.errors import BrowserError

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)"
CHROME = "Google Chrome 155.0.1.2"
EDGE = "Microsoft Edge 154.0.3.4"


@pytest.fixture
def tree(tmp_path: Path) -> System:
    return System(root=tmp_path, platform="linux", environ={}, home=tmp_path / "home")


def plant(path: Path, says: str, *, status: int = 0, mutters: str = "") -> Path:
    """Put a browser there that answers `--version` so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"#!/bin/sh\n[ \"$1\" = --version ] || exit 9\necho '{mutters}' >&2\necho '{says}'\nexit {status}\n"
    )
    path.chmod(0o755)
    return path


def test_an_installed_browser_is_found_with_its_version(tree: System) -> None:
    path = plant(tree.root / "usr/bin/chromium", CHROMIUM)

    found = find_browser(system=tree)

    assert (found.path, found.version, found.source) == (path, "156.0.8078.79", Source.INSTALLED)


def test_edge_comes_before_chrome_and_chrome_before_chromium(tree: System) -> None:
    """An office has one of them under its own policies and updates: the same order everywhere."""
    versions = []
    for path, says in (
        ("usr/bin/chromium", CHROMIUM),
        ("opt/google/chrome/chrome", CHROME),
        ("usr/bin/microsoft-edge-stable", EDGE),
    ):
        plant(tree.root / path, says)
        versions.append(find_browser(system=tree).version)

    assert versions == ["156.0.8078.79", "155.0.1.2", "154.0.3.4"]


def test_a_channel_is_not_replaced_by_another(tree: System) -> None:
    """Whoever tests with Edge has proved nothing with Chromium."""
    chrome = plant(tree.root / "opt/google/chrome/chrome", CHROME)
    plant(tree.root / "usr/bin/microsoft-edge-stable", EDGE)
    own = plant(tree.home / ".cache/ms-playwright/chromium-1187/chrome-linux/chrome", CHROMIUM)

    assert find_browser(system=tree, channels=["chrome"]).path == chrome
    assert find_browser(system=tree, channels=["chromium"]).path == own

    chrome.unlink()
    for channel in ("chrome", "chrome-beta"):
        with pytest.raises(BrowserError) as caught:
            find_browser(system=tree, channels=[channel])
        assert str(caught.value) == (
            f"This browser channel is not installed (found: {channel}). Install it, or take another one of "
            "msedge, chrome, chromium."
        )


def test_the_configured_browser_comes_before_all(tree: System) -> None:
    plant(tree.root / "usr/bin/microsoft-edge-stable", EDGE)
    own = plant(tree.root / "srv/browser", CHROME)

    found = find_browser(own, tree)

    assert (found.path, found.source) == (own, Source.CONFIGURED)


def test_a_configured_browser_that_is_missing_is_not_replaced(tree: System) -> None:
    """Whoever names a browser means that one: its policies may be what makes it fit for a counter."""
    plant(tree.root / "usr/bin/chromium", CHROMIUM)
    own = tree.root / "srv/browser"

    with pytest.raises(BrowserError) as caught:
        find_browser(own, tree)
    assert str(caught.value) == (
        f"The configured browser does not say its version (found: {own}). "
        "Correct browser.executable in the configuration, or leave it out to take an installed browser."
    )


def test_what_a_launcher_says_on_the_side_is_not_its_version(tree: System) -> None:
    """Debian's launcher is a shell script that may warn before it starts the browser."""
    mutters = "/usr/bin/chromium: 9: [: 25276510208: unexpected operator 9.9.9.9"
    path = plant(tree.root / "usr/bin/chromium", CHROMIUM, mutters=mutters)

    assert version_of(path) == "156.0.8078.79"


@pytest.mark.parametrize(
    ("says", "status"),
    [
        ("requires the chromium snap to be installed", 10),
        ("Chromium 156.0.8078.79 snap", 0),
        ("Chromium", 0),
        (CHROMIUM, 1),
    ],
)
def test_what_only_looks_like_a_browser_is_passed_over(tree: System, says: str, status: int) -> None:
    """Ubuntu has a `chromium-browser` that is a snap, or only advice to install one."""
    plant(tree.root / "usr/bin/chromium-browser", says, status=status)
    own = plant(tree.home / ".cache/ms-playwright/chromium-1187/chrome-linux/chrome", CHROMIUM)

    assert find_browser(system=tree).path == own


def test_a_file_that_may_not_be_started_is_passed_over(tree: System) -> None:
    path = plant(tree.root / "usr/bin/chromium", CHROMIUM)
    path.chmod(0o644)

    assert version_of(path) is None
    assert version_of(path.parent) is None


def test_a_file_that_the_system_cannot_start_is_passed_over(tree: System) -> None:
    path = plant(tree.root / "usr/bin/chromium", CHROMIUM)
    path.write_bytes(b"\x7fELF of another machine")

    assert version_of(path) is None


def test_a_browser_that_never_answers_is_passed_over(tree: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guard.browser.executable._PATIENCE", 0.2)
    path = plant(tree.root / "usr/bin/chromium", CHROMIUM)
    path.write_text("#!/bin/sh\nexec sleep 60\n")

    assert version_of(path) is None


def test_playwrights_own_browser_is_the_last_choice_and_the_newest_of_them_wins(tree: System) -> None:
    store = tree.home / ".cache/ms-playwright"
    plant(store / "chromium-999/chrome-linux/chrome", CHROME)
    newest = plant(store / "chromium-1187/chrome-linux64/chrome", CHROMIUM)
    plant(store / "chromium_headless_shell-1300/chrome-linux/headless_shell", EDGE)

    assert (find_browser(system=tree).path, find_browser(system=tree).source) == (newest, Source.PLAYWRIGHT)

    plant(tree.root / "usr/bin/chromium", CHROMIUM)
    assert find_browser(system=tree).source is Source.INSTALLED


@pytest.mark.parametrize("variable", ["PLAYWRIGHT_BROWSERS_PATH", "XDG_CACHE_HOME"])
def test_playwrights_browsers_are_looked_for_where_its_documentation_says(tmp_path: Path, variable: str) -> None:
    folder = tmp_path / "elsewhere"
    tree = System(root=tmp_path, platform="linux", environ={variable: str(folder)}, home=tmp_path / "home")
    store = folder if variable == "PLAYWRIGHT_BROWSERS_PATH" else folder / "ms-playwright"
    path = plant(store / "chromium-1187/chrome-linux/chrome", CHROMIUM)

    assert find_browser(system=tree).path == path


def test_without_any_browser_the_error_is_the_command_to_type(tree: System) -> None:
    """On Debian the distribution's package; elsewhere Playwright's, by the very Python that runs the guard."""
    playwright = f"{sys.executable} -m playwright install chromium"
    with pytest.raises(BrowserError, match="No Edge, Chrome or Chromium is installed") as caught:
        find_browser(system=tree)
    assert caught.value.mend == f"Run: {playwright}"

    (tree.root / "etc").mkdir()
    (tree.root / "etc/debian_version").write_text("12.8\n")
    assert install_command(tree) == "sudo apt-get install chromium"

    (tree.root / "etc/os-release").write_text('NAME="Ubuntu"\nID=ubuntu\n')
    assert install_command(tree) == playwright


def test_on_macos_applications_are_looked_through(tmp_path: Path) -> None:
    tree = System(root=tmp_path, platform="darwin", environ={}, home=tmp_path / "home")
    path = plant(tmp_path / "Applications/Google Chrome.app/Contents/MacOS/Google Chrome", CHROME)

    assert find_browser(system=tree).path == path


def test_on_windows_a_version_is_read_from_the_folder_beside_and_the_newest_counts(tmp_path: Path) -> None:
    """There `--version` would open a window."""
    tree = System(root=tmp_path, platform="win32", environ={"ProgramFiles": str(tmp_path)}, home=tmp_path / "home")
    program = plant(tmp_path / "Microsoft/Edge/Application/msedge.exe", "never asked", status=1)
    for folder in ("99.0.1.2", "154.0.3.4", "SetupMetrics"):
        (program.parent / folder).mkdir()

    found = find_browser(system=tree)

    assert (found.path, found.version) == (program, "154.0.3.4")


def test_this_machines_browser_is_found() -> None:
    """`make test` has installed one."""
    found = find_browser()

    assert found.path.is_file()
    assert found.version.count(".") == 3
