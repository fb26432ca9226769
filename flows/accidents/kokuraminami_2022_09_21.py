"""北九州市 小倉南区, found on 2022-09-21: another person's cashless service in an open application form."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from flows.accidents.journey import Outcome, attempt, serve
from flows.accidents.ledger import points_as_meant, points_astray
from flows.accidents.left_logged_in import LeftLoggedIn
from flows.mock.hosts import POINT
from flows.people import KOBAYASHI_KEN, WATANABE_YUMI
from flows.points import Points, PointSite
from guard.grammar import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

A, B = KOBAYASHI_KEN, WATANABE_YUMI
WANTED = tuple(Points)


def first_citizen_leaves(page: Page) -> None:
    """A has no payment-service ID at hand and goes home; the form for it stays on the screen."""
    site = PointSite(page)
    site.open()
    site.log_in(A)
    site.begin()


def second_citizen_is_served(page: Page) -> Outcome:
    """Staff type B's payment-service ID into the form that is open, or open one."""
    site = PointSite(page)
    return serve(site, B, lambda: _apply(site))


def attempt_in_leftover_session(page: Page) -> Outcome:
    """B's payment-service ID, submitted as A."""
    site = PointSite(page)
    return attempt(site, lambda: _apply(site))


def _apply(site: PointSite) -> None:
    if site.screen() != PointSite.SERVICE:
        site.begin()
    site.finish(B.cashless, *WANTED)


KOKURAMINAMI = LeftLoggedIn(
    id="kokuraminami-2022-09-21",
    place=Words(ja="北九州市 小倉南区役所", en="Kitakyushu, Kokuraminami ward office"),
    day=date(2022, 9, 21),
    source="北九州市 報道発表 2023年「マイナポイント支援窓口における公金受取口座の誤登録等について」1(2)①",
    what_happens=Words(
        ja="手続きの途中で中断したA氏が帰宅。画面をログアウトせず、開いたままの申込画面にB氏のキャッシュレス決済を登録。",
        en="A interrupts and goes home. The screen is not logged out: "
        "B's cashless service is entered into the form that A left open.",
    ),
    portal=POINT,
    first=A,
    second=B,
    first_citizen_leaves=first_citizen_leaves,
    second_citizen_is_served=second_citizen_is_served,
    attempt_in_leftover_session=attempt_in_leftover_session,
    misattribution=partial(points_astray, first=A, second=B),
    served_properly=partial(points_as_meant, first=A, second=B),
)
