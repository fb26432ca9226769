"""`guard portal try`: logged out, logged in, in use, logged out again; what was seen, and the mend for what failed."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from guard.browser.farewell import said_of
from guard.core.clearance import Finding
from guard.errors import ConfigError
from guard.trying.mends import mends_of
from guard.trying.trial import Task, Trial
from guard.trying.window import TryWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.config import Config
    from guard.portal import Portal
    from guard.trying.trial import Look, Mend

T = TypeVar("T")


class Wish(StrEnum):
    """What the person at the window wants."""

    DONE = "done"
    LET_GO = "let go"
    STOP = "stop"


class Person(Protocol):
    """Whoever tries the profile. Asked in a thread of its own, one question at a time."""

    def told(self, line: str) -> None:
        """Hear one line."""

    def at_window(self, task: Task, endpoint: str) -> Wish:
        """Do this in the window; LET_GO and STOP answer the held request that waits longest, and are asked again."""
        ...

    def shown_name(self) -> str:
        """Their own name as the site shows it; empty if they do not say."""
        ...


async def try_portal(
    portal: Portal, config: Config, person: Person, *, url: str | None = None, headless: bool = False
) -> list[Mend]:
    """Walk a person through a profile; returns the mends, empty of needed ones if the profile works.

    Raises ConfigError for a start page outside the portal, BrowserError if no browser starts or stays.
    """
    start = url or portal.start_url
    if "/".join(start.split("/", 3)[:3]) not in portal.origins:
        mend = f"Add its scheme and host to origins; the profile names {', '.join(portal.origins)}."
        raise ConfigError("the start page is not the portal's", value=start, mend=mend)
    trial = Trial(portal=portal)
    async with TryWindow(config, trial, person.told, headless=headless) as window:
        await window.show(start)
        await _logged_out(window, trial, person)
        await _logged_in(window, trial, person)
        person.told("3. In use")
        await _at_window(window, Task.USE, person)
        await _log_out(window, trial, person)
    mends = mends_of(trial)
    _tell_mends(mends, person)
    return mends


async def _logged_out(window: TryWindow, trial: Trial, person: Person) -> None:
    person.told("1. Logged out")
    trial.logged_out = await window.questions.look()
    _tell_look(trial.logged_out, person)


async def _logged_in(window: TryWindow, trial: Trial, person: Person) -> None:
    person.told("2. Log in")
    await _at_window(window, Task.LOG_IN, person)
    trial.shown_name = (await _asked(person, person.shown_name)).strip()
    trial.logged_in = await window.questions.look()
    _tell_look(trial.logged_in, person)
    person.told(f"  cookies that came or changed: {', '.join(trial.logged_in.changed(trial.logged_out)) or 'none'}")
    await window.questions.weigh_session()
    if trial.enough is not None:
        said = "enough" if trial.enough else f"not enough; needed: {', '.join(trial.needed) or 'not found'}"
        person.told(f"  what the profile names as the session is {said}")


async def _at_window(window: TryWindow, task: Task, person: Person) -> None:
    window.task = task
    while (wish := await _asked(person, person.at_window, task, window.endpoint)) is not Wish.DONE:
        window.decide(let_go=wish is Wish.LET_GO)


async def _asked(person: Person, question: Callable[..., T], *arguments: object) -> T:
    try:
        return await asyncio.to_thread(question, *arguments)
    except asyncio.CancelledError:
        person.told("Interrupted. Press Enter to close.")  # a thread that waits for a line can only be ended by one
        raise


async def _log_out(window: TryWindow, trial: Trial, person: Person) -> None:
    person.told("4. Log out, as at the end of a visit")
    await window.log_out()
    for step in trial.steps:
        person.told(f"  {step.method} {step.path}: {step.status or 'no answer'}")
    for proof in trial.proofs:
        sign = {Finding.PROVED: "✓", Finding.DECLARED: "!"}.get(proof.finding, "✗")
        person.told(f"  {sign} {proof.area.value}: {proof.detail}")


def _tell_look(look: Look, person: Person) -> None:
    if look.answer is not None:
        person.told(f"  answer: status {look.answer.status}, {look.answer.content_type or 'no content type'}")
    for match in look.matches:
        text = f": {match.text}" if match.text is not None else ""
        person.told(f"  holder.{match.key} {match.select!r} matches {match.times}{text}")
    person.told(f"  so: {said_of(look.holder)}")


def _tell_mends(mends: list[Mend], person: Person) -> None:
    for mend in mends:
        person.told(f"{'✗' if mend.needed else 'i'} {mend.what}")
        for line in mend.lines.splitlines():
            person.told(f"      {line}")
    person.told("The profile must be mended." if any(mend.needed for mend in mends) else "✓ The profile works.")
