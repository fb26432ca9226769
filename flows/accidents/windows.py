"""What a browser keeps in its windows, its history and its memory of a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from flows.accidents.journey import apply_for, attempt, leave_half_way, log_in_at, serve
from flows.accidents.ledger import points_of
from flows.people import KOBAYASHI_KEN, SUZUKI_MISAKI, TANAKA_ICHIRO, WATANABE_YUMI
from flows.points import Points, PointSite
from guard.core.verdict import Reason
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.accidents.counter import Counter

A, B = TANAKA_ICHIRO, KOBAYASHI_KEN
_CONSTRUCTED = "報告なし / not published"


def _window_closed(counter: Counter) -> None:
    with counter.visit(A) as page:
        leave_half_way(page, A)
        page.close()
    with counter.visit(B) as page:
        apply_for(page, B)


def _second_window(counter: Counter) -> None:
    """Staff close the window in front of them, and do not see the one behind it."""
    with counter.visit(A) as page:
        leave_half_way(page.context.new_page(), A)
        page.close()
    with counter.visit(B) as page:
        apply_for(page, B)


def _back_button(counter: Counter) -> None:
    """An empty page is put on the screen for B; a press of Back shows A's form."""
    with counter.visit(A, interrupted=True) as page:
        log_in_at(PointSite(page), A)
        PointSite(page).begin()
        page.goto("about:blank")
    with counter.visit(B) as page:
        page.go_back()
        site = PointSite(page)
        serve(site, B, lambda: _go_on(site))


def _go_on(site: PointSite) -> None:
    if site.screen() != PointSite.SERVICE:
        site.begin()
    site.finish(B.cashless, Points.CARD)


def _reload(counter: Counter) -> None:
    """A's done page stays on the screen; staff press F5 for B, and go on from there."""
    with counter.visit(A) as page:
        apply_for(page, A, Points.CARD)
    with counter.visit(B) as page:
        page.reload()
        apply_for(page, B, Points.INSURANCE)


def _crash(counter: Counter) -> None:
    with counter.visit(A) as page:
        leave_half_way(page, A)
        counter.crash()
    with counter.visit(B) as page:
        apply_for(page, B)


def _two_at_once(counter: Counter) -> None:
    """A looks for a number; meanwhile B is served in another window, and then A again in the first one."""
    first, second = SUZUKI_MISAKI, WATANABE_YUMI
    with counter.visit(first) as page:
        log_in_at(PointSite(page), first)
        other = PointSite(page.context.new_page())
        log_in_at(other, second)
        done = attempt(other, lambda: other.apply(second.cashless, Points.CARD))
        if done.submitted:
            apply_for(page, first, Points.INSURANCE)
    if not done.submitted:
        with counter.visit(second) as page:
            apply_for(page, second, Points.CARD)
        with counter.visit(first) as page:
            apply_for(page, first, Points.INSURANCE)


def _left_behind(ident: str, name: Words, what: Words, steps: Callable[[Counter], None]) -> Accident:
    """B goes on in what A left, unless it is gone."""
    return Accident(
        id=ident,
        name=name,
        source=_CONSTRUCTED,
        what_happens=what,
        steps=steps,
        as_meant=points_of(B),
        without=Without.ASTRAY,
        promise=Promise.CANNOT_ARISE,
        restores=steps is _crash,
    )


WINDOW_CLOSED = _left_behind(
    "window-closed",
    Words(ja="ログアウトせず画面を閉じる", en="Staff close the window in place of logging out"),
    Words(
        ja="画面は閉じたが、ブラウザは動いたままでログインが残る。",
        en="The window is closed; the browser runs on and keeps the login.",
    ),
    _window_closed,
)
SECOND_WINDOW = _left_behind(
    "second-window",
    Words(ja="別ウィンドウに残ったA氏の画面", en="A's tab left open in a second window"),
    Words(ja="手前の画面だけを閉じ、後ろに残る。", en="Only the window in front is closed; the one behind it stays."),
    _second_window,
)
BACK_BUTTON = _left_behind(
    "back-button",
    Words(ja="「戻る」でA氏の画面", en="Back button into A's page"),
    Words(
        ja="空の画面でB氏を迎え、「戻る」でA氏の申込画面に入る。",
        en="B starts on an empty page; a press of Back leads into A's form.",
    ),
    _back_button,
)
RELOAD = _left_behind(
    "reload",
    Words(ja="A氏の完了画面でF5", en="F5 on A's done page"),
    Words(
        ja="A氏の完了画面を再読み込みし、そのままB氏の申込みへ。",
        en="A's done page is reloaded for B, and B's application begins from it.",
    ),
    _reload,
)
CRASH = _left_behind(
    "crash-and-restore",
    Words(ja="異常終了とタブの復元", en="Crash and tab restore"),
    Words(
        ja="A氏の対応中にブラウザが異常終了。復元した画面でB氏を対応。",
        en="The browser crashes with A; B is served in what it restores.",
    ),
    _crash,
)
TWO_AT_ONCE = Accident(
    id="other-window",
    name=Words(ja="同じプロファイルの別ウィンドウ", en="Another browser window of the same profile"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="A氏が番号を探す間に別ウィンドウでB氏を対応し、元のウィンドウでA氏の続きをする。",
        en="While A looks for a number, B is served in another window; then A goes on in the first.",
    ),
    steps=_two_at_once,
    as_meant=points_of(SUZUKI_MISAKI, WATANABE_YUMI),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.SOMEONE_ELSE,),
)
