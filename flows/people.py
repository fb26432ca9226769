"""Invented citizens with cards, payment ids and bank accounts; none of them exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guard.core.identity import Citizen

KORIYAMA_DAY = date(2022, 9, 12)
"""The day that the mock portals take for today unless told otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cashless:
    """A payment-service ID (決済サービスID) at one cashless service."""

    service: str
    payment_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BankAccount:
    """A bank account, with its holder in kana as the bank writes it."""

    bank: str
    branch: str
    number: str
    """Seven digits."""
    holder_kana: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """A person with a My Number card: what the portals know, and what the person brings to the counter."""

    subject: str
    """Identifier that the portals use for this person."""
    name: str
    kana: str
    birth_date: date
    phone: str
    card_id: str
    pin: str
    """Four digits; three wrong ones lock the card."""
    cashless: Cashless
    account: BankAccount
    spare_cashless: tuple[Cashless, ...] = ()
    """Payment ids that the person has, but need not have brought along."""
    certificate_renewed: date | None = None
    """On this day the point site refuses the points for the public-money account."""
    guardian: str | None = None
    """Subject of the parent who may apply for this person (法定代理人); None for grown-ups."""

    @property
    def citizen(self) -> Citizen:
        """The person as reception writes them down: no identifier of a portal."""
        return Citizen(name=self.name, birth_date=self.birth_date, kana=self.kana)


SATO_HANAKO = Resident(
    subject="S-1001",
    name="佐藤 花子",
    kana="サトウ ハナコ",
    birth_date=date(1974, 6, 18),
    phone="0240000001",
    card_id="C-1001",
    pin="1001",
    cashless=Cashless(service="さくらペイ", payment_id="SP10010001"),
    account=BankAccount(bank="あさひ銀行", branch="駅前支店", number="1001001", holder_kana="サトウ ハナコ"),
    certificate_renewed=KORIYAMA_DAY,
)
TANAKA_ICHIRO = Resident(
    subject="S-1002",
    name="田中 一郎",
    kana="タナカ イチロウ",
    birth_date=date(1961, 11, 23),
    phone="0240000002",
    card_id="C-1002",
    pin="1002",
    cashless=Cashless(service="さくらペイ", payment_id="SP10020002"),
    account=BankAccount(bank="みなと銀行", branch="本店", number="1002002", holder_kana="タナカ イチロウ"),
    spare_cashless=(Cashless(service="みどりカード", payment_id="MC10020009"),),
)
YAMADA_TARO = Resident(
    subject="S-1003",
    name="山田 太郎",
    kana="ヤマダ タロウ",
    birth_date=date(1980, 4, 1),
    phone="0930000003",
    card_id="C-1003",
    pin="1003",
    cashless=Cashless(service="みどりカード", payment_id="MC10030003"),
    account=BankAccount(bank="あさひ銀行", branch="八幡支店", number="1003003", holder_kana="ヤマダ タロウ"),
)
SUZUKI_MISAKI = Resident(
    subject="S-1004",
    name="鈴木 美咲",
    kana="スズキ ミサキ",
    birth_date=date(1992, 7, 30),
    phone="0930000004",
    card_id="C-1004",
    pin="1004",
    cashless=Cashless(service="そらペイ", payment_id="SR10040004"),
    account=BankAccount(bank="みなと銀行", branch="枝光支店", number="1004004", holder_kana="スズキ ミサキ"),
)
KOBAYASHI_KEN = Resident(
    subject="S-1005",
    name="小林 健",
    kana="コバヤシ ケン",
    birth_date=date(1955, 9, 3),
    phone="0930000005",
    card_id="C-1005",
    pin="1005",
    cashless=Cashless(service="そらペイ", payment_id="SR10050005"),
    account=BankAccount(bank="ひかり信用金庫", branch="城野支店", number="1005005", holder_kana="コバヤシ ケン"),
)
WATANABE_YUMI = Resident(
    subject="S-1006",
    name="渡辺 由美",
    kana="ワタナベ ユミ",
    birth_date=date(1987, 12, 25),
    phone="0930000006",
    card_id="C-1006",
    pin="1006",
    cashless=Cashless(service="さくらペイ", payment_id="SP10060006"),
    account=BankAccount(bank="ひかり信用金庫", branch="北方支店", number="1006006", holder_kana="ワタナベ ユミ"),
)
TAKAHASHI_AOI = Resident(
    subject="S-1007",
    name="髙橋 葵",
    kana="タカハシ アオイ",
    birth_date=date(2003, 5, 5),
    phone="0930000007",
    card_id="C-1007",
    pin="1007",
    cashless=Cashless(service="そらペイ", payment_id="SR10070007"),
    account=BankAccount(bank="あさひ銀行", branch="駅前支店", number="1007007", holder_kana="タカハシ アオイ"),
)
"""Twin of AKANE: same surname, address and birth date, the hardest neighbours to tell apart."""
TAKAHASHI_AKANE = Resident(
    subject="S-1008",
    name="髙橋 茜",
    kana="タカハシ アカネ",
    birth_date=date(2003, 5, 5),
    phone="0930000007",
    card_id="C-1008",
    pin="1008",
    cashless=Cashless(service="そらペイ", payment_id="SR10080008"),
    account=BankAccount(bank="あさひ銀行", branch="駅前支店", number="1008008", holder_kana="タカハシ アカネ"),
)

EVERYBODY = (
    SATO_HANAKO,
    TANAKA_ICHIRO,
    YAMADA_TARO,
    SUZUKI_MISAKI,
    KOBAYASHI_KEN,
    WATANABE_YUMI,
    TAKAHASHI_AOI,
    TAKAHASHI_AKANE,
)
