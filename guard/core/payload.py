"""What a submission would book: the values that its profile declares, and whether they are the citizen's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from guard.core.account import account_agreement, same_account_name
from guard.core.names import Agreement
from guard.core.verdict import CheckName, CheckResult, Reason

if TYPE_CHECKING:
    from guard.core.counter import Visit
    from guard.core.identity import Identity

_GROUP = 4  # characters; longer groups are skipped over by the eye
_APART = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc\uff70]+")


class FieldKind(StrEnum):
    """What a declared field of a submission is."""

    ACCOUNT_HOLDER = "account_holder"
    """Name on a bank account: must be the name of the person whose money it is."""
    PAYMENT_ID = "payment_id"
    """Number of a payment service (決済サービスID): read back by the citizen, and nobody else's."""
    ACCOUNT_NUMBER = "account_number"
    """Number of a bank account: likewise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One value that a submission carries. It lives in memory alone, while the visit is open."""

    kind: FieldKind
    text: str = field(repr=False)
    """In one form, however it was typed; see `read_value`."""
    name: str = field(default="", compare=False)
    """The field's name in the profile, by which the console finds its title."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The value as it is shown: in groups of four, or a name as it is."""
        if self.kind is FieldKind.ACCOUNT_HOLDER:
            return (self.text,)
        return tuple(self.text[start : start + _GROUP] for start in range(0, len(self.text), _GROUP))


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """What the profile declares of one submission, as the gate could read it."""

    readable: bool = True
    """False if anything declared was missing or could not be read."""
    values: tuple[Value, ...] = ()
    found: frozenset[str] = field(default=frozenset(), compare=False)
    """Names of the fields that could be read, also beside others that could not; for whoever tries a profile."""
    sought: frozenset[str] = field(default=frozenset(), compare=False)
    """Names of all that are declared of it; likewise."""
    of_another: frozenset[Value] = frozenset()
    """Those that were sent for another person before."""


def read_value(kind: FieldKind, typed: str, name: str = "") -> Value | None:
    """A value in one form: half width, and a number without case, spaces and hyphens. None if nothing is left."""
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    if kind is not FieldKind.ACCOUNT_HOLDER:
        text = _APART.sub("", text).upper()
    return Value(kind=kind, text=text, name=name) if text else None


def typed_again(value: Value, typed: str) -> bool:
    """Whether the citizen typed the same from their own paper: the end of a number, or the whole name."""
    again = read_value(value.kind, typed)
    if again is None:
        return False
    if value.kind is FieldKind.ACCOUNT_HOLDER:
        return same_account_name(value.text, again.text)
    return again.text in {value.text, value.text[-_GROUP:]}


def payload(carried: Payload | None, visit: Visit, shown: Identity | None) -> CheckResult:
    """Pass only if what is declared could be read, is this person's, nobody else's, and was read back.

    The account must be in the name of the person **concerned**, not of who acts for them: the published count names
    about 130,000 accounts in a family member's name as wrong, parents' accounts for their children's money.
    """
    return CheckResult(check=CheckName.PAYLOAD, reason=None if carried is None else _wrong(carried, visit, shown))


def unread(carried: Payload | None, visit: Visit, shown: Identity | None) -> Value | None:
    """The first value that the citizen has still to read back."""
    values = () if carried is None else carried.values
    return next((one for one in values if _wants_reading(one, visit, shown) and one not in visit.read_back), None)


def _wrong(carried: Payload, visit: Visit, shown: Identity | None) -> Reason | None:
    if not carried.readable:
        return Reason.PAYLOAD_UNREADABLE
    if any(_agreement(one, visit, shown) is Agreement.MISMATCH for one in carried.values):
        return Reason.ACCOUNT_HOLDER_DIFFERS
    if carried.of_another - visit.approved:
        return Reason.VALUE_OF_ANOTHER
    return None if unread(carried, visit, shown) is None else Reason.NOT_READ_BACK


def _agreement(value: Value, visit: Visit, shown: Identity | None) -> Agreement:
    if value.kind is not FieldKind.ACCOUNT_HOLDER:
        return Agreement.UNREADABLE
    # What the portal shows is the reading of who is logged in: it says nothing of the person they act for.
    reading = None if shown is None or visit.acting_for is not None else shown.kana
    concerned = visit.concerned
    return Agreement.UNREADABLE if concerned is None else account_agreement(concerned, value.text, reading)


def _wants_reading(value: Value, visit: Visit, shown: Identity | None) -> bool:
    return _agreement(value, visit, shown) in {Agreement.VARIANT, Agreement.UNREADABLE}
