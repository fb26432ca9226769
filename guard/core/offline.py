"""What people do while the guard is down, and the visits of that time as they are entered afterwards."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from guard.core.commands import Kind, Record

if TYPE_CHECKING:
    from guard.core.events import VisitWithoutGuard


class Step(StrEnum):
    """The procedure on paper, in this order. Each has its text in `guard/texts.toml`."""

    CALL_LEADER = "call_leader"
    NEW_WINDOW = "new_window"
    ASK_NAME = "ask_name"
    COMPARE_NAME = "compare_name"
    NO_INTERRUPTION = "no_interruption"
    LOG_OUT = "log_out"
    CLOSE_WINDOW = "close_window"
    RETURN_CARD = "return_card"
    WRITE_DOWN = "write_down"
    ENTER_AFTERWARDS = "enter_afterwards"


class Cause(StrEnum):
    """Why the guard was down; a choice and no free text, so that no name is ever written."""

    GUARD = "guard"
    NETWORK = "network"
    POWER = "power"
    OTHER = "other"


class Kept(StrEnum):
    """What of the procedure was kept in one visit, as two people ticked it on paper."""

    NAME_COMPARED = "name_compared"
    LOGGED_OUT = "logged_out"
    WINDOW_CLOSED = "window_closed"
    CARD_RETURNED = "card_returned"
    LEADER_LOOKED = "leader_looked"


def entry(event: VisitWithoutGuard, staff: str) -> Record:
    """The journal entry: what people said, and never taken for what the guard proves."""
    kept = ((one.value, "yes" if one in event.kept else "no") for one in Kept)
    facts = (("began", event.began), ("ending", event.ending.value), ("cause", event.cause.value), *kept)
    return Record(kind=Kind.VISIT_WITHOUT_GUARD, visit_id=event.visit_id, facts=(*facts, ("staff", staff)))
