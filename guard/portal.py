"""Portal profiles: what the guard knows of a guarded web site. One TOML file each, closed and frozen."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from guard.closed import Closed, load_toml
from guard.core.submission import RequestClass
from guard.core.terms import READ_BACK_WITHIN, Assurance, Terms
from guard.form_fields import FieldRule
from guard.grammar import HolderReading, Logout, Origin, Parameters, Pattern, Reading, Session, Words
from guard.query import certainly, possibly

if TYPE_CHECKING:
    from collections.abc import Iterable

Asked = tuple[str, str, str]
"""Method in capitals, path and query of a request."""
_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Start = Annotated[str, Field(pattern=r"^(/|https?://)")]


class RequestRule(Closed):
    """Requests that a profile names, by method, path and parameters of the address."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    """Method of the requests; GET stands for HEAD, too."""
    path: Pattern
    """Regular expression over the whole path, without query."""
    query: Parameters = Field(default={})
    """Parameters that the address must have as well, for portals that do everything at one path: { do = "submit" }.
    Each with exactly this value once decoded, in any order, whatever else stands beside them. One that occurs twice
    with different values makes nothing harmless, and no login or logout of what would be a submission without it.
    The body of a form is not looked at: where the portal may take the parameter from there in place of its address,
    have no such rule for harmless, login or logout POSTs.
    """

    def covers(self, method: str, path: str, query: str) -> bool:
        """Whether a request is one of these, however the portal reads its address."""
        return self._is_at(method, path) and certainly(self.query, query)

    def may_cover(self, method: str, path: str, query: str) -> bool:
        """Whether the portal may take a request for one of these."""
        return self._is_at(method, path) and possibly(self.query, query)

    def _is_at(self, method: str, path: str) -> bool:
        methods = {"GET", "HEAD"} if self.method == "GET" else {self.method}  # most servers run one code for these two
        return method in methods and re.fullmatch(self.path, path) is not None


class Requests(Closed):
    """The classes of requests; what is not named and is not GET, HEAD or OPTIONS is a submission."""

    login: tuple[RequestRule, ...] = ()
    """Requests after which somebody else may be logged in: GET callbacks of single sign-on and new tokens, too."""
    logout: tuple[RequestRule, ...] = ()
    """Requests that log out; they always go through."""
    harmless: tuple[RequestRule, ...] = ()
    """Search, keep-alive, analytics."""
    submission: tuple[RequestRule, ...] = ()
    """GETs that submit; and other submissions that are known to log nobody in, which spares a question after each."""


class Alarm(Closed):
    """A text on a page that may be the first symptom of a mix-up."""

    text: Annotated[str, Field(min_length=2)]
    """Text as the page shows it, such as 登録済み."""
    meaning: Words
    """What it may mean, for staff."""


class Portal(Closed):
    """A guarded web site."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    """Name in other files, in the journal and in logs: small letters, digits and hyphens."""
    title: Words
    """Name that staff see."""
    origins: Annotated[tuple[Origin, ...], Field(min_length=1)]
    """The first is the one that is asked for the holder and for the logout."""
    start: Start = "/"
    """Page that staff begin with: a path at the first origin, or a whole address at one of the origins."""
    on_start_page: bool = True
    """Whether the start page of a visit links to this portal; identity providers want false."""
    identity_provider: str | None = None
    """Name of the portal profile where people log in for this one; its session is ended too."""
    session: Session
    """Where the portal keeps its session."""
    holder: HolderReading
    """Where the portal says who is logged in."""
    assurance: Assurance = Assurance.IDENTITY
    """What this profile can prove about the holder: identity or provenance."""
    max_age: Annotated[float, Field(ge=0, le=60)] = 5.0
    """Seconds for which a sighting under the same session may be reused; 0 asks every time."""
    deadline: Annotated[float, Field(gt=0, le=60)] = 8.0
    """Seconds after which a held submission is stopped because the holder could not be read in time."""
    requests: Requests = Requests()
    """The classes of requests."""
    fields: tuple[FieldRule, ...] = ()
    """Fields of submissions that are compared with the citizen, or read back by them, before anything is sent."""
    read_back_within: Annotated[float, Field(gt=0, le=60)] = READ_BACK_WITHIN
    """Seconds that a submission waits for the citizen to read a value back; after that it is stopped, and can be
    sent again."""
    logout: Logout = Logout()
    """How to log out, and what that is worth."""
    alarms: tuple[Alarm, ...] = ()
    """Texts that may be the first symptom of a mix-up."""

    @model_validator(mode="after")
    def _starts_at_home(self) -> Self:
        if not self.start_url.startswith(tuple(f"{origin}/" for origin in self.origins)):
            msg = f"start = {self.start!r} is at none of the origins"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _can_be_checked(self) -> Self:
        if not self.holder.names_somebody and self.assurance is Assurance.IDENTITY:
            msg = 'a portal that names nobody can prove assurance = "provenance" only'
            raise ValueError(msg)
        if self.assurance is Assurance.PROVENANCE and not self.requests.login:
            msg = 'assurance = "provenance" rests on a login seen in the visit: name it in requests.login, a GET too'
            raise ValueError(msg)
        if self.holder.reading is Reading.CLAIMS and self.session.token is None:
            msg = "reading = claims needs session.token: there is no other token to read"
            raise ValueError(msg)
        if self.session.browser_keeps and self.max_age > 0:
            msg = "browser_keeps needs max_age = 0: no request shows under whose login it goes"
            raise ValueError(msg)
        return self

    @property
    def origin(self) -> str:
        return self.origins[0]

    @property
    def start_url(self) -> str:
        return self.origin + self.start if self.start.startswith("/") else self.start

    @cached_property
    def terms(self) -> Terms:
        return Terms(
            assurance=self.assurance,
            max_age=self.max_age,
            deadline=self.deadline,
            read_back_within=self.read_back_within,
        )

    def classify(self, method: str, path: str, query: str = "") -> RequestClass | None:
        """Class of a request to this portal; None for a reading request that the profile does not name."""
        asked = method.upper(), path, query
        if any(rule.query and rule.may_cover(*asked) for rule in self.requests.submission):
            return RequestClass.SUBMISSION  # whatever else the address says: part of it submits
        submits = asked[0] not in _READING_METHODS or _any_covers(self.requests.submission, asked)
        for request_class, rules in (
            (RequestClass.LOGIN, self.requests.login),
            (RequestClass.LOGOUT, self.requests.logout),
        ):
            if _any_may_cover(rules, asked):
                return RequestClass.SUBMISSION if submits and not _any_covers(rules, asked) else request_class
        return self._without_login(asked, submits=submits)

    def names(self, method: str, path: str, query: str = "") -> bool:
        """Whether one of the profile's own rules covers a request; of a submission, one that surely logs nobody in."""
        asked = method.upper(), path, query
        if self.classify(*asked) is not RequestClass.SUBMISSION:
            return self.classify(*asked) is not None
        requests = self.requests
        return _any_covers(requests.submission, asked) and not _any_may_cover(
            (*requests.login, *requests.logout), asked
        )

    def declared(self, path: str, query: str = "") -> tuple[FieldRule, ...]:
        """The fields that the profile declares of a submission to this address."""
        return tuple(rule for rule in self.fields if rule.covers(path, query))

    def _without_login(self, asked: Asked, *, submits: bool) -> RequestClass | None:
        method, path, query = asked
        # Whoever declares fields there does not mean it to go unchecked.
        checked = method not in _READING_METHODS and self.declared(path, query)
        named = _any_covers(self.requests.submission, asked)
        if not named and not checked and _any_covers(self.requests.harmless, asked):
            return RequestClass.HARMLESS
        return RequestClass.SUBMISSION if submits else None


def _any_covers(rules: Iterable[RequestRule], asked: Asked) -> bool:
    return any(rule.covers(*asked) for rule in rules)


def _any_may_cover(rules: Iterable[RequestRule], asked: Asked) -> bool:
    return any(rule.may_cover(*asked) for rule in rules)


def load_portal(path: str | FilePath) -> Portal:
    """Read a portal profile, or raise `ConfigError` that names file, key, value and mend."""
    return load_toml(Portal, FilePath(path))
