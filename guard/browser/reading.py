"""From a portal's answer to its holder. Whatever cannot be read for certain is Unclear, never a guess."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

import jmespath
from jmespath.exceptions import JMESPathError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from guard.core.identity import Holder, Identity, Known, Nobody, Obscurity, Unclear
from guard.portal import HolderReading, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_FIELD = 200  # characters; more is a page, not a name
_ERA_FREE_DATE = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D?")

Field = str | None


class _AmbiguousError(Exception):
    """A reading matched several things, or something that is not one short text."""


def read_holder(reading: HolderReading, status: int, content_type: str, body: str) -> Holder:
    """The holder that one answer to the identity question names."""
    if status != 200:  # noqa: PLR2004  # HTTP
        return Unclear(why=Obscurity.SERVER_ERROR if status >= 500 else Obscurity.NOT_UNDERSTOOD)  # noqa: PLR2004
    try:
        if reading.reading is Reading.JSON:
            return _from_json(reading, content_type, body)
        return _from_html(reading, content_type, body)
    except _AmbiguousError:
        return Unclear(why=Obscurity.AMBIGUOUS)
    except (ValueError, JMESPathError, SelectolaxError):
        return Unclear(why=Obscurity.NOT_UNDERSTOOD)


def _from_json(reading: HolderReading, content_type: str, body: str) -> Holder:
    if "json" not in content_type.lower():
        return Unclear(why=Obscurity.NOT_UNDERSTOOD)
    document = json.loads(body)
    if jmespath.search(reading.guest, document) is True:
        return Nobody()
    return _known(reading, lambda expression: _one_value(jmespath.search(expression, document)))


def _from_html(reading: HolderReading, content_type: str, body: str) -> Holder:
    if "html" not in content_type.lower():
        return Unclear(why=Obscurity.NOT_UNDERSTOOD)
    document = LexborHTMLParser(body)
    signs = document.css(reading.guest)
    if len(signs) == 1 and (reading.guest_text or "") in signs[0].text():
        return Nobody()
    return _known(reading, lambda selector: _one_value([node.text(strip=True) for node in document.css(selector)]))


def _known(reading: HolderReading, read: Callable[[str], Field]) -> Holder:
    def field(expression: str | None) -> Field:
        return read(expression) if expression else None

    name, kana, birth, subject = map(field, (reading.name, reading.kana, reading.birth_date, reading.subject_id))
    if not any((name, kana, birth, subject)):
        return Unclear(why=Obscurity.NOT_UNDERSTOOD)
    identity = Identity(name=name, kana=kana, birth_date=_date(birth), subject_id=subject)
    return Known(identity=identity)


def _one_value(value: object) -> Field:
    """One short text; None if there is nothing."""
    if isinstance(value, list):
        if len(value) > 1:
            raise _AmbiguousError
        value = value[0] if value else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _AmbiguousError
    text = str(value).strip()
    if len(text) > LONGEST_FIELD or "\n" in text:
        raise _AmbiguousError
    return text or None


def _date(text: Field) -> date | None:
    """ISO 8601, eight digits, or 年月日. Raises ValueError for any other text."""
    if text is None:
        return None
    match = _ERA_FREE_DATE.fullmatch(text)
    if match is None:
        msg = "not a date"
        raise ValueError(msg)
    year, month, day = map(int, match.groups())
    return date(year, month, day)
