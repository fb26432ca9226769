"""The machine keeps its promises on any day that hypothesis can make up."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.days import HostileDay, LegalDay

_SETTINGS = settings(
    max_examples=400,
    stateful_step_count=40,
    deadline=None,  # shared test machines stall
    derandomize=True,  # a red run must be red again
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_an_ordinary_day_keeps_every_promise_to_the_citizen() -> None:
    """Nothing goes out without agreement in an open visit; every hold is answered once; a seal holds."""
    run_state_machine_as_test(LegalDay, settings=_SETTINGS)


def test_a_hostile_day_keeps_every_promise_to_the_citizen() -> None:
    """The same, whatever arrives in whatever order: illegal events seal, and nothing slips out meanwhile."""
    run_state_machine_as_test(HostileDay, settings=_SETTINGS)
