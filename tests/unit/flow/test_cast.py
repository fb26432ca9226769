"""What stands in the file is what the journeys type; what does not is made up on the mock portals alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from flows.mock.store import Store
from guard.flow.cast import as_given, invented
from guard.flow.citizens import read_citizens

if TYPE_CHECKING:
    from pathlib import Path

    from guard.flow.citizens import Row

TODAY = date(2026, 4, 1)


@pytest.fixture
def rows(tmp_path: Path) -> tuple[Row, ...]:
    file = tmp_path / "people.csv"
    file.write_text(
        "name,birth_date,name_on_card,card_id,number,child_name,child_birth_date\n"
        "高橋 誠,19800401,髙橋 誠,C-77,7777777,高橋 蓮,R1.5.1\n"
        "佐藤 花子,19810401,,,,,\n"
    )
    return read_citizens(file, TODAY)


def test_what_the_file_gives_is_used_and_the_rest_is_made_up(rows: tuple[Row, ...], tmp_path: Path) -> None:
    """Reception writes the common form, the card has the other; the portals take everybody at once."""
    first, second = invented(rows)
    assert (first.row.citizen.name, first.resident.name, first.resident.birth_date) == (
        "高橋 誠", "髙橋 誠", date(1980, 4, 1)
    )  # fmt: skip
    assert (first.resident.card_id, first.resident.account.number) == ("C-77", "7777777")
    assert second.resident.card_id
    assert second.resident.cashless.payment_id
    assert first.child is not None
    assert (first.child.name, first.child.guardian) == ("高橋 蓮", first.resident.subject)
    Store(tmp_path / "books.sqlite", (first.resident, first.child, second.resident)).close()


def test_nothing_is_made_up_for_a_staging_portal(rows: tuple[Row, ...]) -> None:
    """A made-up card number would lock somebody's card there."""
    first, second = as_given(rows)
    assert (first.resident.card_id, second.resident.card_id) == ("C-77", "")
    assert (second.resident.pin, second.resident.cashless.payment_id, second.resident.kana) == ("", "", "")
    assert "佐藤" not in repr(second)
