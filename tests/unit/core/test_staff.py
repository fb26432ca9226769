"""What a PIN must be, how a number is read, and how long wrong PINs lock it."""

from __future__ import annotations

import pytest

from guard.core.staff import TRIES, locked_after, read_number, read_pin, weakness_of


@pytest.mark.parametrize("typed", ["L-07", " l-07\n", "Ｌ－０７", "ｌ-０7"])
def test_a_number_is_the_same_however_the_keyboard_gives_it(typed: str) -> None:
    assert read_number(typed) == "L-07"


def test_a_pin_in_full_width_is_the_same_pin() -> None:
    assert read_pin("２７４９ ") == "2749"


@pytest.mark.parametrize(
    "pin",
    [
        *("0000", "777777", "1234", "4321", "7890", "0987", "2345678", "1212", "909090", "5107"),
        *("", "274", "2749274927492", "27a9", "27 49", "-2749", "२७४९", "²749"),
    ],
)
def test_a_pin_that_is_guessed_at_once_is_not_taken(pin: str) -> None:
    """Equal, consecutive or alternating digits, the staff number itself, and what is not 4 to 12 digits."""
    assert weakness_of(pin, "S-5107")


@pytest.mark.parametrize("pin", ["2749", "1357", "112358", "0070", "274927492749", "12345679"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    assert weakness_of(pin, "S-5107") is None


def test_the_fifth_wrong_pin_locks_and_each_further_one_doubles_the_time_up_to_an_hour() -> None:
    assert [locked_after(failures) for failures in range(TRIES)] == [0.0] * 5
    assert [locked_after(TRIES + more) for more in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert locked_after(10**6) == 3600
