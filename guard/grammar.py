"""The grammar of portal profiles: how a portal keeps its session, names its holder, and logs out."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from guard.closed import Closed


def _is_origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http"} or not parts.netloc or value != f"{parts.scheme}://{parts.netloc}":
        msg = f"{value!r} is not an origin; write scheme and host alone, such as https://portal.example"
        raise ValueError(msg)
    return value


def _is_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        msg = f"{value!r} is not a regular expression: {error}"
        raise ValueError(msg) from error
    return value


def _has_one_group(value: str) -> str:
    if re.compile(_is_pattern(value)).groups != 1:
        msg = f"{value!r} needs exactly one group, such as (.+), around what is wanted"
        raise ValueError(msg)
    return value


Origin = Annotated[str, AfterValidator(_is_origin)]
Path = Annotated[str, Field(pattern=r"^/")]
Pattern = Annotated[str, AfterValidator(_is_pattern)]
Extraction = Annotated[str, AfterValidator(_has_one_group)]
Text = Annotated[str, Field(min_length=1)]
Parameters = dict[Text, str]


class Words(Closed):
    """A text for staff in both languages."""

    ja: Text
    """In Japanese."""
    en: Text
    """In English."""


class Storage(StrEnum):
    """Where a page keeps a bearer token."""

    LOCAL = "local"
    """localStorage."""
    SESSION = "session"
    """sessionStorage, which every tab has its own of: the token of the newest request counts."""
    INDEXED_DB = "indexed_db"
    MEMORY = "memory"
    """Nowhere: the token of the newest request counts."""


class Token(Closed):
    """A bearer token that scripts of the portal send in a header."""

    header: Text = "Authorization"
    """Header that carries it."""
    prefix: str = "Bearer "
    """What stands before the token in that header."""
    storage: Storage = Storage.MEMORY
    """Where the page keeps it: local, session, indexed_db or memory."""
    key: Text | None = None
    """Key in the storage. In IndexedDB: database/store/key."""
    origin: Origin | None = None
    """Origin whose storage keeps it, if that is not the portal's first."""
    inside: Text | None = None
    """Names on the way to the token where the stored value is JSON or an object, such as auth.access_token."""

    @model_validator(mode="after")
    def _found_somewhere(self) -> Self:
        if (self.key is None) != (self.storage is Storage.MEMORY):
            msg = "key and storage go together: name the key under which the page stores its token"
            raise ValueError(msg)
        if self.storage is Storage.INDEXED_DB and len((self.key or "").split("/")) != 3:  # noqa: PLR2004
            msg = f"{self.key!r} must be database/store/key for a token in IndexedDB"
            raise ValueError(msg)
        return self


class Session(Closed):
    """Where the portal keeps its session. Name cookies, a token, or both; or say that the browser keeps it."""

    cookies: tuple[Text, ...] = ()
    """Names of the cookies that together are the session; one that logs in by itself ("remember me") included."""
    token: Token | None = None
    """A bearer token."""
    browser_keeps: bool = False
    """True for HTTP Basic and Digest and for client certificates: the browser's process itself logs in again.

    Nothing of it can be replayed from outside, cookies beside it included: the next browser proves its end.
    """
    rotates: bool = False
    """True if the portal gives a new session id with every answer."""

    @property
    def may_log_in_by_itself(self) -> bool:
        """Whether one of several cookies may start a session when another has run out."""
        return len(self.cookies) > 1

    @model_validator(mode="after")
    def _is_kept_somewhere(self) -> Self:
        if not (self.cookies or self.token or self.browser_keeps):
            msg = "name the session's cookies or its token, or set browser_keeps = true"
            raise ValueError(msg)
        if self.rotates and not self.cookies:
            msg = "only a session in cookies rotates; a token that is renewed needs no word"
            raise ValueError(msg)
        return self


class Reading(StrEnum):
    """Where the portal says who is logged in."""

    JSON = "json"
    HTML = "html"
    CLAIMS = "claims"
    """In the token itself, a JWT; the answer only tells whether the portal still accepts it."""


class Locator(Closed):
    """Where one text stands in an answer."""

    select: Text
    """JSON and claims: a JMESPath expression. HTML: a CSS selector."""
    attribute: Text | None = None
    """HTML: attribute of the element that holds the text; without it the text of the element is read."""
    pattern: Extraction | None = None
    """Regular expression over the whole text, whose one group is what is wanted: ようこそ、(.+) 様"""


def _parses(expression: str, reading: Reading) -> bool:
    try:
        if reading is Reading.HTML:
            LexborHTMLParser("").css(expression)
        else:
            jmespath.compile(expression)
    except (JMESPathError, SelectolaxError, ValueError):
        return False
    return True


def _short_form(value: object) -> object:
    return {"select": value} if isinstance(value, str) else value


Located = Annotated[Locator, BeforeValidator(_short_form)]
"""A locator; where `select` is all there is to say, it may be written as a plain string."""


class HolderReading(Closed):
    """How the sentinel reads who is logged in. It sends one GET, which must change nothing."""

    path: Path
    """Path that answers who is logged in, without side effects; with its query if it has one."""
    reading: Reading
    """Where the answer stands: json, html, or claims for the token itself."""
    follow_redirects: bool = False
    """True to follow redirects within the origin, for portals that lead whoever is not logged in to a login page."""
    guest: Text | None = None
    """JSON: a JMESPath expression, true when nobody is logged in. HTML: a CSS selector that matches the guest sign."""
    guest_text: Text | None = None
    """HTML: the text that the guest sign must contain, such as ゲスト."""
    guest_status: Literal[401, 403] | None = None
    """HTTP status by which the portal says that nobody is logged in."""
    nameless: Text | None = None
    """Sign that somebody is logged in, written as `guest` is, where the portal does not name them."""
    name: Located | None = None
    """Where the name stands."""
    kana: Located | None = None
    """Where the reading of the name stands; a hint, never evidence."""
    birth_date: Located | None = None
    """Read as ISO 8601, or as the first eight digits, or 年月日."""
    subject_id: Located | None = None
    """Where an identifier stands that reception knows too."""

    @model_validator(mode="after")
    def _can_tell(self) -> Self:
        if self.guest is None and self.guest_status is None:
            msg = "needs guest or guest_status: that nobody is logged in must be told by a sign, not by silence"
            raise ValueError(msg)
        if not self.names_somebody and self.nameless is None:
            msg = "needs name, kana, birth_date or subject_id; a portal that shows none of them needs nameless"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _is_written_right(self) -> Self:
        located = (self.name, self.kana, self.birth_date, self.subject_id)
        for expression in (self.guest, self.nameless, *(each.select for each in located if each)):
            if expression is not None and not _parses(expression, self.reading):
                kind = "CSS selector" if self.reading is Reading.HTML else "JMESPath expression"
                msg = f"{expression!r} is no {kind}"
                raise ValueError(msg)
        return self

    @property
    def names_somebody(self) -> bool:
        return any((self.name, self.kana, self.birth_date, self.subject_id))


class AntiForgery(Closed):
    """A token that a request must carry to prove that it comes from a page of the portal."""

    page: Path | None = None
    """Page, or JSON answer, that is read first for the token."""
    value: Located | None = None
    """Where the token stands there; an `input` needs attribute = "value"."""
    cookie: Text | None = None
    """Cookie whose value is the token, in place of page and value."""
    field: Text | None = None
    """Form field that sends it."""
    header: Text | None = None
    """Header that sends it."""

    @model_validator(mode="after")
    def _comes_and_goes(self) -> Self:
        if (self.page is None) != (self.value is None) or (self.page is None) == (self.cookie is None):
            msg = "is read either from page and value, or from cookie"
            raise ValueError(msg)
        if (self.field is None) == (self.header is None):
            msg = "is sent either in field or in header"
            raise ValueError(msg)
        return self


class LogoutStep(Closed):
    """One request of the portal's logout."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    """Method of the request."""
    path: Path
    """Path at the portal's first origin, with its query if it has one."""
    form: dict[str, str] = Field(default={})
    """Form fields that are sent along, such as the button of a confirmation."""
    anti_forgery: AntiForgery | None = None
    """Token against forged requests, if the portal wants one."""


class Logout(Closed):
    """How to log out, and what that is worth."""

    steps: tuple[LogoutStep, ...] = ()
    """Empty if the portal has no logout."""
    kills_session: bool = True
    """False declares, as a known fault of the portal, that the old session stays alive on the server."""
