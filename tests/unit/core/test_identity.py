"""People in the core: complete enough to compare, and never in a log line."""

from __future__ import annotations

import pytest

from guard.core.identity import Citizen, Identity


@pytest.mark.parametrize("name", ["", "  ", "\u3000"])
def test_a_citizen_needs_a_name(name: str) -> None:
    """Without one nobody could be compared."""
    with pytest.raises(ValueError, match="needs a name"):
        Citizen(name=name)


def test_an_identity_needs_something() -> None:
    """An empty reading is `Unclear`, not a person."""
    with pytest.raises(ValueError, match="at least one"):
        Identity(name="")


def test_people_do_not_show_in_logs() -> None:
    """Values of the core may end in a message of an exception."""
    assert "山田" not in repr(Citizen(name="山田 太郎")) + repr(Identity(name="山田 太郎"))
