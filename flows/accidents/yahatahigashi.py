"""北九州市 八幡東区, found on 2023-02-22: B's bank account is registered as A's public-money account."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from flows.accidents.journey import Outcome, attempt, serve
from flows.accidents.ledger import account_as_meant, account_astray
from flows.accidents.left_logged_in import LeftLoggedIn
from flows.account import MyPage
from flows.mock.hosts import MYPAGE
from flows.people import SUZUKI_MISAKI, YAMADA_TARO
from guard.grammar import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

A, B = YAMADA_TARO, SUZUKI_MISAKI


def first_citizen_leaves(page: Page) -> None:
    """A begins the registration, has no bank book at hand, and goes home in the middle of it."""
    site = MyPage(page)
    site.open()
    site.log_in(A)
    site.begin()
    site.agree()
    site.confirm_basic_data()
    site.give_person(A)


def second_citizen_is_served(page: Page) -> Outcome:
    """Staff start the registration again for B and confirm the basic data without reading the name."""
    site = MyPage(page)
    return serve(site, B, lambda: site.register(B))


def attempt_in_leftover_session(page: Page) -> Outcome:
    """B's bank account, submitted as A."""
    site = MyPage(page)
    return attempt(site, lambda: site.register(B))


YAHATAHIGASHI = LeftLoggedIn(
    id="yahatahigashi-2023-02-22",
    place=Words(ja="北九州市 八幡東区役所", en="Kitakyushu, Yahatahigashi ward office"),
    day=date(2023, 2, 22),
    source="北九州市 報道発表 2023年「マイナポイント支援窓口における公金受取口座の誤登録等について」1(1)",
    what_happens=Words(
        ja="口座登録の途中で中断したA氏が、ログアウトせずに帰宅。続けてB氏の口座をA氏のマイナポータルに登録。",
        en="A interrupts the account registration and goes home without a logout. "
        "B's bank account is then registered in A's my-page.",
    ),
    portal=MYPAGE,
    first=A,
    second=B,
    first_citizen_leaves=first_citizen_leaves,
    second_citizen_is_served=second_citizen_is_served,
    attempt_in_leftover_session=attempt_in_leftover_session,
    misattribution=partial(account_astray, first=A, second=B),
    served_properly=partial(account_as_meant, first=A, second=B),
)
