"""The counter that tests are run at: never one of production, and with state of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.config import CardSettings, ReceptionSettings, load_config
from guard.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from guard.config import Config


def counter_for_tests(named: str | Path, state_dir: Path) -> Config:
    """The counter of this file, for tests. Raises ConfigError for a wrong one, and for one that serves real portals.

    Several run at once, as pytest-xdist's workers do: each takes a free port and a folder of its own. Whom it
    serves is said by the test, and by no list, login or card.
    """
    config = load_config(named)
    if not config.is_test:
        raise ConfigError(f"{named}: this counter serves real portals", mend="Tests need a [test_network].")
    console = config.console.model_copy(update={"port": 0})
    said = {"card": CardSettings(), "reception": ReceptionSettings()}
    return config.model_copy(update={"state_dir": state_dir, "console": console, **said})
