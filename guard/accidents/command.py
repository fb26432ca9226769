"""`guard accidents`: every class at both counters, with progress, and the matrix at the end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.accidents import ACCIDENTS
from guard.accidents.matrix import put_into, table
from guard.accidents.play import open_player
from guard.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from flows.accidents import Accident
    from guard.accidents.played import Played


def run_accidents(terminal: Console, wanted: Sequence[str], *, readme: Path | None, headed: bool) -> bool:
    """Play the wanted classes, or all; True only if each came out as its definition promises, at both counters."""
    if readme is not None and wanted:
        raise ConfigError("the file carries every class", value=str(readme), mend="Leave out the names of classes.")
    began = time.monotonic()
    played = _play(_chosen(wanted), terminal, headed=headed)
    terminal.print(table(played))
    terminal.print(f"Played: {len(played)}, in {time.monotonic() - began:.0f} s. {_cost(played)}", highlight=False)
    if readme is not None:
        readme.write_text(put_into(readme.read_text(encoding="utf-8"), played), encoding="utf-8")
    return all(one.as_promised for one in played)


def _chosen(wanted: Sequence[str]) -> list[Accident]:
    known = {one.id: one for one in ACCIDENTS}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ConfigError("no such accident class", value=unknown[0], mend=f"Known are: {', '.join(known)}.")
    return [known[name] for name in wanted] or list(ACCIDENTS)


def _play(chosen: Sequence[Accident], terminal: Console, *, headed: bool) -> list[Played]:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    played = []
    with Progress(*columns, console=terminal) as progress, sync_playwright() as playwright:
        task = progress.add_task("", total=len(chosen))
        with open_player(playwright, headed=headed) as player:
            for accident in chosen:
                progress.update(task, description=f"{accident.name.ja} / {accident.name.en}")
                played.append(player.play(accident))
                progress.advance(task)
    return played


def _cost(played: Sequence[Played]) -> str:
    """How much longer the same steps took under the guard, handovers and typed checks included."""
    times = [(one.unguarded.seconds, one.guarded.seconds) for one in played if not one.accident.restores]
    plain, guarded = (sum(column) for column in zip(*times, strict=True)) if times else (0.0, 0.0)
    return f"Steps: {plain:.0f} s without the guard, {guarded:.0f} s with it." if plain else ""
