"""Why a visit was broken off before its procedure was done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Interruption(StrEnum):
    """Why staff interrupt a visit. Each has its text in `guard/texts.toml`."""

    CERTIFICATE_RENEWED = "certificate_renewed"
    """The card's certificate was renewed today and serves from tomorrow on."""
    NUMBER_NOT_AT_HAND = "number_not_at_hand"
    """The citizen does not have the account number, or another one, with them."""
    CITIZEN_LEFT = "citizen_left"
    PORTAL_DOWN = "portal_down"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An interrupted visit of the citizen who is served again."""

    at: datetime
    """When it was interrupted, in UTC."""
    why: Interruption | None = None
    """None where it ended without anybody's choice of a reason."""
