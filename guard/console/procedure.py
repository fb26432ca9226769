"""The procedure for when the guard is down, as a page and as a file; and the form for the visits of that time."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from guard.console.calls import Frame
from guard.console.fields import Fault
from guard.console.forms import Attempt
from guard.console.page import draw
from guard.core.events import Ending
from guard.core.offline import Cause, Kept
from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from guard.console.desk import Desk
    from guard.texts import Texts

_ENDINGS = {one.value: one for one in (Ending.DONE, Ending.INTERRUPTED)}


def procedure_page(texts: Texts, counter: str, around: Frame, *, alone: bool = False) -> str:
    """The sheet; `alone` as a file that needs nothing beside it."""
    style = Markup(files("guard.console").joinpath("static/procedure.css").read_text("utf-8")) if alone else None  # noqa: S704 - our own file
    return draw("procedure.html", t=texts, counter=counter, style=style, frame=around)


def write_procedure(folder: Path, counter: str, texts: Texts, *, training: bool = False) -> Path:
    """Write the sheet in one language, for the day on which nothing starts."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"guard-down.{texts.language}.html"
    around = Frame(csrf="", training=training)
    file.write_text(procedure_page(texts, counter, around, alone=True), "utf-8")
    return file


async def enter_visit(desk: Desk, form: Mapping[str, str], texts: Texts, today: date) -> Attempt | None:
    """Enter one visit of that time."""
    began = _moment(form.get("began", ""), today)
    ending, cause = _ENDINGS.get(form.get("ending", "")), form.get("cause", "")
    if isinstance(began, Fault):
        faults = {"began": began}
        return Attempt(form="without", values=form, faults=faults, notice=texts.label(Label.CHECK_FIELDS))
    if ending is None or cause not in set(Cause):
        return Attempt(form="without", values=form, notice=texts.label(Label.STALE_PAGE))
    kept = frozenset(one for one in Kept if form.get(one))
    refusal = await desk.enter_visit(began, ending, Cause(cause), kept)
    return None if refusal is None else Attempt(form="without", values=form, notice=texts.refusal(refusal))


def _moment(typed: str, today: date) -> str | Fault:
    """Local time to the minute with its offset, as the journal writes times."""
    try:
        moment = datetime.fromisoformat(typed).astimezone()
    except (ValueError, OverflowError):  # the latter in the year 1
        return Fault.MOMENT_MISSING
    return Fault.IN_THE_FUTURE if moment.date() > today else moment.isoformat(timespec="minutes")
