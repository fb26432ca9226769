"""Tests of `guard.scan.report`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from guard.scan.asking import AskedSession, State
from guard.scan.leftover import Kind, Leftover, Scan
from guard.scan.report import _KINDS, _STATES, as_json, print_scan, print_sessions

WHEN = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
FOUND = Leftover(kind=Kind.SESSION_COOKIE, profile="Default", where="Cookies", portal="point", created=WHEN)
ASKED = AskedSession(profile="Default", portal="point", state=State.ALIVE, holder="ab12", replay_refused=True)


def printed(scan: Scan, *sessions: AskedSession) -> str:
    terminal = Console(file=StringIO(), width=200, force_terminal=False)
    print_scan(scan, terminal)
    print_sessions(sessions, terminal)
    assert isinstance(terminal.file, StringIO)
    return terminal.file.getvalue()


def test_the_keys_of_the_json_stay_what_they_are() -> None:
    """Machines read them: a key that changes needs another number of the format."""
    document = json.loads(as_json(Scan(profiles=["Default"], leftovers=[FOUND], unseen=["x"]), [ASKED], scanned="/ud"))

    assert (document["format"], sorted(document)) == (
        1,
        ["at", "format", "leftovers", "not_looked_at", "profiles", "scanned", "sessions"],
    )
    assert sorted(document["leftovers"][0]) == [
        "count", "created", "digest", "expires", "host", "kind", "portal", "profile", "used", "what", "where",
    ]  # fmt: skip
    assert document["leftovers"][0]["created"] == "2026-11-21T08:30:00+00:00"
    assert sorted(document["sessions"][0]) == [
        "holder", "logged_out", "name", "portal", "profile", "replay_refused", "state", "why",
    ]  # fmt: skip


def test_a_clean_profile_is_said_to_be_clean_and_what_was_not_seen_is_said_too() -> None:
    said = printed(Scan(unseen=["Default/Cookies: cannot be read"]))

    assert "No leftovers found" in said
    assert "not looked at: Default/Cookies: cannot be read" in said


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_words_in_both_languages(kind: Kind) -> None:
    assert " / " in _KINDS[kind]


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_words_in_both_languages(state: State) -> None:
    assert " / " in _STATES[state]


def test_a_session_that_outlives_its_logout_is_said_to_live() -> None:
    alive = AskedSession(profile="Default", portal="point", state=State.ALIVE, logged_out=True, replay_refused=False)

    assert "still alive" in printed(Scan(), alive)
    assert "refused" in printed(Scan(), ASKED)


def test_what_a_stranger_named_cannot_steer_the_terminal() -> None:
    """File names and keys are theirs: no escape sequence, no markup, no emoji code is obeyed."""
    odd = Leftover(kind=Kind.DOWNLOAD, profile="Default", where="a\x1b[2Jb", what="[red]x[/red] :heart:")

    said = printed(Scan(leftovers=[odd], unseen=["c\x1b]0;d\x07"]))

    assert "\x1b" not in said
    assert "\x07" not in said
    assert "[red]x[/red] :heart:" in said
