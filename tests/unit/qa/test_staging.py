"""The counter that tests are run at."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.errors import ConfigError
from guard.qa.staging import counter_for_tests

PROFILES = Path(__file__).parents[3] / "config" / "portals"
COUNTER = f"""
counter = "QA"
portals = ["{PROFILES / "idp.toml"}"]
state_dir = "shared"
[console]
port = 8765
language = "en"
[card]
required = true
[reception]
way = "list"
list = "today.csv"
"""
TEST_NETWORK = '[test_network]\nca_file = "ca.pem"\nhosts = { "idp.portal.test" = 4433 }\n'


def test_several_counters_of_one_file_run_at_once(tmp_path: Path) -> None:
    """Each worker has a folder and a console port of its own, and no test lays down a card."""
    file = tmp_path / "qa.toml"
    file.write_text(COUNTER + TEST_NETWORK)
    config = counter_for_tests(file, tmp_path / "gw1")
    assert (config.state_dir, config.console.port, config.card.required) == (tmp_path / "gw1", 0, False)
    assert config.reception.way == "typed", "the test says whom it serves"
    assert config.console.language == "en", "what does not get in the way stays"


def test_a_counter_of_production_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "real.toml"
    file.write_text(COUNTER)
    with pytest.raises(ConfigError, match=r"this counter serves real portals\. Tests need a \[test_network\]\."):
        counter_for_tests(file, tmp_path)
