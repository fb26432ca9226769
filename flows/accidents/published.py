"""Published interruptions whose reports tell less than those of the demo: played as far as the facts go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from flows.accidents.journey import apply_for, leave_half_way, log_in_at, register_for
from flows.accidents.ledger import account_of, points_of
from flows.accidents.left_logged_in import in_turn
from flows.account import MyPage
from flows.people import KOBAYASHI_KEN, SUZUKI_MISAKI, TANAKA_ICHIRO, WATANABE_YUMI, YAMADA_TARO
from flows.points import PointSite
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from flows.accidents.counter import Counter
    from flows.mock.books import Books
    from flows.people import Resident

_CAME_BACK_AFTER = timedelta(days=6)


def _left_logged_in(
    ident: str,
    name: Words,
    source: str,
    what: Words,
    steps: Callable[[Counter], None],
    as_meant: Callable[[Books], bool],
) -> Accident:
    return Accident(
        id=ident,
        name=name,
        source=source,
        what_happens=what,
        steps=steps,
        as_meant=as_meant,
        without=Without.ASTRAY,
        promise=Promise.CANNOT_ARISE,
    )


def _points(first: Resident, second: Resident) -> Callable[[Counter], None]:
    """Points of the first that go to the second's service; which of them the reports do not say."""
    return in_turn(
        first, second, leaves=lambda page: leave_half_way(page, first), served=lambda page: apply_for(page, second)
    )


def _begins_and_leaves(page: Page) -> None:
    site = MyPage(page)
    log_in_at(site, TANAKA_ICHIRO)
    site.begin()


YAHATANISHI = _left_logged_in(
    "yahatanishi-2023-02-07",
    Words(
        ja="北九州市 八幡西区役所, 2023-02-07",
        en="Kitakyushu, Yahatanishi ward office, 2023-02-07",
    ),
    "北九州市 報道発表 2023年「マイナポイント支援窓口における公金受取口座の誤登録等について」1(2)②",
    Words(
        ja="手続きの途中で中断したC氏が帰宅。画面をログアウトせず、D氏のキャッシュレス決済をC氏のポイントに登録。",
        en="C interrupts and goes home without a logout. D's cashless service is registered for C's points.",
    ),
    _points(YAMADA_TARO, WATANABE_YUMI),
    points_of(WATANABE_YUMI),
)
NIIGATA = _left_logged_in(
    "niigata",
    Words(ja="新潟市(2件)", en="Niigata (two cases)"),
    "テレビ新潟の報道",
    Words(
        ja="番号が手元になく中断した方のログインのまま、次の方の手続きをした(ポイントで再現)。",
        en="Somebody has no number at hand and interrupts; the next one is served in that login. Played with points.",
    ),
    _points(KOBAYASHI_KEN, SUZUKI_MISAKI),
    points_of(SUZUKI_MISAKI),
)
FUKUSHIMA = _left_logged_in(
    "fukushima",
    Words(ja="福島市(4件)", en="Fukushima (four cases)"),
    "ITmedia 2023年5月23日",
    Words(
        ja="前の方のログインのまま、次の方を登録した(公金受取口座で再現)。",
        en="The next person is registered in the session of the one before; played with the bank account.",
    ),
    in_turn(
        TANAKA_ICHIRO,
        YAMADA_TARO,
        leaves=_begins_and_leaves,
        served=lambda page: register_for(page, YAMADA_TARO),
    ),
    account_of(YAMADA_TARO),
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


SHIROISHI = _left_logged_in(
    "shiroishi",
    Words(ja="白石市(6日後に判明)", en="Shiroishi (found six days later)"),
    "khb 東日本放送の報道",
    Words(
        ja="A氏のログインのままB氏を対応。6日後、再び来庁したA氏が申込めずに判明。",
        en="B is served in A's session; found six days later, when A comes back.",
    ),
    _shiroishi,
    points_of(KOBAYASHI_KEN, WATANABE_YUMI),
)
