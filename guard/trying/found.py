"""What the keys of a reading match in one answer: more than the holder, which is all that the counter wants."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import jmespath
from jmespath.exceptions import JMESPathError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from guard.browser.reading import read_value, text_of
from guard.grammar import HolderReading, Locator, Reading

if TYPE_CHECKING:
    from guard.browser.wire import Answer

FIELDS = ("name", "kana", "birth_date", "subject_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """One key of the reading, held against one answer."""

    key: str
    """Its name in the profile, such as guest or name."""
    select: str
    times: int
    """How many things it matches; of JSON, whether it is true or there at all."""
    text: str | None = None
    """The text that is read there; None for a sign, and where no short text can be read."""

    def __repr__(self) -> str:
        """Hide the person: values of this type may end in a log line."""
        return f"Match({self.key}, {self.times})"


def matches_of(reading: HolderReading, answer: Answer, token: str) -> tuple[Match, ...]:
    """Every key that the profile sets, signs first."""
    if reading.reading is Reading.CLAIMS:
        answer = _claims(answer, token)
    signs = [("guest", reading.guest), ("nameless", reading.nameless)]
    located = [(key, getattr(reading, key)) for key in FIELDS]
    return (
        *(Match(key=key, select=sign, times=_times(sign, answer)) for key, sign in signs if sign is not None),
        *(_located(key, locator, answer) for key, locator in located if locator is not None),
    )


def _located(key: str, locator: Locator, answer: Answer) -> Match:
    times = _times(locator.select, answer)
    return Match(key=key, select=locator.select, times=times, text=read_value(locator, answer))


def _times(select: str, answer: Answer) -> int:
    try:
        if "json" not in answer.content_type.lower():
            return len(LexborHTMLParser(text_of(answer)).css(select))
        value = jmespath.search(select, json.loads(text_of(answer)))
    except (ValueError, LookupError, JMESPathError, SelectolaxError):
        return 0
    return len(value) if isinstance(value, list) else int(value is not None and value is not False)


def _claims(answer: Answer, token: str) -> Answer:
    """The token's own claims, as if the portal had answered with them."""
    payload = [*token.split("."), "", ""][1]
    try:
        body = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except ValueError:
        body = b"null"
    return replace(answer, content_type="application/json", body=body)
