"""The invented citizens do not get in each other's way."""

from __future__ import annotations

from datetime import date

from flows.people import EVERYBODY, TAKAHASHI_AKANE, TAKAHASHI_AOI, YAMADA_TARO


def test_nobody_shares_a_card_a_payment_id_or_a_bank_account() -> None:
    """The books tell owners by these."""
    for key in (
        [person.subject for person in EVERYBODY],
        [person.card_id for person in EVERYBODY],
        [person.account.number for person in EVERYBODY],
        [own.payment_id for person in EVERYBODY for own in (person.cashless, *person.spare_cashless)],
    ):
        assert len(set(key)) == len(key)


def test_reception_knows_name_and_birth_date_and_no_identifier_of_a_portal() -> None:
    citizen = YAMADA_TARO.citizen
    assert (citizen.name, citizen.birth_date, citizen.subject_id) == ("山田 太郎", date(1980, 4, 1), None)


def test_the_twins_differ_in_nothing_but_the_given_name() -> None:
    """Surname, birth date and telephone are the same: only the whole name tells them apart."""
    assert TAKAHASHI_AOI.birth_date == TAKAHASHI_AKANE.birth_date
    assert TAKAHASHI_AOI.phone == TAKAHASHI_AKANE.phone
    assert TAKAHASHI_AOI.name.split()[0] == TAKAHASHI_AKANE.name.split()[0]
    assert TAKAHASHI_AOI.name != TAKAHASHI_AKANE.name
