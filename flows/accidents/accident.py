"""What an accident class is: what people do, what comes of it without the guard, and what the guard promises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.accidents.counter import Counter
    from flows.mock.books import Books
    from guard.core.verdict import Reason
    from guard.grammar import Words


class Without(StrEnum):
    """What the portals' books say at a counter without the guard."""

    ASTRAY = "astray"
    """Somebody's points or account went to somebody else."""
    RIGHT = "right"
    """Everybody got their own: such a class is there because a guard could stop it falsely."""


class Promise(StrEnum):
    """What the guard makes of the same steps."""

    CANNOT_ARISE = "cannot_arise"
    """The handover, or the browser without a visit, leaves no session in which it could happen; nothing was stopped."""
    STOPPED = "stopped"
    """What would have gone astray was stopped, and done properly afterwards."""
    SEALED = "sealed"
    """Nothing went astray; the counter waited for a leader because something could not be proved."""
    LET_THROUGH = "let_through"
    """Right as it is, and done; stopped at most until a person had confirmed it."""
    NOT_STOPPED = "not_stopped"
    """Beyond what a guard can know or reach: it goes astray as before."""


class Portals(StrEnum):
    """How the counter's portal profiles describe the mock portals."""

    AS_SHIPPED = "as_shipped"
    FIELDS_DECLARED = "fields_declared"
    """Payment-service ID, account number and account holder are declared, as the profiles show in comments."""
    NO_BIRTH_DATE = "no_birth_date"
    """The portals tell the name alone: no birth date, no identifier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accident:
    """One class of accident, as an executable scenario that never asks whether a guard is there.

    `steps` is what citizens and staff do: the same at both counters, and where something is not sent they do what
    staff do then. It raises only if the scenario itself is broken.
    """

    id: str
    name: Words
    source: str
    """The report it is taken from, or why it is here without one."""
    what_happens: Words
    steps: Callable[[Counter], None]
    as_meant: Callable[[Books], bool]
    """Whether everybody who came has what they came for, under their own name."""
    without: Without
    promise: Promise
    stops: tuple[Reason, ...] = ()
    """For which reasons the guard stops something on the way, each named once, in their order."""
    portals: Portals = Portals.AS_SHIPPED
    reader: bool = False
    """Whether the guarded counter has a card reader, and each visit requires the card there."""
    restores: bool = False
    """Whether the browser without the guard is set up to continue where it left off."""
