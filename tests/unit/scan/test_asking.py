"""Tests of `guard.scan.asking`; what portals answer is tested in tests/browser/test_scan.py."""

from __future__ import annotations

from datetime import date

import pytest

from guard.core.identity import Citizen, Identity, Known, Nobody, Obscurity, Unclear
from guard.record.digest import digest
from guard.scan.asking import State, _person, _state
from guard.scan.leftover import Marker

KEY = bytes(range(32))


def test_a_person_has_the_digest_of_the_journal() -> None:
    """However the portal spaces the name, so that the visit can be looked up."""
    reception = Citizen(name="佐藤 花子", birth_date=date(1974, 6, 18))

    shown = Identity(name="佐藤　花子", birth_date=date(1974, 6, 18), subject_id="S-1")

    assert _person(shown, Marker(KEY)) == digest(reception, KEY)


@pytest.mark.parametrize("identity", [Identity(subject_id="S-1001"), Identity(kana="サトウ")])
def test_a_person_without_a_name_has_a_digest_too(identity: Identity) -> None:
    marked = _person(identity, Marker(KEY))

    assert marked != _person(identity, Marker(bytes(32)))
    assert "S-1001" not in str(marked)


def test_a_portal_that_names_nobody_gives_no_digest() -> None:
    assert _person(None, Marker(KEY)) is None


def test_only_a_positive_sign_makes_a_session_dead() -> None:
    """A portal that does not answer may still honour it."""
    assert _state(Nobody()) is State.DEAD
    assert _state(Known(identity=Identity(name="佐藤"))) is State.ALIVE
    assert {_state(Unclear(why=why)) for why in Obscurity} == {State.UNCLEAR}
