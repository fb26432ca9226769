"""What the books say of points and accounts that went astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.accidents.ledger import account_of, astray, points_of
from flows.mock import MYPAGE, POINT
from flows.people import SATO_HANAKO, TANAKA_ICHIRO

if TYPE_CHECKING:
    from flows.mock import MockPortals
    from flows.mock.visitor import Visitor
    from flows.people import Cashless


def apply_for(visitor: Visitor, cashless: Cashless, *kinds: str) -> None:
    chosen = {"service": cashless.service, "payment_id": cashless.payment_id}
    visitor.submit(POINT, "/apply", "/apply/service", **chosen)
    visitor.submit(POINT, "/apply/kinds", "/apply/kinds", **dict.fromkeys(kinds, "1"))
    visitor.submit(POINT, "/apply/confirm", "/apply/submit")


def test_points_of_one_that_go_to_another_are_summed_up_and_a_strangers_number_is_a_strangers(
    visitor: Visitor, portals: MockPortals
) -> None:
    visitor.log_in(POINT, TANAKA_ICHIRO)
    apply_for(visitor, SATO_HANAKO.cashless, "card", "insurance")
    said = astray(portals.books)
    assert said is not None
    assert said.en == "12,500 points of 田中 一郎 go to 佐藤 花子"
    assert said.ja == "田中 一郎さんの12,500ポイントが佐藤 花子さんへ"
    assert not points_of(TANAKA_ICHIRO)(portals.books)


def test_what_everybody_got_themselves_is_as_meant(visitor: Visitor, portals: MockPortals) -> None:
    visitor.log_in(POINT, TANAKA_ICHIRO)
    apply_for(visitor, TANAKA_ICHIRO.cashless, "card")
    assert astray(portals.books) is None
    assert points_of(TANAKA_ICHIRO)(portals.books)
    assert not points_of(TANAKA_ICHIRO, SATO_HANAKO)(portals.books)
    assert not account_of(TANAKA_ICHIRO)(portals.books)


def test_a_strangers_account_is_named_as_such(visitor: Visitor, portals: MockPortals) -> None:
    visitor.log_in(MYPAGE, TANAKA_ICHIRO)
    for step, fields in {
        "kana": {"kana": "タナカ イチロウ"},
        "contact": {"phone": "0240000002"},
        "bank": {"bank": "あさひ銀行"},
        "branch": {"branch": "本店"},
        "number": {"number": "9999999", "holder_kana": "タナカ イチロウ"},
    }.items():
        visitor.submit(MYPAGE, f"/account/{step}", f"/account/{step}", **fields)
    visitor.submit(MYPAGE, "/account/confirm", "/account/register")
    said = astray(portals.books)
    assert said is not None
    assert said.en == "the account of a stranger is registered for 田中 一郎"
