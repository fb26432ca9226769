"""A request that can change something at a portal, as the checks see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from guard.core.identity import Jar
    from guard.core.payload import Payload


class Channel(StrEnum):
    """The road that a request takes, by the browser's resource type."""

    DOCUMENT = "document"
    """Forms and links: top-level pages and frames."""
    FETCH = "fetch"
    """`fetch`, keepalive and worker requests included."""
    XHR = "xhr"
    PING = "ping"
    """`sendBeacon` and `<a ping>`."""
    REPORT = "report"
    """Content Security Policy reports."""
    OTHER = "other"


class RequestClass(StrEnum):
    """What a portal profile says a request is; SUBMISSION is the default for all but GET, HEAD, OPTIONS."""

    LOGIN = "login"
    LOGOUT = "logout"
    HARMLESS = "harmless"
    SUBMISSION = "submission"
    FOREIGN = "foreign"
    """A request that could submit, to an origin that no profile names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One held request. Carries no cookie, no query, and of its body what the profile declares and nothing else."""

    id: str
    """Unique over all generations."""
    jar: Jar
    request_class: RequestClass
    channel: Channel
    method: str
    path: str
    """Path without query."""
    has_query: bool = False
    """Whether the address has a query; for whoever tries a profile."""
    session: str | None
    """Salted digest of the session cookies that the request carries; None if there are none."""
    generation: int
    declared: bool = False
    """Whether the profile names this request; one that it does not name may log somebody else in."""
    payload: Payload | None = None
    """What the profile declares of it; None if that is nothing."""
    held_at: float
    """Seconds on the supervisor's monotonic clock."""
    time: datetime | None = None
    """When that was on the clock on the wall, for people to read; it decides nothing."""

    @property
    def may_change_holder(self) -> bool:
        """Whether somebody else may be logged in when it was answered."""
        if self.request_class is RequestClass.SUBMISSION:
            return not self.declared
        return self.request_class in {RequestClass.LOGIN, RequestClass.LOGOUT}
