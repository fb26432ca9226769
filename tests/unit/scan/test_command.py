"""Tests of `guard.scan.command` through the command line, where no browser is needed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from guard.cli import app
from tests.unit.profiles import COUNTER, IDP, POINT

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "secret-session-value-0815"  # noqa: S105  # invented


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name, text in (("point.toml", POINT), ("idp.toml", IDP), ("counter.toml", COUNTER)):
        (tmp_path / name).write_text(text)
    file = tmp_path / "counter.toml"
    file.write_text(f'{COUNTER}\nstate_dir = "{tmp_path / "state"}"\n')
    return file


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "ud" / "Default"
    folder.mkdir(parents=True)
    (folder / "Preferences").write_text("{}")
    return folder


def leave_session(profile: Path) -> None:
    with closing(sqlite3.connect(profile / "Cookies")) as database, database:
        database.execute(
            "CREATE TABLE cookies (host_key, name, value, encrypted_value, creation_utc, last_access_utc, expires_utc)"
        )
        database.execute(
            "INSERT INTO cookies VALUES ('point.portal.test', 'point_session', ?, x'', 1, 1, 0)", (SECRET,)
        )


def scan(profile: Path, config: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["scan", str(profile), "--config", str(config), *options])
    return result.exit_code, result.output


def test_a_clean_profile_ends_with_0_and_a_leftover_with_1(profile: Path, config: Path) -> None:
    assert scan(profile.parent, config)[0] == 0
    leave_session(profile)
    assert scan(profile.parent, config)[0] == 1


def test_the_value_of_a_cookie_goes_nowhere(profile: Path, config: Path) -> None:
    """Even where an old browser keeps it in clear."""
    leave_session(profile)

    for options in ((), ("--json",), ("--show-names",), ("--find", "session-value")):
        status, said = scan(profile, config, *options)
        assert status == 1
        assert SECRET not in said


def test_without_the_journals_key_the_digests_are_of_this_scan_alone_and_no_key_is_made(
    profile: Path, config: Path, tmp_path: Path
) -> None:
    """A scan leaves nothing on the machine, and an outsider cannot compare digests."""
    leave_session(profile)
    first, second = (json.loads(scan(profile, config, "--json")[1])["leftovers"][0]["digest"] for _ in range(2))

    assert first != second
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("folder", "options", "status", "complaint"),
    [
        ("missing", (), 6, "there is no such folder"),
        ("counter.toml", (), 6, "this is a file"),
        ("empty", (), 6, "not the folder of a browser profile"),
        ("ud", ("--find", ""), 2, "a word given with --find is too short"),
        ("ud", ("--find", "あ"), 2, "Give words of at least 2 characters"),
        ("ud", ("--log-out",), 2, "--log-out needs --ask-portals"),
        ("ud", ("--config", "missing.toml"), 2, "missing.toml: cannot be read"),
    ],
)
def test_a_wrong_wish_is_refused_with_the_mend(
    profile: Path, config: Path, tmp_path: Path, folder: str, options: tuple[str, ...], status: int, complaint: str
) -> None:
    assert profile.exists()
    (tmp_path / "empty").mkdir()

    ended, said = scan(tmp_path / folder, config, *options)

    assert ended == status
    assert complaint in " ".join(said.split())


def test_words_that_were_found_are_not_repeated_in_the_report(profile: Path, config: Path) -> None:
    (profile / "佐藤花子.txt").write_text("佐藤花子")

    status, said = scan(profile, config, "--json", "--find", "佐藤花子")

    assert status == 1
    (found,) = json.loads(said)["leftovers"]
    assert (found["kind"], found["what"], found["where"]) == ("word", "word 1", "Default/….txt")
