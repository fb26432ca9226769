"""Names for invented people: common ones, those whose kanji have several forms, foreign ones as cards write them."""

from __future__ import annotations

from typing import Final

SURNAMES: Final = (
    ("佐々木", "ササキ"), ("中村", "ナカムラ"), ("加藤", "カトウ"), ("吉川", "ヨシカワ"), ("松本", "マツモト"),
    ("井上", "イノウエ"), ("木村", "キムラ"), ("清水", "シミズ"), ("山口", "ヤマグチ"), ("阿部", "アベ"),
)  # fmt: skip
"""Kanji and reading."""

VARIANTS: Final = (
    ("髙橋", "高橋", "タカハシ"), ("山﨑", "山崎", "ヤマサキ"), ("渡邊", "渡辺", "ワタナベ"),
    ("渡邉", "渡辺", "ワタナベ"), ("齋藤", "斎藤", "サイトウ"), ("濵田", "浜田", "ハマダ"),
    ("德永", "徳永", "トクナガ"), ("廣瀬", "広瀬", "ヒロセ"), ("澤田", "沢田", "サワダ"),
    ("栁田", "柳田", "ヤナギダ"), ("冨田", "富田", "トミタ"), ("嶋田", "島田", "シマダ"),
)  # fmt: skip
"""As the card writes it, as most people write it, and the reading. Shift_JIS (cp932) has every one of them."""

WOMEN: Final = (
    ("陽子", "ヨウコ"), ("直美", "ナオミ"), ("結衣", "ユイ"), ("彩花", "アヤカ"), ("千尋", "チヒロ"),
    ("和子", "カズコ"),
)  # fmt: skip
MEN: Final = (
    ("大輔", "ダイスケ"), ("健太", "ケンタ"), ("拓也", "タクヤ"), ("正雄", "マサオ"), ("翔", "ショウ"),
    ("誠", "マコト"),
)  # fmt: skip
CHILDREN: Final = (
    ("小春", "コハル"), ("蓮", "レン"), ("凛", "リン"), ("湊", "ミナト"), ("紬", "ツムギ"),
    ("樹", "イツキ"),
)  # fmt: skip

FOREIGN: Final = (
    ("SMITH JOHN MICHAEL", "John Michael Smith", "スミス ジョン マイケル"),
    ("NGUYEN VAN AN", "An Van Nguyen", "グエン ヴァン アン"),
    ("SILVA SANTOS MARIA", "Maria Silva Santos", "シルヴァ サントス マリア"),
    ("DELA CRUZ ANNA", "Anna Dela Cruz", "デラクルス アンナ"),
    ("MUELLER ERIKA", "Erika Mueller", "ミュラー エリカ"),
    ("TAMANG SITA", "Sita Tamang", "タマン シタ"),
)
"""In the order of the residence card (surname first, capitals), as people introduce themselves, and the reading."""
