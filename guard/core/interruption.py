"""A visit that was broken off before its procedure was done: why, and what the next one of the citizen shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Interruption(StrEnum):
    """Why staff interrupt a visit. Each has its text in `guard/texts.toml`."""

    CERTIFICATE_RENEWED = "certificate_renewed"
    """The card's certificate was renewed today, and portals know it later."""
    NUMBER_NOT_AT_HAND = "number_not_at_hand"
    """The citizen has an account number, or another one, not with them."""
    CITIZEN_LEFT = "citizen_left"
    PORTAL_DOWN = "portal_down"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An interrupted visit of the citizen who is served again."""

    at: datetime
    """When it was interrupted, in UTC."""
    why: Interruption | None = None
    """None where a program ended it, and staff gave no reason."""
