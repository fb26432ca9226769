"""Published interruptions whose reports tell less than those of the demo: played as far as the facts go."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from flows.accidents.journey import Outcome, apply_for, attempt, leave_half_way, register_for
from flows.accidents.ledger import account_as_meant, account_astray, points_as_meant, points_astray, points_of
from flows.accidents.left_logged_in import LeftLoggedIn
from flows.account import MyPage
from flows.mock.hosts import MYPAGE, POINT
from flows.people import KOBAYASHI_KEN, SUZUKI_MISAKI, TANAKA_ICHIRO, WATANABE_YUMI, YAMADA_TARO
from flows.points import Points, PointSite
from guard.grammar import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from flows.accidents.counter import Counter
    from flows.people import Resident

_CAME_BACK_AFTER = timedelta(days=6)


def _points(
    ident: str, place: Words, day: date | None, source: str, what: Words, *, first: Resident, second: Resident
) -> LeftLoggedIn:
    """Points of A that go to B's service; which of A's points the report does not say."""

    def attempted(page: Page) -> Outcome:
        site = PointSite(page)
        return attempt(site, lambda: site.apply(second.cashless, Points.CARD))

    return LeftLoggedIn(
        id=ident,
        place=place,
        day=day,
        source=source,
        what_happens=what,
        portal=POINT,
        first=first,
        second=second,
        first_citizen_leaves=lambda page: leave_half_way(page, first),
        second_citizen_is_served=lambda page: apply_for(page, second),
        attempt_in_leftover_session=attempted,
        misattribution=partial(points_astray, first=first, second=second),
        served_properly=partial(points_as_meant, first=first, second=second),
    )


YAHATANISHI = _points(
    "yahatanishi-2023-02-07",
    Words(ja="北九州市 八幡西区役所", en="Kitakyushu, Yahatanishi ward office"),
    date(2023, 2, 7),
    "北九州市 報道発表 2023年「マイナポイント支援窓口における公金受取口座の誤登録等について」1(2)②",
    Words(
        ja="手続きの途中で中断したC氏が帰宅。画面をログアウトせず、D氏のキャッシュレス決済をC氏のポイントに登録。",
        en="C interrupts and goes home without a logout. D's cashless service is registered for C's points.",
    ),
    first=YAMADA_TARO,
    second=WATANABE_YUMI,
)
NIIGATA = _points(
    "niigata",
    Words(ja="新潟市(2件)", en="Niigata (two cases)"),
    None,
    "テレビ新潟の報道",
    Words(
        ja="番号が手元になく中断した方のログインのまま、次の方の手続きをした(ポイントで再現)。",
        en="Somebody has no number at hand and interrupts; the next one is served in that login. Played with points.",
    ),
    first=KOBAYASHI_KEN,
    second=SUZUKI_MISAKI,
)


def _begins_and_leaves(page: Page) -> None:
    site = MyPage(page)
    site.open()
    site.log_in(TANAKA_ICHIRO)
    site.begin()


def _register_as_before(page: Page) -> Outcome:
    site = MyPage(page)
    return attempt(site, lambda: site.register(YAMADA_TARO))


FUKUSHIMA = LeftLoggedIn(
    id="fukushima",
    place=Words(ja="福島市(4件)", en="Fukushima (four cases)"),
    day=None,
    source="ITmedia 2023年5月23日",
    what_happens=Words(
        ja="前の方のログインのまま、次の方を登録した(公金受取口座で再現)。",
        en="The next person is registered in the session of the one before; played with the bank account.",
    ),
    portal=MYPAGE,
    first=TANAKA_ICHIRO,
    second=YAMADA_TARO,
    first_citizen_leaves=_begins_and_leaves,
    second_citizen_is_served=lambda page: register_for(page, YAMADA_TARO),
    attempt_in_leftover_session=_register_as_before,
    misattribution=partial(account_astray, first=TANAKA_ICHIRO, second=YAMADA_TARO),
    served_properly=partial(account_as_meant, first=TANAKA_ICHIRO, second=YAMADA_TARO),
)


def _shiroishi(counter: Counter) -> None:
    """The day itself, and the day on which A comes back."""
    with counter.visit(KOBAYASHI_KEN, interrupted=True) as page:
        leave_half_way(page, KOBAYASHI_KEN)
    with counter.visit(WATANABE_YUMI) as page:
        apply_for(page, WATANABE_YUMI)
        site = PointSite(page)
        if site.shown_holder() is not None:
            site.log_out()  # six days lie between: nobody believes that the session lived so long
    counter.portals.today += _CAME_BACK_AFTER
    with counter.visit(KOBAYASHI_KEN) as page:
        apply_for(page, KOBAYASHI_KEN)


SHIROISHI = Accident(
    id="shiroishi",
    name=Words(ja="白石市(6日後に判明)", en="Shiroishi (found six days later)"),
    source="khb 東日本放送の報道",
    what_happens=Words(
        ja="A氏のログインのままB氏を対応。6日後、再び来庁したA氏が申込めずに判明。",
        en="B is served in A's session; found six days later, when A comes back.",
    ),
    steps=_shiroishi,
    as_meant=points_of(KOBAYASHI_KEN, WATANABE_YUMI),
    without=Without.ASTRAY,
    promise=Promise.CANNOT_ARISE,
)
