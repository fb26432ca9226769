"""`guard flow run`: citizens out of a file, a journey, a guarded counter; progress while it plays, a table after it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows.journeys import JOURNEYS, find
from flows.journeys.journey import CHILD
from flows.makers import BANKS, SERVICES
from guard.blocking import open_blocking_counter
from guard.flow.addresses import sites_of
from guard.flow.cast import as_given, invented
from guard.flow.citizens import read_citizens
from guard.flow.complaints import FlowInputError
from guard.flow.play import FlowPlay, Outcome, Result
from guard.qa.staging import counter_for_tests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.progress import TaskID

    from flows.journeys import Journey
    from guard.config import Config
    from guard.flow.cast import Part

_SIGNS = {Outcome.DONE: "✓", Outcome.LEFT: "✓", Outcome.STOPPED: "■", Outcome.FAILED: "✗"}


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What was asked for on the command line."""

    flow: str
    citizens: Path
    config: Path | None = None
    """Counter of a staging portal; without it the mock portals."""
    base_urls: tuple[str, ...] = ()
    headed: bool = False


def run_flow(wishes: Wishes, terminal: Console) -> bool:
    """Play it; True only if every citizen's journey went as the flow says. Raises GuardError for bad input."""
    journey = _journey(wishes.flow)
    with tempfile.TemporaryDirectory(prefix="guard-flow-", ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        config, cast = _counter(wishes, journey, Path(folder), stack)
        sites = sites_of(config, wishes.base_urls, journey.portals)
        counter = stack.enter_context(open_blocking_counter(config, headless=not wishes.headed))
        play = FlowPlay(journey, sites, counter, stack.enter_context(sync_playwright()))
        results = list(_served(play, journey, cast, terminal))
    terminal.print(result_table(journey, results))
    return all(result.as_expected for result in results)


def flow_table() -> Table:
    """Every flow with its steps and the columns it takes."""
    table = Table(title="guard flow run NAME or NAME@STEP", show_lines=True)
    for heading in ("name", "flow", "steps", "columns, beside name and birth_date"):
        table.add_column(heading, overflow="fold")
    for journey in JOURNEYS.values():
        title = f"{journey.title.ja}\n{journey.title.en}"
        table.add_row(journey.name, title, " ".join(step.name for step in journey.steps), " ".join(journey.needs))
    return table


def result_table(journey: Journey, results: Sequence[Result]) -> Table:
    """One citizen a row, by the row of the file: no name stands in it."""
    table = Table(title=f"guard flow run {journey.name}")
    for heading in ("row", "outcome", "released", "last step", "why", "seconds"):
        table.add_column(heading, overflow="fold")
    for result in results:
        outcome = Text(
            f"{_SIGNS[result.outcome]} {result.outcome.value}", style="green" if result.as_expected else "red"
        )
        why = Text(result.why)  # a portal's words are not markup
        table.add_row(str(result.line), outcome, str(result.released), result.step, why, f"{result.seconds:.1f}")
    return table


def _journey(name: str) -> Journey:
    try:
        return find(name)
    except LookupError as error:
        raise FlowInputError(str(error.args[0]), mend="See: guard flow list") from None


def _counter(wishes: Wishes, journey: Journey, folder: Path, stack: ExitStack) -> tuple[Config, tuple[Part, ...]]:
    """The counter, and the citizens as its portals know them."""
    today = datetime.now().astimezone().date()
    if wishes.config is not None:
        config = counter_for_tests(wishes.config, folder)
        rows = read_citizens(wishes.citizens, today, needs=journey.needs)
        _refuse_strangers(journey, cast := as_given(rows), wishes.citizens)
        return config, cast
    from flows.mock import MockPortals  # noqa: PLC0415  # an extra, which a staging portal does not need
    from guard.demo.run import mock_config  # noqa: PLC0415

    needs = CHILD if journey.acts_for_child else ()
    cast = invented(read_citizens(wishes.citizens, today, needs=needs, takes={"service": SERVICES, "bank": BANKS}))
    _refuse_strangers(journey, cast, wishes.citizens)
    people = [one for part in cast for one in (part.resident, part.child) if one is not None]
    return mock_config(stack.enter_context(MockPortals(people)), folder), cast


def _refuse_strangers(journey: Journey, cast: Sequence[Part], file: Path) -> None:
    """A household has one surname, and more than one member."""
    surnames = {part.row.citizen.name.split()[0] for part in cast}
    if journey.family and (len(cast) < 2 or len(surnames) > 1):  # noqa: PLR2004
        what = f"{file.name}: the flow {journey.name} is for two or more citizens of one surname"
        mend = "Write name as surname, space, given name, one member of the household a row."
        raise FlowInputError(what, value=f"{len(cast)} citizens, {len(surnames)} surnames", mend=mend)


def _served(play: FlowPlay, journey: Journey, cast: Sequence[Part], terminal: Console) -> Iterator[Result]:
    with _progress(terminal) as progress:
        task = progress.add_task(journey.name, total=len(cast) * len(journey.steps))
        for number, part in enumerate(cast, start=1):
            who = f"{journey.name}: citizen {number} of {len(cast)}"
            progress.update(task, completed=(number - 1) * len(journey.steps), description=who)
            yield play.serve(part, partial(_step_made, progress, task, who))


def _step_made(progress: Progress, task: TaskID, who: str, step: str) -> None:
    progress.update(task, advance=1, description=f"{who}, {step}")


@contextmanager
def _progress(terminal: Console) -> Iterator[Progress]:
    columns = (SpinnerColumn(), TextColumn("{task.percentage:>3.0f} % {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=terminal) as progress:
        yield progress
