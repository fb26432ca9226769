"""Every state of the console: for the rules of accessibility, and for the pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from guard.core.card import CardState
from guard.core.checklist import Checklist, Confirmer, Item
from guard.core.commands import Refusal
from guard.core.day import AnswerOfDay, Day, VisitOfDay
from guard.core.identity import Obscurity
from guard.core.interruption import Earlier, Interruption
from guard.core.payload import FieldKind
from guard.core.submission import RequestClass
from guard.core.terms import Assurance
from guard.core.verdict import Reason
from guard.core.view import AlarmView, CounterView, HolderState, Phase, PortalView, SealReason
from guard.core.weakness import Found, Weakness
from tests.browser.test_console_page import (
    CLEARED,
    DISPUTED,
    NOT_CLEARED,
    NUMBER,
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

_NINE: Final = datetime(2026, 4, 1, 9).astimezone()
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


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What the console shows, and what it depends on besides the counter."""

    view: CounterView
    bound: bool = False
    """Whether visits open without data."""
    pins: bool = False
    """Whether staff are registered."""
    rows: str | None = None
    """The reception list."""
    used: frozenset[str] = frozenset()
    """Numbers that were used today."""
    found: tuple[Found, ...] = ()
    """What preflight has found."""
    order: str = ""
    """The form that staff have sent, which is shown again."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What they had typed into it, by the name of the field."""
    unfolded: bool = False
    """Whether everything is drawn that people unfold."""


def _sealed(why: SealReason) -> CounterView:
    return replace(READY, seal=why, seal_detail="gate: TimeoutError", clearance=NOT_CLEARED, checklist=LIST)


VIEWS: Final[Mapping[str, CounterView]] = {
    "starting": CounterView(phase=Phase.STARTING, generation=0),
    "reception": READY,
    "reception-staff": replace(READY, staff=ONO),
    "reception-checklist": ENDED,
    "reception-checklist-card-left": replace(
        ENDED, card=CardState.LEFT, checklist=replace(LIST, card_on_reader=True, proved=frozenset())
    ),
    "reception-checklist-by-citizen": replace(ENDED, checklist=BY_CITIZEN),
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
    "serving-confirm-nameless": replace(
        VARIANT,
        portals=(replace(VARIANT.portals[0], state=HolderState.NOT_BY_NAME, holder_name=None),),
    ),
    "serving-read-back-name": replace(
        SERVING, read_back=replace(NUMBER, kind=FieldKind.ACCOUNT_HOLDER, groups=("ﾔﾏﾀﾞ ﾀﾛｳ",))
    ),
    "serving-disputed": DISPUTED,
    "serving-unbound": UNBOUND,
    "serving-family": replace(SERVING, household=True, acting_for_name="山田 小春", staff=ONO),
    "serving-idle": replace(SERVING, idle_asked=True),
    **{f"card-{card}": replace(SERVING, card=card, card_may_be_waived=card is CardState.LEFT) for card in CardState},
    "training": replace(SERVING, training=True),
    "closing": CounterView(phase=Phase.CLOSING, generation=1, visit_id="v1", citizen_name="山田 太郎"),
    **{f"sealed-{why}": _sealed(why) for why in SealReason},
    "sealed-serving": replace(SERVING, seal=SealReason.UNFORESEEN, seal_detail="gate: TimeoutError"),
    **{
        f"sealed-interrupted-{why}": replace(_sealed(SealReason.INTERRUPTED), seal_detail=why.value, clearance=CLEARED)
        for why in Interruption
    },
    "serving-stopped-again": replace(SOMEONE_ELSE, stops=SOMEONE_ELSE.stops * 3),
    "serving-alarm-unexplained": replace(SERVING, alarms=(AlarmView(portal="point", text="別の端末でログイン中"),)),
    "serving-returned": replace(SERVING, earlier=Earlier(at=_NINE, why=Interruption.CERTIFICATE_RENEWED)),
    "serving-returned-unexplained": replace(SERVING, earlier=Earlier(at=_NINE)),
    "serving-unbound-nobody": replace(UNBOUND, binding=None, portals=()),
    "serving-unbound-idle": replace(UNBOUND, binding=None, portals=(), idle_asked=True),
    "serving-unbound-two-people": replace(UNBOUND, binding=Refusal.TWO_PEOPLE),
    "serving-unbound-leftover-login": replace(UNBOUND, binding=Refusal.LEFTOVER_LOGIN),
    "ledger-failed": replace(READY, ledger_failed=True),
    "serving-ledger-failed": replace(SERVING, ledger_failed=True),
    "reception-downloads": replace(ENDED, clearance=replace(CLEARED, downloads=2)),
}
ROWS: Final = """ticket,name,kana,birth_date
12,山田 太郎,ヤマダ タロウ,S55.4.1
13,佐藤 花子,サトウ ハナコ,1990-05-06
14,李 明,,H1.2.3
"""
_FOUND: Final = tuple(Found(weakness=each, note="", name="ProxyMode" * (each == "policy")) for each in Weakness)
_DRAWN: Final = {"ticket": "12", "name": "山田 太郎", "birth_date": "S55.4.1"}
STATES: Final[Mapping[str, State]] = {
    **{name: State(view=view) for name, view in VIEWS.items()},
    "duty": State(view=READY, pins=True),
    "duty-wrong-pin": State(view=READY, pins=True, order="take_over", typed={"number": "S-12", "pin": "0000"}),
    "sealed-with-pin": State(view=VIEWS["sealed-unforeseen"], pins=True),
    "serving-interrupt": State(view=SERVING, unfolded=True),
    "serving-confirm-with-pin": State(view=VARIANT, pins=True, unfolded=True),
    "serving-disputed-with-pin": State(view=DISPUTED, pins=True),
    "serving-read-back-faulty": State(view=READ_BACK, order="read_back"),
    "reception-unfolded": State(view=READY, unfolded=True),
    "reception-faulty": State(view=READY, order="open"),
    "reception-used-ticket": State(view=READY, order="open", typed=_DRAWN, used=frozenset({"12"})),
    "reception-list": State(view=READY, rows=ROWS, unfolded=True),
    "reception-list-faulty": State(
        view=READY, rows=f"{ROWS}15,高田 未央,,2月30日\n16,高田 翔,,19800230\n17,,,S55.4.1\n", unfolded=True
    ),
    "reception-list-unreadable": State(view=READY, rows="番号,氏名\n", unfolded=True),
    "reception-list-used-ticket": State(view=READY, rows=ROWS, order="open", typed=_DRAWN, used=frozenset({"12"})),
    "reception-bound": State(view=READY, bound=True),
    "reception-bound-used-ticket": State(
        view=READY, bound=True, order="open", typed={"ticket": "12"}, used=frozenset({"12"}), unfolded=True
    ),
    "preflight-duty": State(view=READY, pins=True, found=_FOUND),
    "preflight-reception": State(view=VIEWS["reception-staff"], found=_FOUND),
    "without-guard": State(view=replace(READY, without_guard=2), order="without"),
}


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
DAYS: Final[Mapping[str, Day | None]] = {"busy": _BUSY, "empty": Day(), "unknown": None}
"""The day view with every kind of row (near misses, a stop marked as false), with none, and without the ledger."""

CITIZEN: Final[Mapping[str, CounterView]] = {
    "asked": ENDED,
    "card-left": VIEWS["reception-checklist-card-left"],
    "confirmed": replace(ENDED, checklist=BY_CITIZEN),
    "complete": replace(ENDED, checklist=replace(LIST, confirmed_by=BOTH)),
    "nothing": SERVING,
    "training": replace(ENDED, training=True),
}
"""The citizen's page."""
