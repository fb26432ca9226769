from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from guard.cli import app
from guard.closed import Closed, model_within
from guard.errors import ConfigError
from guard.grammar import Reading
from guard.portal import Portal, load_portal
from guard.trying.outline import outline, write_profile

if TYPE_CHECKING:
    from pathlib import Path

READINGS = [Reading.HTML, Reading.JSON]


def _text(reading: Reading = Reading.HTML) -> str:
    return outline("library", origin="https://library.example", reading=reading, file="library.toml")


@pytest.mark.parametrize("reading", READINGS)
def test_a_new_profile_loads_as_it_is_written(tmp_path: Path, reading: Reading) -> None:
    write_profile(tmp_path / "library.toml", "library", origin="https://library.example", reading=reading)

    portal = load_portal(tmp_path / "library.toml")

    assert (portal.name, portal.origin, portal.holder.reading) == ("library", "https://library.example", reading)


def _documented(model: type[Closed]) -> set[str]:
    """What every field of a model, and of the models in it, says of itself."""
    said: set[str] = set()
    for field in model.model_fields.values():
        said.update((field.description or "").split("\n"))
        inner = model_within(field.annotation)
        if inner is not None and inner.__name__ != "Words":
            said |= _documented(inner)
    return said


def test_every_key_of_the_grammar_stands_in_it_with_its_documentation() -> None:
    missing = [said for said in _documented(Portal) if said not in _text()]

    assert missing == []


@pytest.mark.parametrize("reading", READINGS)
def test_every_key_that_is_commented_out_can_be_set_by_taking_the_sign_away(reading: Reading) -> None:
    """What then contradicts itself is for the grammar to say; each line alone is TOML, under a table that is known."""
    everything = re.sub(r"^#(?! )", "", _text(reading), flags=re.MULTILINE)

    values = tomllib.loads(everything)

    assert set(values) == set(Portal.model_fields)
    assert set(values["holder"]) == set(Portal.model_fields["holder"].annotation.model_fields)  # type: ignore[union-attr]
    assert values["logout"]["steps"][0]["anti_forgery"]["cookie"] == "csrftoken"


def test_a_profile_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "library.toml"
    file.write_text("name = 'mine'", "utf-8")

    with pytest.raises(ConfigError, match="is there already"):
        write_profile(file, "library", origin="https://library.example", reading=Reading.HTML)

    assert file.read_text("utf-8") == "name = 'mine'"


@pytest.mark.parametrize(("name", "origin"), [("Library", "https://library.example"), ("library", "library.example")])
def test_a_name_or_origin_that_cannot_be_leaves_no_file(tmp_path: Path, name: str, origin: str) -> None:
    with pytest.raises(ConfigError):
        write_profile(tmp_path / "library.toml", name, origin=origin, reading=Reading.HTML)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named_with_its_mend(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_profile(tmp_path / "no" / "library.toml", "library", origin="https://a.example", reading=Reading.HTML)


def test_the_command_writes_the_profile_and_says_what_comes_next(tmp_path: Path) -> None:
    file = tmp_path / "library.toml"

    result = CliRunner().invoke(app, ["portal", "new", "library", "--json", "--out", str(file)])

    assert result.exit_code == 0
    assert "guard portal try" in result.output
    assert load_portal(file).holder.reading is Reading.JSON
