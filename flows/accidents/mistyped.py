"""Slips in a number, and accounts in a family member's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.accidents.accident import Accident, Portals, Promise, Without
from flows.accidents.journey import apply_for, register_for
from flows.accidents.ledger import account_of, points_of
from flows.accidents.people import CAREFUL, CHILD, MOTHER, ONE_DIGIT_AT_THE_END, ONE_DIGIT_BEFORE
from guard.core.verdict import Reason
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.accidents.counter import Counter
    from flows.people import Resident


def _mistyped(hit: Resident) -> Callable[[Counter], None]:
    """Staff type somebody else's number; if it is stopped they look at the citizen's paper and type it right."""

    def steps(counter: Counter) -> None:
        with counter.visit(CAREFUL) as page:
            if not apply_for(page, CAREFUL, cashless=hit.cashless).submitted:
                apply_for(page, CAREFUL)

    return steps


def _family_account(counter: Counter) -> None:
    with counter.visit(CHILD) as page:
        if not register_for(page, CHILD, MOTHER.account).submitted:
            register_for(page, CHILD)


KANRA = Accident(
    id="kanra-2023-02",
    name=Words(ja="甘楽町, 2023-02: IDの入力誤り", en="Kanra, 2023-02: mistyped ID"),
    source="群馬県 報道提供資料 209768",
    what_happens=Words(
        ja="決済サービスIDの末尾を打ち間違え、3か月後に気付く。",
        en="A payment-service ID is mistyped at its end; noticed three months later.",
    ),
    steps=_mistyped(ONE_DIGIT_AT_THE_END),
    as_meant=points_of(CAREFUL),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.READ_BACK_DIFFERS,),
    portals=Portals.FIELDS_DECLARED,
)
MISTYPED_UNDECLARED = Accident(
    id="mistyped-undeclared",
    name=Words(ja="IDの入力誤り、項目の宣言なし", en="Mistyped ID, profile declares no field"),
    source="総点検 2023年6月20日: 172件中32件",
    what_happens=Words(
        ja="同じ打ち間違い。プロファイルに項目の宣言がない。",
        en="The same slip; the portal's profile does not say where the number stands.",
    ),
    steps=_mistyped(ONE_DIGIT_AT_THE_END),
    as_meant=points_of(CAREFUL),
    without=Without.ASTRAY,
    promise=Promise.NOT_STOPPED,
)
MISTYPED_BEFORE_THE_END = Accident(
    id="mistyped-before-the-end",
    name=Words(ja="IDの入力誤り、末尾4文字より前", en="Mistyped ID, before its last four characters"),
    source="総点検 2023年6月20日: 172件中32件",
    what_happens=Words(
        ja="末尾4文字より前の打ち間違い。ご本人は末尾4文字だけを入力する。",
        en="A slip before the last four characters, which alone the citizen types again.",
    ),
    steps=_mistyped(ONE_DIGIT_BEFORE),
    as_meant=points_of(CAREFUL),
    without=Without.ASTRAY,
    promise=Promise.NOT_STOPPED,
    portals=Portals.FIELDS_DECLARED,
)
FAMILY_ACCOUNT = Accident(
    id="family-account",
    name=Words(ja="家族名義の口座(約13万件)", en="Account in a family member's name (about 130,000)"),
    source="ITmedia 2023年6月7日",
    what_happens=Words(
        ja="子の公金受取口座に、母名義の口座を登録。",
        en="The mother's account is registered for her child's money.",
    ),
    steps=_family_account,
    as_meant=account_of(CHILD),
    without=Without.ASTRAY,
    promise=Promise.STOPPED,
    stops=(Reason.ACCOUNT_HOLDER_DIFFERS,),
    portals=Portals.FIELDS_DECLARED,
)
