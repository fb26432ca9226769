"""For people who test flows: pytest's tests at a guarded counter."""

from guard.qa.expectations import expect_clean, expect_stopped
from guard.qa.visits import StoppedError, Visits

__all__ = ["StoppedError", "Visits", "expect_clean", "expect_stopped"]
