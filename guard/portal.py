"""Portal profiles: what the guard knows of a guarded web site. One TOML file each, closed and frozen."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path as FilePath
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from guard.closed import Closed, load_toml
from guard.core.submission import RequestClass
from guard.core.terms import READ_BACK_WITHIN, Assurance, Terms
from guard.form_fields import FieldRule
from guard.grammar import HolderReading, Logout, Origin, Pattern, Reading, Session, Words

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Start = Annotated[str, Field(pattern=r"^(/|https?://)")]


class RequestRule(Closed):
    """Requests that a profile names, by method and path."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    """Method of the requests."""
    path: Pattern
    """Regular expression over the whole path, without query."""

    def covers(self, method: str, path: str) -> bool:
        return method == self.method and re.fullmatch(self.path, path) is not None


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

    def classify(self, method: str, path: str) -> RequestClass | None:
        """Class of a request to this portal; None for a reading request that the profile does not name."""
        named = self._named(method.upper(), path)
        return RequestClass.SUBMISSION if named is None and method.upper() not in _READING_METHODS else named

    def names(self, method: str, path: str) -> bool:
        """Whether one of the profile's own rules covers a request."""
        return self._named(method.upper(), path) is not None

    def declared(self, path: str) -> tuple[FieldRule, ...]:
        """The fields that the profile declares of a submission to this path."""
        return tuple(rule for rule in self.fields if rule.covers(path))

    def _named(self, method: str, path: str) -> RequestClass | None:
        for request_class, rules in (
            (RequestClass.LOGIN, self.requests.login),
            (RequestClass.LOGOUT, self.requests.logout),
            (RequestClass.SUBMISSION, self.requests.submission),
            (RequestClass.HARMLESS, self.requests.harmless),
        ):
            # Whoever declares fields there does not mean it to go unchecked.
            checked = request_class is RequestClass.HARMLESS and method not in _READING_METHODS and self.declared(path)
            if not checked and any(rule.covers(method, path) for rule in rules):
                return request_class
        return None


def load_portal(path: str | FilePath) -> Portal:
    """Read a portal profile, or raise `ConfigError` that names file, key, value and mend."""
    return load_toml(Portal, FilePath(path))
