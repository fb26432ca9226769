"""What the demo says at its end: the table on the terminal, and the exit status of the command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from flows.accidents import KORIYAMA, SHOWN
from guard import run as guard_run
from guard.cli import app
from guard.demo import interactive
from guard.demo import run as demo_run
from guard.demo.run import result_table
from tests.unit.demo.test_play import HAPPENED, HELD, played

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from guard.config import Config
    from guard.demo.play import Played

    Demo = Callable[..., tuple[int, dict[str, Any]]]

HEADINGS = (
    "事案 / accident",
    "出典 / source",
    "ガードなし / without",
    "ガードあり / with",
    "次の方まで / next citizen",
)
WIDE = 400  # columns; nothing is folded


def cells(*shown: Played) -> list[list[str]]:
    """The table as a terminal shows it: its headings, then the cells of each accident."""
    terminal = Console(width=WIDE, no_color=True)
    with terminal.capture() as captured:
        terminal.print(result_table(list(shown)))
    rows: list[list[str]] = [[]]
    for line in captured.get().splitlines()[1:]:
        if line.startswith(("┃", "│")):
            parts = [part.strip() for part in line.strip("┃│").replace("┃", "│").split("│")]
            rows[-1] = [f"{one} {part}".strip() for one, part in zip(rows[-1] or [""] * len(parts), parts, strict=True)]
        elif rows[-1]:
            rows.append([])
    return [row for row in rows if row]


def test_the_table_says_of_each_accident_what_happened_with_and_without_the_guard() -> None:
    headings, row = cells(played(HAPPENED, replace(HELD, next_citizen_after=1.234)))
    assert tuple(headings) == HEADINGS
    accident, source, without, with_guard, next_citizen = row
    assert accident == f"{KORIYAMA.place.ja} {KORIYAMA.place.en} {KORIYAMA.day}"
    assert source == KORIYAMA.source
    assert without == f"✗ {HAPPENED.misattribution}"
    assert with_guard.startswith("✓ 停止・全ログアウト・本人で完了 / stopped (someone_else), logged out, B served as B")
    assert next_citizen == "1.23 s"


def test_the_table_has_a_row_for_each_accident() -> None:
    _, *rows = cells(*(replace(played(HAPPENED, HELD), accident=accident) for accident in SHOWN))
    assert [row[1] for row in rows] == [accident.source for accident in SHOWN]


def test_the_table_hides_no_failure() -> None:
    """Neither an accident that did not happen without the guard, nor one that happened with it."""
    _, row = cells(played(replace(HAPPENED, misattribution=None), replace(HELD, astray="A's points go to B")))
    assert row[2] == "起きなかった / did not happen"
    assert row[3] == "✗ 防げなかった / not held A's points go to B"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Demo:
    """Runs the command on a demo that only says how it came out; returns exit status and what it was told."""

    def run(*words: str, held: bool) -> tuple[int, dict[str, Any]]:
        told: dict[str, Any] = {}

        def play(out: Path, _: Console, *, headed: bool) -> bool:
            told.update(out=out, headed=headed)
            return held

        async def serve(config: Config, _: Console, *, headless: bool) -> None:
            told.update(served=config.counter, headless=headless)

        monkeypatch.setattr(demo_run, "run_demo", play)
        monkeypatch.setattr(guard_run, "serve", serve)
        result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path), *words])
        return result.exit_code, told

    return run


@pytest.mark.parametrize(("held", "status"), [(True, 0), (False, 1)])
def test_the_exit_status_is_0_only_if_every_accident_was_held(held: bool, status: int, demo: Demo) -> None:  # noqa: FBT001
    assert demo(held=held)[0] == status


def test_a_demo_that_did_not_hold_fails_after_it_was_played_with_too(demo: Demo) -> None:
    status, told = demo("--interactive", held=False)
    assert (status, told["served"], told["headless"]) == (1, "デモ窓口", False)


def test_windows_are_shown_where_they_are_asked_for(demo: Demo, tmp_path: Path) -> None:
    assert demo(held=True)[1] == {"out": tmp_path, "headed": False}
    assert demo("--headed", held=True)[1]["headed"] is True


def test_the_counter_to_play_with_stands_on_mock_portals_and_names_whom_to_serve() -> None:
    with interactive.interactive_config() as (config, hint):
        state_dir = config.state_dir
        assert {portal.name for portal in config.portals} == set(demo_run.PROFILES)
        assert config.test_network is not None
        assert {portal.origin.removeprefix("https://") for portal in config.portals} <= set(config.test_network.hosts)
        for accident in SHOWN:
            for resident in (accident.first, accident.second):
                assert f"{resident.name}  {resident.birth_date}  カード {resident.card_id}" in hint
        assert state_dir.exists()
    assert not state_dir.exists()
