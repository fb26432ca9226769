"""The columns of a citizens file: what stands in each, and which of them tell of a person."""

from __future__ import annotations

from typing import Final

NAME: Final = "name"
BIRTH_DATE: Final = "birth_date"
REQUIRED: Final = (NAME, BIRTH_DATE)

COLUMNS: Final = {
    NAME: "as reception writes it",
    BIRTH_DATE: "1980-04-01, 19800401, S55.4.1 or 昭和55年4月1日",
    "kana": "reading of the name",
    "alias": "other names known to reception (通称)",
    "address": "by which a household is known",
    "ticket": "not used: a reception list is a citizens file",
    "name_on_card": "as the mock portals show it, where reception writes another form",
    "card_id": "card number",
    "pin": "four digits",
    "phone": "ten or eleven digits, 0 in front",
    "service": "cashless service",
    "payment_id": "payment-service ID",
    "bank": "bank of the public-money account",
    "branch": "its branch",
    "number": "seven digits, of its account",
    "holder_kana": "its holder",
    "child_name": "for whom the citizen applies",
    "child_kana": "reading of that name",
    "child_birth_date": "as birth_date",
}
"""What a file may have; all but name and birth_date may be missing on the mock portals."""

SHOWN: Final = frozenset({"service", "bank", "ticket"})
"""Values that tell of no person, so that a complaint may show them."""

FORMS: Final = {"pin": r"[0-9]{4}", "phone": r"0[0-9]{9,10}", "number": r"[0-9]{7}"}
"""What spreadsheets take for numbers, and rob of the zero in front: three wrong PINs lock somebody's card."""

DATES: Final = (BIRTH_DATE, "child_birth_date")
UNIQUE: Final = (("card_id",), ("payment_id",), ("bank", "branch", "number"))
"""What two citizens cannot share."""
