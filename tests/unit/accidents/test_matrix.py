"""The matrix on the terminal and in README.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from flows.accidents import ACCIDENTS
from guard.accidents.matrix import markdown, put_into, rows_in, table, verdict
from guard.core.verdict import Reason
from guard.errors import GuardError
from tests.unit.accidents.test_played import ASTRAY, CLEARED, CONFIRMED, MISSED, RIGHT, SEALED, STOPPED, played

if TYPE_CHECKING:
    from guard.accidents.played import Found

README = Path(__file__).parents[3] / "README.md"
ROWS = [
    played("back-button", ASTRAY, CLEARED),
    played("twins", ASTRAY, STOPPED),
    played("silent-logout", ASTRAY, SEALED),
    played("comes-back", RIGHT, CLEARED),
    played("name-variant", RIGHT, CONFIRMED),
    played("untold", ASTRAY, MISSED),
]
PAGE = "before\n<!-- guard accidents -->\nold\n<!-- /guard accidents -->\nafter\n"


def test_the_readme_names_exactly_the_classes_that_exist_each_with_the_verdict_it_promises() -> None:
    """`guard accidents --readme README.md` writes them."""
    assert rows_in(README.read_text("utf-8")) == [(one.id, verdict(one).en) for one in ACCIDENTS]


def test_a_row_says_what_happened_with_and_without_the_guard() -> None:
    rows = markdown(ROWS).splitlines()[2:]
    said = [row.split(" | ")[2:] for row in rows]
    assert said == [
        ["points of A go to B", "cannot arise: no login is left to go on in", "prevented |"],
        ["points of A go to B", "stopped (`someone_else`), then done properly", "prevented |"],
        [
            "points of A go to B",
            "cannot arise; sealed until a leader looked (not proved: `logged_out`)",
            "prevented |",
        ],
        ["as meant", "let through", "rightly let through |"],
        ["as meant", "let through once a person had confirmed it (`variant_unconfirmed`)", "rightly let through |"],
        ["points of A go to B", "not stopped: points of A go to B", "open |"],
    ]


@pytest.mark.parametrize(
    ("unguarded", "guarded", "said"),
    [
        (ASTRAY, replace(STOPPED, as_meant=False), "not done as meant `someone_else`"),
        (ASTRAY, replace(STOPPED, broken="TimeoutError: no window"), "TimeoutError: no window"),
        (ASTRAY, replace(STOPPED, stops=[Reason.TOO_LATE]), "stopped (`too_late`), then done properly"),
    ],
)
def test_what_is_not_as_promised_is_told_as_it_came_out(unguarded: Found, guarded: object, said: str) -> None:
    """A row never shows the promise in place of the result."""
    row = markdown([played("twins", unguarded, guarded)])  # type: ignore[arg-type]
    assert f"| {said} | not as promised |" in row


def test_the_matrix_replaces_what_stood_between_the_marks_and_nothing_else() -> None:
    written = put_into(PAGE, ROWS)
    assert written.startswith("before\n<!-- guard accidents -->\n| accident |")
    assert written.endswith("|\n<!-- /guard accidents -->\nafter\n")
    assert [ident for ident, _ in rows_in(written)] == [one.accident.id for one in ROWS]
    assert put_into(written, ROWS) == written


def test_a_file_without_a_place_for_the_matrix_is_left_alone() -> None:
    with pytest.raises(GuardError, match="no place"):
        put_into("no marks", ROWS)


def test_the_terminal_shows_both_languages_and_the_name_to_play_it_by() -> None:
    screen = Console(record=True, width=300)
    screen.print(table(ROWS))
    shown = screen.export_text()
    for said in ("「戻る」でA氏の画面", "Back button into A's page", "back-button", "防止", "open"):
        assert said in shown
