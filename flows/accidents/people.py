"""Invented people whom only the accidents need: of one name, of one family, with numbers one digit apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.people import EVERYBODY, BankAccount, Cashless, Resident


def _resident(number: int, name: str, kana: str, born: date, payment_id: str | None = None) -> Resident:
    return Resident(
        subject=f"S-{number}",
        name=name,
        kana=kana,
        birth_date=born,
        phone=f"092000{number}",
        card_id=f"C-{number}",
        pin=str(number),
        cashless=Cashless(service="さくらペイ", payment_id=payment_id or f"SP{number}0001"),
        account=BankAccount(bank="あさひ銀行", branch="本店", number=f"{number}001", holder_kana=kana),
    )


FATHER = _resident(2001, "中村 清", "ナカムラ キヨシ", date(1951, 3, 9))
SON = _resident(2002, "中村 清", "ナカムラ キヨシ", date(1979, 12, 2))
GRANDFATHER = _resident(2003, "岡本 実", "オカモト ミノル", date(1938, 1, 15))
GRANDSON = _resident(2004, "岡本 実", "オカモト ミノル", date(1991, 8, 21))
"""Of one name and family as the two above, for a day on which nobody else of them was served."""
MOTHER = _resident(2005, "石井 恵子", "イシイ ケイコ", date(1984, 5, 17))
CHILD = replace(_resident(2006, "石井 陽菜", "イシイ ヒナ", date(2012, 10, 4)), guardian=MOTHER.subject)
CAREFUL = _resident(2007, "森 和夫", "モリ カズオ", date(1949, 2, 11), "SP20070412")
ONE_DIGIT_AT_THE_END = _resident(2008, "池田 学", "イケダ マナブ", date(1970, 7, 7), "SP20070413")
ONE_DIGIT_BEFORE = _resident(2009, "橋本 光", "ハシモト ヒカリ", date(1988, 11, 30), "SP20170412")
"""Owners of the payment-service IDs that a slip in the one of CAREFUL can hit."""
CLERK = _resident(2010, "清水 直", "シミズ ナオ", date(1995, 6, 1))
"""Works at the counter, and has a card too."""

CAST = (
    *EVERYBODY,
    FATHER,
    SON,
    GRANDFATHER,
    GRANDSON,
    MOTHER,
    CHILD,
    CAREFUL,
    ONE_DIGIT_AT_THE_END,
    ONE_DIGIT_BEFORE,
    CLERK,
)
"""Everybody whom the portals must know to play the accidents."""
