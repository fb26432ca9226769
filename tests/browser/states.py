"""Every state of the console, as a view of the counter: for the rules of accessibility, and for the pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from guard.core.card import CardState
from guard.core.checklist import Checklist, Confirmer, Item
from guard.core.day import AnswerOfDay, Day, VisitOfDay
from guard.core.identity import Obscurity
from guard.core.submission import RequestClass
from guard.core.terms import Assurance
from guard.core.verdict import Reason
from guard.core.view import CounterView, HolderState, Phase, PortalView, SealReason
from tests.browser.test_console_page import (
    CLEARED,
    DISPUTED,
    NOT_CLEARED,
    ONO,
    QUESTIONS,
    READ_BACK,
    READY,
    SENT,
    SERVING,
    SOMEONE_ELSE,
    UNBOUND,
    VARIANT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVED: Final = frozenset({Item.LOGGED_OUT, Item.WINDOW_CLOSED})
LIST: Final = Checklist(visit_id="5f3a90c2b1d4", proved=PROVED)
ENDED: Final = replace(
    READY, staff=ONO, checklist=LIST, clearance=replace(CLEARED, assurances=(("point", Assurance.IDENTITY),))
)
BOTH: Final = frozenset(Confirmer)
SENT_NOW: Final = replace(SENT, opened_at=datetime.now().astimezone() - timedelta(minutes=12, seconds=30))
BY_CITIZEN: Final = replace(LIST, confirmed_by=frozenset({Confirmer.CITIZEN}))


def _holder(state: HolderState) -> CounterView:
    why = Obscurity.TIMEOUT if state is HolderState.UNREADABLE else None
    name = None if state in {HolderState.NOT_SEEN, HolderState.NOBODY, HolderState.NOT_BY_NAME} else "佐藤 花子"
    return replace(SERVING, portals=(PortalView(portal="point", state=state, holder_name=name, why=why),))


def _sealed(why: SealReason) -> CounterView:
    return replace(READY, seal=why, seal_detail="gate: TimeoutError", clearance=NOT_CLEARED, checklist=LIST)


STATES: Final[Mapping[str, CounterView]] = {
    "starting": CounterView(phase=Phase.STARTING, generation=0),
    "reception": READY,
    "reception-staff": replace(READY, staff=ONO),
    "reception-checklist": ENDED,
    "reception-checklist-card-left": replace(
        ENDED, card=CardState.LEFT, checklist=replace(LIST, card_on_reader=True, proved=frozenset())
    ),
    "reception-checklist-by-citizen": replace(
        ENDED, checklist=replace(LIST, confirmed_by=frozenset({Confirmer.CITIZEN}))
    ),
    "reception-checklist-complete": replace(ENDED, checklist=replace(LIST, confirmed_by=BOTH, card_seen_off=True)),
    **{f"serving-{state}": _holder(state) for state in HolderState},
    "serving-confirm": VARIANT,
    "serving-confirm-leader": replace(
        VARIANT,
        portals=(replace(VARIANT.portals[0], questions=replace(QUESTIONS, by_leader=True)),),
    ),
    "serving-stopped": SOMEONE_ELSE,
    "serving-sent": SENT_NOW,
    "serving-sent-stopped": replace(SENT_NOW, stops=SOMEONE_ELSE.stops, portals=SOMEONE_ELSE.portals),
    "serving-read-back": READ_BACK,
    "serving-disputed": DISPUTED,
    "serving-unbound": UNBOUND,
    "serving-family": replace(SERVING, household=True, acting_for_name="山田 小春", staff=ONO),
    "serving-idle": replace(SERVING, idle_asked=True),
    **{f"card-{card}": replace(SERVING, card=card, card_may_be_waived=card is CardState.LEFT) for card in CardState},
    "training": replace(SERVING, training=True),
    "closing": CounterView(phase=Phase.CLOSING, generation=1, visit_id="v1", citizen_name="山田 太郎"),
    **{f"sealed-{why}": _sealed(why) for why in SealReason},
    "sealed-serving": replace(SERVING, seal=SealReason.UNFORESEEN, seal_detail="gate: TimeoutError"),
}

_NINE: Final = datetime(2026, 4, 1, 9).astimezone()


def _visit(number: int, ending: str | None, *, cleared: bool | None) -> VisitOfDay:
    opened = _NINE + timedelta(minutes=25 * number)
    ended = None if cleared is None else opened + timedelta(minutes=20)
    return VisitOfDay(
        id=f"v{number}", person=f"p{number}", opened_at=opened, ended_at=ended, ending=ending, cleared=cleared
    )


def _answer(number: int, minutes: int, reason: Reason | None = None, *, false_stop: bool = False) -> AnswerOfDay:
    return AnswerOfDay(
        id=number,
        visit_id=f"v{minutes // 25}",
        portal="point",
        request_class=RequestClass.SUBMISSION,
        at=_NINE + timedelta(minutes=minutes),
        held_ms=170 * number,
        reason=reason,
        false_stop=false_stop,
    )


_BUSY: Final = Day(
    visits=(
        *(_visit(number, "done", cleared=True) for number in range(4)),
        _visit(4, "interrupted", cleared=False),
        _visit(5, "unclean", cleared=None),
        _visit(6, None, cleared=None),
    ),
    answers=(
        _answer(1, 20, Reason.SOMEONE_ELSE),
        _answer(2, 27),
        _answer(3, 55, Reason.CARD_REMOVED),
        _answer(4, 80, Reason.VARIANT_UNCONFIRMED, false_stop=True),
    ),
)
DAYS: Final[Mapping[str, Day | None]] = {"busy": _BUSY, "unknown": None}
"""The day view with every kind of row (a near miss, a stop marked as false), and without the ledger."""
