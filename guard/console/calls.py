"""What calls for a person at the console, so that no other page of its window keeps it from being seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from guard.core.card import CardState
from guard.core.checklist import Confirmer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.core.view import CounterView

_RUNNING_OUT: Final = frozenset({"idle", "read_back"})  # acts by itself after a minute or two in which nobody answers
_ASKING_CARDS: Final = frozenset({CardState.REMOVED, CardState.BACK, CardState.LEFT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What every page around the console carries, whatever it shows."""

    csrf: str
    training: bool = False
    known: str = ""
    """The marks of what staff knew of when they left the console for this page."""


def frame(view: CounterView, csrf: str) -> Frame:
    """The frame of a page that is opened now. What runs out is known to nobody: it may have come with the click."""
    known = " ".join(_mark(call) for call in _calls(view) if call[0] not in _RUNNING_OUT)
    return Frame(csrf=csrf, training=view.training, known=known)


def calls(view: CounterView) -> str:
    """A mark for each thing that waits for a person now. It stays the same with the thing, and holds no name."""
    return " ".join(_mark(call) for call in _calls(view))


def _calls(view: CounterView) -> Iterator[tuple[object, ...]]:
    visit = view.visit_id
    if view.seal is not None:
        yield "seal", view.seal, view.seal_detail, view.generation
    if view.idle_asked:
        yield "idle", visit
    if view.read_back is not None:
        yield "read_back", view.read_back.submission_id, view.read_back.turn
    if view.binding is not None:
        yield "binding", visit, view.binding
    if view.card in _ASKING_CARDS:
        yield "card", visit, view.card
    if view.checklist is not None and Confirmer.STAFF not in view.checklist.confirmed_by:
        yield "checklist", view.checklist.visit_id
    for portal in view.portals:
        if portal.questions is not None:
            yield "confirm", visit, portal.portal, portal.holder_name, portal.questions
    yield from (("stop", visit, stop.submission_id, stop.reason) for stop in view.stops)
    yield from (("shared", visit, dispute.submission_id) for dispute in view.disputes)
    yield from (("alarm", visit, alarm.portal, alarm.text) for alarm in view.alarms)


def _mark(call: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(call).encode()).hexdigest()[:12]
