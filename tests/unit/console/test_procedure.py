"""The procedure for when the guard is down, and the visits of that time as they are entered."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from guard.cli import app as command
from guard.console.calls import Frame
from guard.console.procedure import procedure_page
from guard.core.events import Ending
from guard.core.offline import Cause, Kept, Step
from guard.labels import Label
from guard.texts import Language, Texts
from tests.unit.console.test_app import Desk, app, console, desk, hidden, staff  # noqa: F401 (fixtures)
from tests.unit.profiles import COUNTER, IDP, POINT

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


@pytest.mark.parametrize("language", list(Language))
async def test_the_sheet_has_every_step_and_no_place_for_a_name(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    language: Language,
) -> None:
    html = (await staff.get(f"/procedure?lang={language}")).text
    texts = Texts(language)
    for step in Step:
        assert texts.step(step) in html
    assert html.count("<th ") == len(Kept) + 3
    assert not re.search(r"<script(?! src)|<style|\sstyle=", html)


def test_the_file_needs_nothing_beside_it() -> None:
    """It is printed before the day on which nothing starts, or opened from a stick."""
    html = procedure_page(Texts(), "窓口<1>", Frame(csrf="s3cret"), alone=True)
    assert "<style>" in html
    assert "@page { size: A4 portrait" in html
    assert "窓口&lt;1&gt;" in html
    assert not re.search(r'<script|(src|href)="|s3cret', html)


def test_the_command_writes_both_languages(tmp_path: Path) -> None:
    for name, text in {"counter": COUNTER, "point": POINT, "idp": IDP}.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    arguments = ["procedure", "--config", str(tmp_path / "counter.toml"), "--out", str(tmp_path / "paper")]
    ended = CliRunner().invoke(command, arguments)
    assert ended.exit_code == 0, ended.output
    for language in Language:
        text = (tmp_path / "paper" / f"guard-down.{language}.html").read_text("utf-8")
        assert Texts(language).label(Label.PROCEDURE_TITLE) in text


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for name, text in {"counter": COUNTER, "point": POINT, "idp": IDP}.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    arguments = ["procedure", "--config", str(tmp_path / "counter.toml"), "--out", str(tmp_path / "counter.toml")]
    ended = CliRunner().invoke(command, arguments)
    assert ended.exit_code == 1
    assert "Traceback" not in ended.output


async def test_a_visit_is_entered_with_what_was_kept(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
) -> None:
    form = await hidden(staff, began="2026-03-31T14:30", ending="interrupted", cause="network", logged_out="on")
    assert (await staff.post("/do/without", data=form)).status_code == 303
    began = datetime(2026, 3, 31, 14, 30).astimezone().isoformat(timespec="minutes")
    assert desk.asked == [(began, Ending.INTERRUPTED, Cause.NETWORK, frozenset({Kept.LOGGED_OUT}))]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"began": ""}, "対応を始めた日時を入力してください。"),
        ({"began": "31.3. 14:30"}, "対応を始めた日時を入力してください。"),
        ({"began": "0001-01-01T00:00"}, "対応を始めた日時を入力してください。"),
        ({"began": "2026-04-02T00:01"}, "未来の日付です。"),
        ({"ending": "discarded"}, "表示が古かったため"),
        ({"cause": "佐藤"}, "表示が古かったため"),
    ],
)
async def test_what_cannot_be_is_told_at_the_field_and_nothing_is_entered(
    staff: httpx.AsyncClient,  # noqa: F811 (a fixture)
    desk: Desk,  # noqa: F811 (a fixture)
    wrong: dict[str, str],
    said: str,
) -> None:
    """A choice that is no choice comes from a forged form: no free text ever reaches the journal."""
    fields = {"began": "2026-03-31T14:30", "ending": "done", "cause": "power", "card_returned": "on"} | wrong
    answer = await staff.post("/do/without", data=await hidden(staff, **fields))
    assert (answer.status_code, desk.asked) == (422, [])
    assert said in answer.text
    assert 'name="card_returned" checked' in answer.text, "nothing typed is lost"
