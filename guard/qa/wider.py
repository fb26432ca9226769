"""What pytest calls a ScopeMismatch, in the words of a counter: a browser ends with the visit of its citizen."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_ONE_VISIT = frozenset({"browser", "context", "counter", "new_context", "page"})
_MISMATCH = re.compile(r"ScopeMismatch: .*? fixture (?P<asked>\w+) with an? (?P<scope>\w+) scoped request")
_FIXTURE = re.compile(r"^(?P<place>\S.*:\d+): +def (?P<name>\w+)\(", re.MULTILINE)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Say of a fixture that would outlive the visit why it may not, and what to do; pytest refuses it before it runs.

    Plain pytest-playwright has one browser for the whole session; at a guarded counter that would be one browser for
    all citizens.
    """
    try:
        yield
    except pytest.fail.Exception as error:
        said = _plainly(str(error))
        if said is None:
            raise
        raise pytest.fail.Exception(said, pytrace=False) from None


def _plainly(refusal: str) -> str | None:
    """The refusal in other words; None for whatever else failed, and for words of pytest that are not known."""
    mismatch = _MISMATCH.match(refusal)
    askers = list(_FIXTURE.finditer(refusal.partition("Requested fixture")[0]))  # outermost first
    if mismatch is None or mismatch["asked"] not in OF_ONE_VISIT or not askers:
        return None
    asker = askers[-1]
    return (
        f"the fixture {asker['name']} ({asker['place']}) has the scope {mismatch['scope']!r} and asks for"
        f" {mismatch['asked']}. Under --guard every citizen has a browser of their own, which ends with their visit: a"
        " page or a login that outlives the test would carry one citizen's session into the next one's visit. Give"
        f" {asker['name']} the scope 'function', or log in within the visit, in the test itself. What belongs to nobody"
        " may stay wider: playwright, browser_type, browser_type_launch_args, browser_context_args, base_url."
    )
