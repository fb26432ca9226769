"""郡山市, 2022-09-12: A's points go to B's cashless service after an interruption."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from flows.accidents.journey import Outcome, attempt, serve
from flows.accidents.ledger import points_as_meant, points_astray
from flows.accidents.left_logged_in import LeftLoggedIn
from flows.mock.hosts import POINT
from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import Points, PointSite
from flows.site import NotAdvancedError
from guard.grammar import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

A, B = SATO_HANAKO, TANAKA_ICHIRO
WANTED = (Points.CARD, Points.INSURANCE)
RENEWED_TODAY = "更新当日は申込できません"


def first_citizen_leaves(page: Page) -> None:
    """A logs in and wants all three; the account cannot be done today, so A will come again for everything."""
    site = PointSite(page)
    site.open()
    site.log_in(A)
    site.begin()
    site.choose_service(A.cashless)
    try:
        site.choose_points(*Points)
    except NotAdvancedError as error:
        if RENEWED_TODAY in error.notice:
            return
        raise
    msg = "the portal accepts the account on the day of the renewal: A has no reason to go home"
    raise AssertionError(msg)


def second_citizen_is_served(page: Page) -> Outcome:
    """Staff open a new application for B and do not look whose name the header shows."""
    site = PointSite(page)
    return serve(site, B, lambda: site.apply(B.cashless, *WANTED))


def attempt_in_leftover_session(page: Page) -> Outcome:
    """B's payment-service ID, submitted as A."""
    site = PointSite(page)
    return attempt(site, lambda: site.apply(B.cashless, *WANTED))


KORIYAMA = LeftLoggedIn(
    id="koriyama-2022-09-12",
    place=Words(ja="郡山市 西庁舎1階", en="Koriyama, west city hall"),
    day=date(2022, 9, 12),
    source="郡山市 定例市長記者会見 2023年6月 資料4-1「マイナポイントの紐づけ誤り」",
    what_happens=Words(
        ja="電子証明書の更新当日で申込みを終えられなかったA氏が、ログインしたまま帰宅。"
        "続けてB氏の申込みをA氏の画面で行い、A氏のポイントがB氏の決済サービスへ。",
        en="A cannot finish on the day of a renewed certificate and goes home still logged in. "
        "B's application is made in A's session: A's points go to B's cashless service.",
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
