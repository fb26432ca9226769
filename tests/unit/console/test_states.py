"""The states that have their picture, and are held to the rules of accessibility, are all that people can meet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from guard.console.app import create_app
from guard.console.day_page import DayBook
from guard.console.page import TEMPLATES
from guard.core.card import CardState
from guard.core.commands import Refusal
from guard.core.interruption import Interruption
from guard.core.view import HolderState, Phase, SealReason
from guard.texts import Texts
from tests.browser.hall import Hall
from tests.browser.states import CITIZEN, DAYS, STATES, VIEWS, State
from tests.browser.test_console_page import POINTS, ScriptedDesk
from tests.unit.console.test_app import BASE, ONCE, OWN, hidden

if TYPE_CHECKING:
    from guard.core.day import Day
    from guard.labels import Label

FOLDER = Path(__file__).parents[3] / "guard" / "console" / "templates"


def test_no_state_is_missing() -> None:
    """A new phase, holder state, card state, seal or hindrance of a binding is drawn and checked, or this fails."""
    views = VIEWS.values()
    assert {view.phase for view in views} == set(Phase)
    assert {portal.state for view in views for portal in view.portals} == set(HolderState)
    assert {view.card for view in views} >= set(CardState)
    assert {view.seal for view in views} >= set(SealReason)
    assert {view.seal_detail for view in views if view.seal is SealReason.INTERRUPTED} >= set(Interruption)
    assert {view.binding for view in views} >= {None, Refusal.TWO_PEOPLE, Refusal.LEFTOVER_LOGIN}


@dataclass
class Drawn:
    """What the templates were used for."""

    templates: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Notes each template and each label from now on."""
    noted = Drawn()
    get_template, label_of = TEMPLATES.get_template, Texts.label

    def note_template(name: str, *rest: Any) -> object:
        noted.templates.add(name)
        return get_template(name, *rest)

    def note_label(texts: Texts, label: Label, **values: str | int) -> str:
        noted.labels.add(label.name)
        return label_of(texts, label, **values)

    monkeypatch.setattr(TEMPLATES, "get_template", note_template)
    monkeypatch.setattr(Texts, "label", note_label)
    return noted


async def test_each_template_and_each_of_its_texts_is_in_a_picture(drawn: Drawn) -> None:
    """What a template says in one branch alone is a state that somebody has to look at."""
    for state in STATES.values():
        await _draw(state)
    for view in CITIZEN.values():
        await _draw(State(view=view), "/citizen")
    for day in DAYS.values():
        await _draw(STATES["reception"], "/day", day)
    await _draw(STATES["reception"], "/procedure")
    files = {file.relative_to(FOLDER).as_posix(): file.read_text("utf-8") for file in FOLDER.rglob("*.html")}
    assert len(files) > 25
    assert set(files) - drawn.templates == set()
    texts = "".join([*files.values(), (FOLDER.parent / "page.py").read_text("utf-8")])
    said = set(re.findall(r"\b(?:L|Label)\.([A-Z_]+)", texts))
    assert said - drawn.labels == set()


async def _draw(state: State, path: str = "/", day: Day | None = None) -> None:
    """One state, by the requests that lead to it."""
    desk, hall = ScriptedDesk(), Hall()
    desk.now, desk.bound, hall.rows, hall.used = state.view, state.bound, state.rows, state.used
    desk.leaders = {"L-1": "1234"} if state.pins else {}
    book = DayBook(read=lambda _begin, _end: day, mark=lambda *_stop: None)
    app = create_app(
        desk,
        token=ONCE,
        portals=[POINTS],
        today=lambda: date(2026, 4, 1),
        reception=hall,
        book=book,
        preflight=lambda: state.found,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=OWN) as client:
        await client.get(f"/open?token={ONCE}")
        assert (await client.get(path)).status_code == 200
        if state.order:
            answer = await client.post(f"/do/{state.order}", data=await hidden(client, **state.typed))
            assert answer.status_code == 422, "else it would show another state"
