"""What was seen while a profile was tried. Names of cookies stand in it, never their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from guard.core.identity import Holder, Known, Obscurity, Unclear
from guard.core.submission import RequestClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guard.browser.wire import Answer
    from guard.core.clearance import Proof
    from guard.form_fields import FieldRule
    from guard.portal import Portal
    from guard.trying.found import Match


NOT_ASKED = Unclear(why=Obscurity.UNREACHABLE)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One answer to the identity question, with everything that the profile reads in it."""

    holder: Holder = NOT_ASKED
    answer: Answer | None = None
    """None if none came."""
    matches: tuple[Match, ...] = ()
    session: str | None = None
    """Key of the session that the question went out under."""
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Name → digest of its value."""
    rotated: bool = False
    """Whether a second question went out under another session."""

    @property
    def known(self) -> bool:
        return isinstance(self.holder, Known)

    def changed(self, before: Look) -> list[str]:
        """Names of the cookies that came, or got another value."""
        return sorted(name for name, value in self.cookies.items() if before.cookies.get(name) != value)


class Task(StrEnum):
    """What the person at the window is asked to do."""

    LOG_IN = "log in"
    USE = "use"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request that the person made."""

    during: Task
    method: str
    path: str
    request_class: RequestClass | None
    """None for one that only reads."""
    declared: bool = False
    while_known: bool = False
    """Whether the portal had somebody logged in when it was made."""
    found: frozenset[str] = frozenset()
    """Names of the declared fields that it carried; their values are read by the gate, and not kept."""
    sought: frozenset[str] = frozenset()
    """Names of all fields that are declared of it."""
    has_query: bool = False
    """Whether its address has a query, which is not kept."""

    @property
    def submits(self) -> bool:
        """Whether declared fields are read in it."""
        return self.request_class is RequestClass.SUBMISSION

    def meets(self, rule: FieldRule) -> bool:
        """Whether this rule looks for its field in it."""
        return re.fullmatch(rule.path, self.path) is not None and (not rule.query or rule.name in self.sought)

    @property
    def would_be_held(self) -> bool:
        """Whether all checks must agree before it leaves the counter."""
        return self.request_class in {RequestClass.SUBMISSION, RequestClass.FOREIGN}


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """A request of the logout, and what the portal answered."""

    method: str
    path: str
    status: int | None
    """None if no answer came; 300 stands for every redirect."""


@dataclass(kw_only=True)
class Trial:
    """Everything that was seen of one profile."""

    portal: Portal
    logged_out: Look = Look()
    logged_in: Look = Look()
    shown_name: str = ""
    """The person's name as the site shows it; empty if they did not say."""
    requests: list[Request] = field(default_factory=list)
    strange_hosts: list[str] = field(default_factory=list)
    """Sites that the portal led to and no profile names."""
    enough: bool | None = None
    """Whether the session named by the profile is enough, alone, to be logged in; None if that was not tried."""
    needed: tuple[str, ...] = ()
    """Cookies without which the portal shows nobody; asked only where what the profile names is not enough."""
    steps: list[StepTaken] = field(default_factory=list)
    afterwards: Look = Look()
    proofs: tuple[Proof, ...] = ()
    faults: list[str] = field(default_factory=list)
    """What failed in the guard itself, and in which way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mend:
    """One thing that is wrong, and the lines that put it right."""

    what: str
    lines: str = ""
    """Lines of TOML; empty where only a person can tell."""
    needed: bool = True
    """False for advice: the profile works without it."""
