"""The benchmark of comparisons measures what it says; how fast, no test asks."""

from __future__ import annotations

import pytest

from guard import Citizen, Identity, compare
from guard.core.names import Agreement
from tests.benchmark.comparing import SHOWN


@pytest.mark.parametrize(
    ("citizen", "identity", "answer"),
    [(*pair, answer) for answer, pairs in SHOWN.items() for pair in pairs],
)
def test_each_pair_gets_the_answer_under_which_it_is_timed(
    citizen: Citizen, identity: Identity, answer: Agreement
) -> None:
    assert compare(citizen, identity) is answer


def test_every_answer_is_timed() -> None:
    assert set(SHOWN) == set(Agreement)
