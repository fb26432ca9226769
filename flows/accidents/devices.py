"""Devices of staff, and staff who go on without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from flows.accidents.journey import apply_for, leave_half_way, register_for
from flows.accidents.ledger import account_of, points_of
from flows.accidents.people import CLERK
from flows.account import MyPage
from flows.people import KOBAYASHI_KEN, SATO_HANAKO, TANAKA_ICHIRO, WATANABE_YUMI
from guard.core.verdict import Reason
from guard.grammar import Words

if TYPE_CHECKING:
    from flows.accidents.counter import Counter

_FINAL_COUNT = "総点検 2023年6月20日: 172件中2件"


def _lent(counter: Counter) -> None:
    with counter.elsewhere() as page:
        leave_half_way(page, TANAKA_ICHIRO)
        apply_for(page, KOBAYASHI_KEN)


def _staff_at_the_counter(counter: Counter) -> None:
    """Before the first citizen staff try the portal with a card of their own; the counter may not let them."""
    with counter.unattended() as page:
        site = MyPage(page)
        page.goto(f"{site.base_url}/")
        if page.locator("#holder").count():  # it is the portal, and not a page of the counter's own
            site.log_in(CLERK)
    with counter.visit(WATANABE_YUMI) as page:
        MyPage(page).open()
        register_for(page, WATANABE_YUMI)


def _untold(counter: Counter) -> None:
    with counter.visit(SATO_HANAKO) as page:
        leave_half_way(page, SATO_HANAKO)
        counter.change_cards()  # B sits down, and nobody tells reception
        done = apply_for(page, TANAKA_ICHIRO)
    if not done.submitted:
        with counter.visit(TANAKA_ICHIRO) as page:
            apply_for(page, TANAKA_ICHIRO)


LENT_DEVICE = Accident(
    id="lent-device",
    name=Words(ja="職員が貸した端末", en="Device lent by staff"),
    source=_FINAL_COUNT,
    what_happens=Words(
        ja="窓口の外の端末で、前の方のログインのまま次の方を手続き。",
        en="On a device beside the counter the next person is served in the session of the one before.",
    ),
    steps=_lent,
    as_meant=points_of(KOBAYASHI_KEN),
    without=Without.ASTRAY,
    promise=Promise.NOT_STOPPED,
)
STAFF_LOGIN = Accident(
    id="staff-login",
    name=Words(ja="職員のログインが残る窓口端末", en="Counter PC on which staff logged in themselves"),
    source=_FINAL_COUNT,
    what_happens=Words(
        ja="受付前に職員が自分のカードで試し、そのログインで来庁者を手続き。",
        en="Staff try their own card before the first visit; the citizen is served in that login.",
    ),
    steps=_staff_at_the_counter,
    as_meant=account_of(WATANABE_YUMI),
    without=Without.ASTRAY,
    promise=Promise.CANNOT_ARISE,
)
UNTOLD = Accident(
    id="untold",
    name=Words(ja="受付画面で次の方を開かない", en="Nobody tells the console that the next citizen is here"),
    source="報告なし / not published",
    what_happens=Words(
        ja="A氏の対応を開いたまま、B氏をA氏のログインで手続き。",
        en="A's visit stays open, and B is served in it.",
    ),
    steps=_untold,
    as_meant=points_of(TANAKA_ICHIRO),
    without=Without.ASTRAY,
    promise=Promise.NOT_STOPPED,
)
UNTOLD_WITH_READER = Accident(
    id="untold-with-reader",
    name=Words(
        ja="受付画面で次の方を開かない（カードリーダーあり）", en="Nobody tells the console, with a card reader"
    ),
    source="報告なし / not published",
    what_happens=Words(
        ja="カードを必須とする窓口で同じ手続き。A氏のカードに代わりB氏のカードが置かれる。",
        en="The same where visits require the card: A goes home with theirs, and B's is laid on the reader.",
    ),
    steps=_untold,
    as_meant=points_of(TANAKA_ICHIRO),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.CARD_REMOVED,),
    reader=True,
)
