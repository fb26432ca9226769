"""Tests of `guard.errors`."""

from __future__ import annotations

import pytest

from guard.errors import BrowserError, ConfigError, GuardError, JournalError, LedgerError, SetupError, StaffError


def test_an_error_says_what_is_wrong_with_which_value_and_how_to_mend_it() -> None:
    error = GuardError("The door is open", value=3, mend="Close it.")

    assert str(error) == "The door is open (found: 3). Close it."
    assert (error.what, error.value, error.mend) == ("The door is open", 3, "Close it.")


def test_an_error_without_a_value_says_no_value() -> None:
    assert str(GuardError("The door is open", mend="Close it.")) == "The door is open. Close it."


def test_a_value_that_is_empty_is_still_told() -> None:
    assert "(found: 0)" in str(GuardError("Too few doors", value=0, mend="Add one."))


def test_each_kind_of_error_ends_the_command_with_a_status_of_its_own() -> None:
    """Scripts around the guard tell the kinds apart; 2 is also what a wrong command line gives."""
    kinds = (GuardError, ConfigError, BrowserError, JournalError, SetupError, StaffError, LedgerError)

    assert [kind.exit_status for kind in kinds] == [1, 2, 3, 4, 5, 7, 8]


@pytest.mark.parametrize("kind", [ConfigError, BrowserError, JournalError, LedgerError, SetupError, StaffError])
def test_every_error_can_be_caught_as_one(kind: type[GuardError]) -> None:
    with pytest.raises(GuardError, match=r"^It is wrong\. Mend it\.$"):
        raise kind("It is wrong", mend="Mend it.")
