from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from typer.testing import CliRunner

from guard.cli import app
from guard.config import Config
from guard.grammar import Reading
from guard.trying.command import AtTerminal, trial_config
from guard.trying.outline import outline
from guard.trying.trial import Task
from guard.trying.walk import Wish
from tests.unit.trying.trials import portal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("typed", "wish"),
    [("\n", Wish.DONE), ("g\n", Wish.LET_GO), ("S\n", Wish.STOP), ("what?\n", Wish.DONE), ("", Wish.DONE)],
)
def test_what_is_typed_answers_the_held_request_or_goes_on(
    typed: str, wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the input goes on too, so that nothing waits for ever."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    assert AtTerminal(Console(file=io.StringIO())).at_window(Task.USE, "ws://secret") is wish


def test_lines_are_shown_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A selector may look like markup, and a name may be long."""
    monkeypatch.setattr("sys.stdin", io.StringIO("山田 太郎\n"))
    shown = io.StringIO()
    person = AtTerminal(Console(file=shown, width=40))

    person.told("guest = [bold]a:smile:" + "x" * 60)

    assert shown.getvalue() == "guest = [bold]a:smile:" + "x" * 60 + "\n"
    assert person.shown_name() == "山田 太郎"


def test_a_profile_alone_is_tried_without_the_provider_that_it_names(tmp_path: Path) -> None:
    config = trial_config(portal(identity_provider="idp"), None, tmp_path)

    assert [one.identity_provider for one in config.portals] == [None]


def test_a_profile_is_tried_among_those_of_the_counter_in_a_folder_of_its_own(tmp_path: Path) -> None:
    """The newer profile counts where the counter has one of the same name; a running counter's browsers stay alone."""
    provider = portal(name="idp", origins=["https://idp.example"])
    older = portal(start="/old", identity_provider="idp")
    counter = Config(counter="窓口1", portals=(older, provider), state_dir=tmp_path / "counter")

    config = trial_config(portal(start="/new", identity_provider="idp"), counter, tmp_path / "trial")

    assert [(one.name, one.start) for one in config.portals] == [("library", "/new"), ("idp", "/")]
    assert (config.counter, config.state_dir) == ("窓口1", tmp_path / "trial")


def test_a_start_page_elsewhere_ends_the_command_before_a_browser_starts(tmp_path: Path) -> None:
    file = tmp_path / "library.toml"
    file.write_text(outline("library", origin="https://a.example", reading=Reading.HTML, file=file.name), "utf-8")

    result = CliRunner().invoke(app, ["portal", "try", str(file), "--url", "https://b.example/"])

    assert result.exit_code == 2
    assert "Add its scheme and host" in " ".join(result.output.split())
