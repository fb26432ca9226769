"""The check of what a submission would book: one place each where it must stop, and where it must not."""

from __future__ import annotations

from typing import Any

import pytest

from guard.core.counter import Visit
from guard.core.identity import Citizen, Identity
from guard.core.payload import FieldKind, Payload, Value, payload, read_value, typed_again, unread
from guard.core.verdict import Reason

MOTHER = Citizen(name="佐藤 花子", kana="サトウ ハナコ")
CHILD = Citizen(name="佐藤 海")
KINDS = {"name": FieldKind.ACCOUNT_HOLDER, "id": FieldKind.PAYMENT_ID, "number": FieldKind.ACCOUNT_NUMBER}


def value(typed: str, kind: str = "id") -> Value:
    found = read_value(KINDS[kind], typed)
    assert found is not None
    return found


ID, NUMBER = value("SP1001 0001"), value("1001001", "number")
OWN, HUSBANDS = value("ｻﾄｳ ﾊﾅｺ", "name"), value("サトウ タロウ", "name")


def reason(
    *values: Value, shown: Identity | None = None, of_another: frozenset[Value] = frozenset(), **visit: Any
) -> Reason | None:
    about: dict[str, Any] = {"id": "v1", "citizen": MOTHER, "opened_at": 0.0} | visit
    return payload(Payload(values=values, of_another=of_another), Visit(**about), shown).reason


def test_a_submission_that_declares_nothing_or_agrees_goes_on() -> None:
    assert payload(None, Visit(id="v1", citizen=MOTHER, opened_at=0.0), None).passed
    assert reason() is None
    assert reason(OWN) is None
    assert reason(ID, NUMBER, read_back=frozenset({ID, NUMBER})) is None


def test_what_could_not_be_read_is_stopped_whatever_else_agrees() -> None:
    visit = Visit(id="v1", citizen=MOTHER, opened_at=0.0, read_back=frozenset({ID}))
    assert payload(Payload(readable=False, values=(ID,)), visit, None).reason is Reason.PAYLOAD_UNREADABLE


def test_an_account_in_a_family_members_name_is_stopped() -> None:
    """About 130,000 were registered that way; no word of anybody makes it the citizen's own."""
    assert reason(HUSBANDS) is Reason.ACCOUNT_HOLDER_DIFFERS
    assert reason(HUSBANDS, read_back=frozenset({HUSBANDS})) is Reason.ACCOUNT_HOLDER_DIFFERS


def test_the_money_of_a_child_goes_to_an_account_of_the_child() -> None:
    """The mother is logged in and at the counter; the reading that the portal shows is hers, and says nothing here."""
    assert reason(value("佐藤 海", "name"), acting_for=CHILD) is None
    assert reason(value("佐藤 花子", "name"), acting_for=CHILD) is Reason.ACCOUNT_HOLDER_DIFFERS
    shown = Identity(name="佐藤 花子", kana="サトウ ハナコ")
    assert reason(OWN, acting_for=CHILD, shown=shown) is Reason.NOT_READ_BACK


@pytest.mark.parametrize("asked", [ID, NUMBER, value("SATO HANAKO", "name")])
def test_what_no_machine_can_compare_is_read_back_once_in_a_visit(asked: Value) -> None:
    visit = Visit(id="v1", citizen=MOTHER, opened_at=0.0)
    assert unread(Payload(values=(OWN, asked)), visit, None) == asked
    assert reason(OWN, asked) is Reason.NOT_READ_BACK
    assert reason(OWN, asked, read_back=frozenset({asked})) is None
    assert reason(OWN, asked, read_back=frozenset({value("SP99990000")})) is Reason.NOT_READ_BACK


def test_a_value_of_another_person_stops_until_a_leader_allows_it() -> None:
    """Before anybody is asked to read it back: it is not theirs to read."""
    taken = frozenset({ID})
    assert reason(ID, of_another=taken) is Reason.VALUE_OF_ANOTHER
    assert reason(ID, of_another=taken, read_back=taken) is Reason.VALUE_OF_ANOTHER
    assert reason(ID, of_another=taken, approved=frozenset({NUMBER})) is Reason.VALUE_OF_ANOTHER
    assert reason(ID, of_another=taken, approved=taken) is Reason.NOT_READ_BACK
    assert reason(ID, of_another=taken, approved=taken, read_back=taken) is None


@pytest.mark.parametrize(
    ("carried", "typed", "same"),
    [
        (ID, "0001", True),
        (ID, "００ ０１", True),
        (ID, "sp1001-0001", True),
        (ID, "001", False),
        (ID, "10001", False),
        (ID, "0010", False),
        (ID, "", False),
        (ID, "-", False),
        (value("12"), "12", True),
        (NUMBER, "1001", True),
        (NUMBER, "1001001", True),
        (OWN, "佐藤", False),
        (OWN, "ハナコ", False),
        (OWN, "さとう はなこ", True),
    ],
)
def test_the_citizen_types_the_end_of_a_number_or_the_whole_name(
    carried: Value,
    typed: str,
    same: bool,  # noqa: FBT001  # pytest names it
) -> None:
    assert typed_again(carried, typed) is same


def test_a_value_is_shown_in_groups_of_four_and_told_nowhere_else() -> None:
    assert value("sp1001-00019").groups == ("SP10", "0100", "019")
    assert OWN.groups == ("サトウ ハナコ",)
    assert "SP10" not in repr(ID)
    assert read_value(FieldKind.PAYMENT_ID, " - ") is None
