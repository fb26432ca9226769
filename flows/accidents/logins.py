"""Logins and logouts that are not what they look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from flows.accidents.journey import apply_for, attempt, log_in_at, register_for
from flows.accidents.ledger import account_of, points_of
from flows.account import MyPage
from flows.login import CardLogin
from flows.mock.faults import LogoutFault
from flows.mock.hosts import POINT
from flows.people import KOBAYASHI_KEN, SATO_HANAKO, SUZUKI_MISAKI, TANAKA_ICHIRO, WATANABE_YUMI, YAMADA_TARO
from flows.points import Points, PointSite
from guard.core.verdict import Reason
from guard.grammar import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.accidents.counter import Counter
    from flows.people import Resident
    from flows.site import Site

_CONSTRUCTED = "報告なし / not published"
_SESSION = "point_sid"


def _just_quickly(counter: Counter) -> None:
    """A comes back to look something up, while B is at the counter; then staff go on with B."""
    first, second = SATO_HANAKO, TANAKA_ICHIRO
    with counter.visit(second) as page:
        log_in_at(PointSite(page), second)
        log_in_at(PointSite(page), first)
        done = apply_for(page, second)
    if not done.submitted:
        with counter.visit(second) as page:
            apply_for(page, second)


def _stale_worker(counter: Counter) -> None:
    """As above; staff do look at the name in the header, which the worker remembers from B's own login."""
    first, second = SUZUKI_MISAKI, KOBAYASHI_KEN
    counter.portals.faults.of(POINT).stale_worker = True
    with counter.visit(second) as page:
        site = PointSite(page)
        log_in_at(site, second)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        site.open()
        site.log_in(first)
        if site.shown_holder() != second.name:
            msg = "the worker shows who is logged in: staff are not misled"
            raise AssertionError(msg)
        done = apply_for(page, second)
    if not done.submitted:
        with counter.visit(second) as page:
            apply_for(page, second)


def _fixed_session(counter: Counter) -> None:
    """A takes down the session id before anybody has logged in, and uses it at home once B has."""
    first, second = WATANABE_YUMI, YAMADA_TARO
    counter.portals.faults.of(POINT).keeps_id = True
    with counter.visit(first) as page:
        page.goto(f"{PointSite.base_url}/login")
        noted = [one for one in page.context.cookies() if one.get("name") == _SESSION]
    with counter.visit(second) as page:
        apply_for(page, second, Points.CARD)
    with counter.elsewhere() as page:
        page.context.add_cookies(
            [{"name": _SESSION, "value": one["value"], "url": PointSite.base_url} for one in noted]
        )
        site = PointSite(page)
        attempt(site, lambda: site.apply(first.cashless, Points.INSURANCE))


def _silent_logout(counter: Counter) -> None:
    first, second = SATO_HANAKO, KOBAYASHI_KEN
    counter.portals.faults.of(POINT).logout = LogoutFault.WITHOUT_EFFECT
    with counter.visit(first) as page:
        apply_for(page, first, Points.CARD)
        PointSite(page).log_out()
    with counter.visit(second) as page:
        apply_for(page, second, Points.INSURANCE)


def _partner(counter: Counter) -> None:
    """A is logged out where A was served; the provider is not, and offers to go on without a card."""
    first, second = YAMADA_TARO, SUZUKI_MISAKI
    with counter.visit(first) as page:
        register_for(page, first)
        MyPage(page).log_out()
    with counter.visit(second) as page:
        site = PointSite(page)
        site.open()
        _log_in_the_short_way(site, page, second)
        attempt(site, lambda: site.apply(second.cashless, Points.CARD))


def _log_in_the_short_way(site: Site, page: Page, resident: Resident) -> None:
    page.goto(f"{site.base_url}/login")
    if CardLogin(page).offers_to_continue():
        site.log_in_with_one_click()
    else:
        site.log_in(resident)


A_WHILE_B = Accident(
    id="a-while-b",
    name=Words(ja="B氏の対応中にA氏がログイン", en="A logs in while B is being served"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="戻ってきたA氏の確認を途中ではさみ、そのままB氏の申込みへ。",
        en="A comes back for a moment and logs in; then staff go on with B.",
    ),
    steps=_just_quickly,
    as_meant=points_of(TANAKA_ICHIRO),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.SOMEONE_ELSE,),
)
STALE_WORKER = Accident(
    id="stale-worker",
    name=Words(ja="別の方を表示し続けるサービスワーカー", en="A cached service worker that shows somebody else"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="画面はB氏と表示するが、サーバーではA氏がログイン中。",
        en="The page, from the worker's cache, says B; at the server A is logged in.",
    ),
    steps=_stale_worker,
    as_meant=points_of(KOBAYASHI_KEN),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.SOMEONE_ELSE,),
)
FIXED_SESSION = Accident(
    id="fixed-session",
    name=Words(ja="ログイン前に固定されたセッションID", en="Session id fixed before login"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="ポータルがログイン時にIDを替えない。前の方が控えたIDで、後から次の方として申込む。",
        en="The portal keeps the id at login; who noted it before applies as the next citizen, from home.",
    ),
    steps=_fixed_session,
    as_meant=points_of(YAMADA_TARO),
    without=Without.ASTRAY,
    promise=Promise.CANNOT_ARISE,
)
SILENT_LOGOUT = Accident(
    id="silent-logout",
    name=Words(ja="効かないログアウト", en="Logout that fails silently"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="「ログアウトしました」と表示されるが、ログインが残る。",
        en="The page says that the logout is done; the login stays.",
    ),
    steps=_silent_logout,
    as_meant=points_of(SATO_HANAKO, KOBAYASHI_KEN),
    without=Without.ASTRAY,
    promise=Promise.SEALED,
)
PARTNER = Accident(
    id="sso-partner",
    name=Words(ja="連携先に残ったログイン", en="SSO partner left logged in"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="マイページはログアウトしたが、認証サービスが「このまま続ける」と前の方で通す。",
        en="The portal is logged out, the identity provider is not, and goes on as the citizen before.",
    ),
    steps=_partner,
    as_meant=lambda books: account_of(YAMADA_TARO)(books) and points_of(SUZUKI_MISAKI)(books),
    without=Without.ASTRAY,
    promise=Promise.CANNOT_ARISE,
)
