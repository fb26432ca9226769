"""Bad input ends `guard flow run` with status 2 and one sentence, before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.journeys import JOURNEYS
from guard.cli import app

PROFILES = Path(__file__).parents[3] / "config" / "portals"
PEOPLE = "name,birth_date\n佐藤 花子,19800401\n田中 一郎,19610401\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    return file


def _refused(*words: object) -> str:
    result = CliRunner().invoke(app, ["flow", "run", *map(str, words)], env={"COLUMNS": "500"})
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "佐藤" not in result.output
    return " ".join(result.output.split())


def test_every_flow_is_listed_with_its_steps_and_columns() -> None:
    listed = CliRunner().invoke(app, ["flow", "list"], env={"COLUMNS": "500"}).output
    for journey in JOURNEYS.values():
        assert f" {journey.name} " in listed
        assert " ".join(step.name for step in journey.steps) in listed
        assert journey.title.en in listed


def test_a_flow_that_is_none_is_told_with_those_that_are(people: Path) -> None:
    said = _refused("acount", "--citizens", people)
    assert "there is no flow 'acount'; did you mean 'account'? There are: points, cashless-link" in said
    assert "points cannot be left after 'submit'; it can after: login" in _refused(
        "points@submit", "--citizens", people
    )


def test_a_flow_for_a_child_needs_the_childs_columns(people: Path) -> None:
    assert "people.csv, row 1, column child_name: column missing" in _refused("child", "--citizens", people)


def test_a_household_has_one_surname(people: Path) -> None:
    said = _refused("household", "--citizens", people)
    assert "people.csv: the flow household is for two or more citizens of one surname (found: 2 citizens, 2 sur" in said


def test_a_counter_of_production_is_refused(people: Path, tmp_path: Path) -> None:
    """As by the pytest plugin: no flow books anything for a real person."""
    real = tmp_path / "real.toml"
    real.write_text(f'counter = "窓口1"\nportals = ["{PROFILES / "idp.toml"}"]\n')
    said = _refused("points", "--citizens", people, "--config", real)
    assert "real.toml: this counter serves real portals. Tests need a [test_network]." in said


def test_on_a_staging_portal_every_column_of_the_flow_must_be_there(people: Path, tmp_path: Path) -> None:
    """Nothing is made up for a portal that knows its own people."""
    staging = tmp_path / "staging.toml"
    staging.write_text(
        f'counter = "窓口1"\nportals = ["{PROFILES / "idp.toml"}"]\n'
        f'[test_network]\nca_file = "{people}"\nhosts = {{ "idp.portal.test" = 4433 }}\n'
    )
    said = _refused("points", "--citizens", people, "--config", staging)
    assert "people.csv, row 1, column card_id: column missing" in said
