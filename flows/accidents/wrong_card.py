"""Another card than that of the citizen served: mixed up, of a twin, of somebody with the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Portals, Promise, Without
from flows.accidents.journey import apply_for, log_in_at, register_for
from flows.accidents.ledger import account_of, points_of
from flows.accidents.people import FATHER, GRANDFATHER, GRANDSON, SON
from flows.account import MyPage
from flows.people import SUZUKI_MISAKI, TAKAHASHI_AKANE, TAKAHASHI_AOI, YAMADA_TARO
from flows.points import PointSite
from guard.core.verdict import Reason
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.accidents.counter import Counter
    from flows.people import Resident

_FINAL_COUNT = "総点検 2023年6月20日: 172件中2件"
_CONSTRUCTED = "報告なし / not published"


def _registered_under(other: Resident, served: Resident) -> Callable[[Counter], None]:
    """The other's card lies on the reader while somebody else is served; if it is stopped, their own is laid down."""

    def steps(counter: Counter) -> None:
        with counter.visit(served) as page:
            log_in_at(MyPage(page), other)
            done = register_for(page, served)
        if not done.submitted:
            with counter.visit(served) as page:
                register_for(page, served)

    return steps


def _applied_under(other: Resident, served: Resident, *, came_before: bool) -> Callable[[Counter], None]:
    def steps(counter: Counter) -> None:
        if came_before:
            with counter.visit(other) as page:
                PointSite(page).open()
        with counter.visit(served) as page:
            log_in_at(PointSite(page), other)
            done = apply_for(page, served)
        if not done.submitted:
            with counter.visit(served) as page:
                log_in_at(PointSite(page), served)
                counter.ask(served)
                apply_for(page, served)

    return steps


def _card_names_the_visit(counter: Counter) -> None:
    """Reception copies the name from the card that B brings: A's, which B was handed by mistake."""
    with counter.visit(SUZUKI_MISAKI, written=YAMADA_TARO.citizen) as page:
        log_in_at(MyPage(page), YAMADA_TARO)
        register_for(page, SUZUKI_MISAKI)


CARD_MIXED_UP = Accident(
    id="card-mixed-up",
    name=Words(ja="カードの取違え", en="Card handed to the wrong person, who is served as themselves"),
    source=_FINAL_COUNT,
    what_happens=Words(
        ja="A氏のカードを渡されたB氏が、受付表にはB氏として、A氏のカードでログインする。",
        en="B was handed A's card; reception knows B, the login is A's.",
    ),
    steps=_registered_under(YAMADA_TARO, SUZUKI_MISAKI),
    as_meant=account_of(SUZUKI_MISAKI),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.SOMEONE_ELSE,),
)
CARD_NAMES_THE_VISIT = Accident(
    id="card-names-the-visit",
    name=Words(
        ja="カードの取違え、受付もカードのとおり", en="Card handed to the wrong person, and reception copies it"
    ),
    source=_FINAL_COUNT,
    what_happens=Words(
        ja="A氏のカードを渡されたB氏を、受付がカードの氏名のとおりA氏として受け付ける。",
        en="B was handed A's card, and reception writes down the name on it.",
    ),
    steps=_card_names_the_visit,
    as_meant=account_of(SUZUKI_MISAKI),
    without=Without.ASTRAY,
    promise=Promise.NOT_STOPPED,
)
TWINS = Accident(
    id="twins",
    name=Words(ja="双子", en="Twins"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="姓・生年月日・住所が同じ双子の、片方のログインでもう片方を手続き。",
        en="Surname, birth date and address are the same; one is served in the other's login.",
    ),
    steps=_registered_under(TAKAHASHI_AOI, TAKAHASHI_AKANE),
    as_meant=account_of(TAKAHASHI_AKANE),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.SOMEONE_ELSE,),
)
SAME_NAME = Accident(
    id="father-and-son",
    name=Words(ja="同姓同名の父と子", en="Father and son of the same name"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="父のログインで、同姓同名の子を手続き。生年月日だけが違う。",
        en="The son is served in his father's login; only the birth dates differ.",
    ),
    steps=_applied_under(FATHER, SON, came_before=False),
    as_meant=points_of(SON),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.SOMEONE_ELSE,),
)
SAME_NAME_NO_BIRTH_DATE = Accident(
    id="father-and-son-no-birth-date",
    name=Words(ja="同姓同名、ポータルが生年月日を示さない", en="Same name, and the portal shows no birth date"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="同じ。ポータルは氏名しか示さず、父は同じ日に来ていない。",
        en="The same at a portal that tells the name alone; the father was not here today.",
    ),
    steps=_applied_under(GRANDFATHER, GRANDSON, came_before=False),
    as_meant=points_of(GRANDSON),
    without=Without.ASTRAY,
    promise=Promise.NOT_STOPPED,
    portals=Portals.NO_BIRTH_DATE,
)
SAME_NAME_SAME_HOUR = Accident(
    id="father-and-son-same-hour",
    name=Words(ja="同姓同名が続けて来庁、生年月日なし", en="Same name, no birth date, both within the hour"),
    source=_CONSTRUCTED,
    what_happens=Words(
        ja="同じ。ただし父は直前に対応した。",
        en="The same, but the father was served just before.",
    ),
    steps=_applied_under(FATHER, SON, came_before=True),
    as_meant=points_of(SON),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.VARIANT_UNCONFIRMED,),
    portals=Portals.NO_BIRTH_DATE,
)
