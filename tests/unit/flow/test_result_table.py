"""What is printed at the end: a row of the file for each citizen, and an outcome that decides the exit status."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from flows.journeys import find
from guard.flow.command import result_table
from guard.flow.play import Outcome, Result


def _result(outcome: Outcome, why: str = "") -> Result:
    return Result(line=3, outcome=outcome, why=why, step="begin", released=5, seconds=2.04)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(Outcome.DONE, True), (Outcome.LEFT, True), (Outcome.STOPPED, False), (Outcome.FAILED, False)],
)
def test_only_what_the_flow_says_is_as_expected(outcome: Outcome, expected: bool) -> None:  # noqa: FBT001
    assert _result(outcome).as_expected is expected


def test_a_portals_words_are_shown_as_they_are() -> None:
    """Brackets are not markup, and nothing is cut."""
    printed = io.StringIO()
    table = result_table(find("points"), [_result(Outcome.FAILED, "the page stays at '確認': [bold]登録済み")])
    Console(file=printed, width=160).print(table)
    cells = [cell.strip() for cell in printed.getvalue().splitlines()[4].split("│")]
    assert cells[1:-1] == ["3", "✗ failed", "5", "begin", "the page stays at '確認': [bold]登録済み", "2.0"]
