"""The person at the terminal, and the counter that a profile is tried on."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from guard.config import Config, load_config
from guard.portal import load_portal
from guard.trying.trial import Task
from guard.trying.walk import Wish, try_portal

if TYPE_CHECKING:
    from rich.console import Console

    from guard.portal import Portal

_TASKS = {
    Task.LOG_IN: "Log in in the window, then press Enter",
    Task.USE: "Use the site as in a visit; Enter goes on, g lets the held request go, s stops it",
}
_WISHES = {"g": Wish.LET_GO, "s": Wish.STOP}


class AtTerminal:
    """Asks whoever sits there. The end of the input is a plain Enter."""

    def __init__(self, terminal: Console) -> None:
        self._terminal = terminal

    def told(self, line: str) -> None:
        self._terminal.print(line, markup=False, emoji=False, highlight=False, soft_wrap=True)

    def at_window(self, task: Task, endpoint: str) -> Wish:  # noqa: ARG002  # people use the window itself
        return _WISHES.get(self._asked(_TASKS[task]).lower(), Wish.DONE)

    def shown_name(self) -> str:
        return self._asked("Your name as the site shows it, for finding its place (Enter: skip)")

    def _asked(self, question: str) -> str:
        try:
            return self._terminal.input(f"{question}: ", markup=False).strip()
        except EOFError:
            return ""


def run_trial(profile: Path, config: Path | None, terminal: Console, *, url: str | None, headless: bool) -> bool:
    """Try a profile; True only if it works. Its browser works in a folder that is gone afterwards."""
    portal = load_portal(profile)
    with tempfile.TemporaryDirectory(prefix="guard-try-", ignore_cleanup_errors=True) as folder:
        counter = trial_config(portal, load_config(config) if config else None, Path(folder))
        mends = asyncio.run(
            try_portal(counter.portal(portal.name), counter, AtTerminal(terminal), url=url, headless=headless)
        )
    return not any(mend.needed for mend in mends)


def trial_config(portal: Portal, counter: Config | None, state_dir: Path) -> Config:
    """A counter with this profile, among those of `counter` if there is one; never in that one's own folder."""
    if counter is None:
        alone = portal.model_copy(update={"identity_provider": None})
        return Config(counter="guard portal try", portals=(alone,), state_dir=state_dir)
    others = [one for one in counter.portals if one.name != portal.name and not {*one.origins} & {*portal.origins}]
    settings = {name: getattr(counter, name) for name in counter.model_fields_set - {"portals", "state_dir"}}
    return Config(**settings, portals=(portal, *others), state_dir=state_dir)
