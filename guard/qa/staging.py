"""The counter that tests are run at: never one of production, with state of its own, in the browser they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.browser.executable import find_browser
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


def with_browser(config: Config, name: str, channel: str | None) -> Config:
    """The same counter in the browser of pytest-playwright's `--browser` and `--browser-channel`.

    Raises ConfigError for another engine, and BrowserError for a channel that is not installed.
    """
    if name != "chromium":
        mend = "Take chromium; --browser-channel names Edge (msedge), Chrome (chrome) or Chromium (chromium)."
        raise ConfigError("the guard drives no such --browser", value=name, mend=mend)
    if channel is None:
        return config
    found = find_browser(channels=[channel])
    browser = config.browser.model_copy(update={"executable": found.path})
    return config.model_copy(update={"browser": browser})
