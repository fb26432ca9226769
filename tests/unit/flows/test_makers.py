"""Invented citizens: the same for the same seed, and each of the hard kinds is what it says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.makers import BANKS, HIGHEST_SEED, SERVICES, Maker
from flows.mock.my_page import BANKS as BANKS_OF_THE_PORTAL
from flows.mock.my_page import STEPS
from flows.mock.point_site import SERVICES as SERVICES_OF_THE_PORTAL
from flows.names import FOREIGN, VARIANTS
from flows.people import EVERYBODY, Resident
from guard import Citizen, compare
from guard.core.identity import Identity
from guard.core.names import Agreement

SEEDS = st.integers(0, HIGHEST_SEED)


def _everybody(seed: int) -> list[Resident]:
    maker = Maker(seed)
    pairs = [*maker.twins(), *maker.father_and_son(), *maker.family(2), *maker.several(3)]
    return [*pairs, maker.with_variant()[0], maker.foreigner()[0]]


def _on_the_card(resident: Resident) -> Identity:
    return Identity(name=resident.name, birth_date=resident.birth_date)


@settings(max_examples=30)
@given(SEEDS)
def test_a_seed_makes_the_same_people_again(seed: int) -> None:
    """A test that failed can be run again with the very same citizens."""
    assert _everybody(seed) == _everybody(seed)


@settings(max_examples=30)
@given(SEEDS, SEEDS)
def test_nobody_shares_a_card_a_payment_id_or_an_account(one: int, other: int) -> None:
    """Over two seeds, and with the people that stand in flows.people: the books tell owners by these."""
    people = [*EVERYBODY, *_everybody(one), *(_everybody(other) if other != one else ())]
    for key in (
        [person.subject for person in people],
        [person.card_id for person in people],
        [person.account.number for person in people],
        [own.payment_id for person in people for own in (person.cashless, *person.spare_cashless)],
    ):
        assert len(set(key)) == len(key)


@settings(max_examples=30)
@given(SEEDS)
def test_the_portals_take_what_is_made_up(seed: int) -> None:
    """Kana, telephone and account number have the forms that the my-page portal asks for."""
    patterns = {field.key: field.pattern for step in STEPS for field in step.fields}
    for person in _everybody(seed):
        assert re.fullmatch(patterns["kana"], person.kana)
        assert re.fullmatch(patterns["phone"], person.phone)
        assert re.fullmatch(patterns["number"], person.account.number)
        assert re.fullmatch(r"\d{4}", person.pin)
    assert set(SERVICES) == set(SERVICES_OF_THE_PORTAL)
    assert BANKS == BANKS_OF_THE_PORTAL


def test_every_variant_is_one_and_can_be_written_by_a_spreadsheet() -> None:
    """Never a match by itself, never somebody else; Shift_JIS has the character."""
    for card, common, _ in VARIANTS:
        assert compare(Citizen(name=f"{common} 誠"), Identity(name=f"{card} 誠")) is Agreement.VARIANT
        assert card.encode("cp932").decode("cp932") == card


def test_every_foreign_name_is_a_variant_in_its_other_order() -> None:
    for card, said, _ in FOREIGN:
        assert compare(Citizen(name=said), Identity(name=card)) is Agreement.VARIANT
        assert compare(Citizen(name=card), Identity(name=card)) is Agreement.MATCH


@settings(max_examples=30)
@given(SEEDS)
def test_the_hard_neighbours_differ_in_one_thing_alone(seed: int) -> None:
    maker = Maker(seed)
    one, other = maker.twins()
    assert (one.birth_date, one.phone, one.name.split()[0]) == (other.birth_date, other.phone, other.name.split()[0])
    assert compare(one.citizen, _on_the_card(other)) is Agreement.MISMATCH
    father, son = maker.father_and_son()
    assert (father.name, father.kana, father.phone) == (son.name, son.kana, son.phone)
    assert compare(father.citizen, _on_the_card(son)) is Agreement.MISMATCH


@settings(max_examples=30)
@given(SEEDS)
def test_what_reception_writes_of_a_variant_is_not_what_the_card_says(seed: int) -> None:
    maker = Maker(seed)
    for resident, as_written in (maker.with_variant(), maker.foreigner()):
        assert compare(as_written, _on_the_card(resident)) is Agreement.VARIANT
        assert compare(resident.citizen, _on_the_card(resident)) is Agreement.MATCH


def test_a_family_has_one_surname_and_a_mother_who_may_apply_for_each_child() -> None:
    mother, father, *children = Maker(3).family(6)
    assert {person.name.split()[0] for person in (mother, father, *children)} == {mother.name.split()[0]}
    assert len({person.name for person in children}) == 6
    assert {child.guardian for child in children} == {mother.subject}
    assert (mother.guardian, father.guardian) == (None, None)
    assert all(child.birth_date > father.birth_date for child in children)
    assert Maker(3).parent_and_child()[1].guardian == Maker(3).parent_and_child()[0].subject


def test_what_a_maker_cannot_make_it_says() -> None:
    with pytest.raises(ValueError, match="0 to 7999"):
        Maker(8000)
    with pytest.raises(ValueError, match="0 to 6 children"):
        Maker().family(7)
    maker = Maker()
    maker.several(999)
    with pytest.raises(ValueError, match="another seed"):
        maker.anybody()
