"""What looks like an accident and is none: a guard that stops it gets in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Promise, Without
from flows.accidents.journey import apply_for, leave_half_way, log_in_at, serve
from flows.accidents.ledger import points_of
from flows.accidents.people import CHILD, MOTHER
from flows.people import SUZUKI_MISAKI, TAKAHASHI_AKANE, TAKAHASHI_AOI
from flows.points import Points, PointSite
from guard.core.verdict import Reason
from guard.grammar import Words

if TYPE_CHECKING:
    from flows.accidents.counter import Counter

_CONSTRUCTED = "報告なし / not published"


def _comes_back(counter: Counter) -> None:
    with counter.visit(SUZUKI_MISAKI, interrupted=True) as page:
        leave_half_way(page, SUZUKI_MISAKI)
    with counter.visit(SUZUKI_MISAKI) as page:
        apply_for(page, SUZUKI_MISAKI)


def _acts_for_child(counter: Counter) -> None:
    with counter.visit(MOTHER, acting_for=CHILD) as page:
        site = PointSite(page)
        serve(site, MOTHER, lambda: _for_the_child(site))


def _for_the_child(site: PointSite) -> None:
    site.begin_for_child(CHILD.name)
    site.finish(MOTHER.cashless, Points.CARD)


def _variant(counter: Counter) -> None:
    """Reception writes 高; the portal has 髙."""
    with counter.visit(TAKAHASHI_AOI, written=replace(TAKAHASHI_AOI.citizen, name="高橋 葵")) as page:
        if not apply_for(page, TAKAHASHI_AOI).submitted:
            counter.ask(TAKAHASHI_AOI)
            apply_for(page, TAKAHASHI_AOI)


def _one_after_the_other(counter: Counter) -> None:
    for twin in (TAKAHASHI_AOI, TAKAHASHI_AKANE):
        with counter.visit(twin) as page:
            log_in_at(PointSite(page), twin)
            apply_for(page, twin)


COMES_BACK = Accident(
    id="comes-back",
    name=Words(ja="中断後に同じ方が再来庁", en="The same person returning after an interruption"),
    source=_CONSTRUCTED,
    what_happens=Words(ja="中断したA氏が戻り、続きをする。", en="A interrupts, returns, and goes on."),
    steps=_comes_back,
    as_meant=points_of(SUZUKI_MISAKI),
    without=Without.RIGHT,
    promise=Promise.LET_THROUGH,
)
ACTS_FOR_CHILD = Accident(
    id="parent-for-child",
    name=Words(ja="子の代理の親", en="A parent acting for a child"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="子の代理として受け付けた母が自分でログインし、子のポイントを母の決済サービスに申込む。",
        en="The mother, received for her child, logs in herself; the child's points go to her service.",
    ),
    steps=_acts_for_child,
    as_meant=points_of(CHILD),
    without=Without.RIGHT,
    promise=Promise.LET_THROUGH,
)
NAME_VARIANT = Accident(
    id="name-variant",
    name=Words(ja="氏名の異体字", en="Name variants"),
    source="デジタル庁 2023年6月7日公表",
    what_happens=Words(ja="受付表は高橋、ポータルは髙橋。", en="Reception writes 高橋, the portal 髙橋."),
    steps=_variant,
    as_meant=points_of(TAKAHASHI_AOI),
    without=Without.RIGHT,
    promise=Promise.LET_THROUGH,
    stops=(Reason.VARIANT_UNCONFIRMED,),
)
TWINS_IN_TURN = Accident(
    id="twins-in-turn",
    name=Words(ja="双子が続けて、それぞれ本人のカードで", en="Twins one after the other, each with their own card"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="姓と生年月日が同じ二人を続けて対応。",
        en="Two people of one surname and birth date are served one after the other.",
    ),
    steps=_one_after_the_other,
    as_meant=points_of(TAKAHASHI_AOI, TAKAHASHI_AKANE),
    without=Without.RIGHT,
    promise=Promise.LET_THROUGH,
)
