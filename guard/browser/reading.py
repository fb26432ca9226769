"""From a portal's answer to its holder. Whatever cannot be read for certain is Unclear, never a guess."""

from __future__ import annotations

import base64
import codecs
import json
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import jmespath
from jmespath.exceptions import JMESPathError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from guard.browser.charsets import decode
from guard.core.identity import Holder, Identity, Known, Nobody, Obscurity, Unclear
from guard.grammar import HolderReading, Locator, Reading

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from guard.browser.wire import Answer

LONGEST_FIELD = 200  # characters; more is a page, not a name
_ERA_FREE_DATE = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D?")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_WITHIN = 1024  # bytes; https://html.spec.whatwg.org/#concept-get-xxx
_PAGES = frozenset({"html", "head", "body", "main", "form", "table"})
_CONTROLS = "a, button, input, select, textarea, form, script, style"

_NOT_UNDERSTOOD = (ValueError, LookupError, JMESPathError, SelectolaxError, RecursionError)
"""What the parsers raise; the last one for JSON that is nested a thousand deep."""

Find = Callable[[Locator], object]
"""From a locator to what stands there, before its pattern is applied."""


class _AmbiguousError(Exception):
    """A reading matched several things, or something that is not one short text."""


def read_holder(reading: HolderReading, answer: Answer, token: str = "") -> Holder:
    """The holder that one answer to the identity question names; `token` is the bearer token it was asked with."""
    if answer.from_cache:
        return Unclear(why=Obscurity.CACHED)
    if answer.status == reading.guest_status:
        return Nobody()
    if answer.status != 200:  # noqa: PLR2004  # HTTP
        return Unclear(why=Obscurity.SERVER_ERROR if answer.status >= 500 else Obscurity.NOT_UNDERSTOOD)  # noqa: PLR2004
    try:
        return _READERS[reading.reading](reading, answer, token)
    except _AmbiguousError:
        return Unclear(why=Obscurity.AMBIGUOUS)
    except _NOT_UNDERSTOOD:
        return Unclear(why=Obscurity.NOT_UNDERSTOOD)


def read_value(locator: Locator, answer: Answer) -> str | None:
    """One text of an answer, by CSS selector from HTML and by JMESPath from JSON; None if it is not there once."""
    try:
        find = _in_json(json.loads(text_of(answer))) if _is(answer, "json") else _in_html(_document(answer))
        return _field(locator, find)
    except (_AmbiguousError, *_NOT_UNDERSTOOD):
        return None


def text_of(answer: Answer) -> str:
    """The body, in the charset that header, byte order mark or page declare. Raises ValueError or LookupError."""
    body = answer.body
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig")
    declared = _CHARSET.search(answer.content_type)
    if declared is None and _is(answer, "html"):
        declared = _CHARSET.search(body[:_META_WITHIN].decode("ascii", errors="replace"))
    return decode(body, declared.group(1) if declared else "utf-8")


def _from_json(reading: HolderReading, answer: Answer, _token: str) -> Holder:
    document = json.loads(text_of(_expected(answer, "json")))
    return _holder(reading, lambda sign: jmespath.search(sign, document) is True, _in_json(document))


def _from_html(reading: HolderReading, answer: Answer, _token: str) -> Holder:
    document = _document(_expected(answer, "html"))

    def shown(sign: str) -> bool:
        signs = document.css(sign)
        wanted = (reading.guest_text or "") if sign == reading.guest else ""
        return len(signs) == 1 and wanted in signs[0].text()

    return _holder(reading, shown, _in_html(document))


def _from_claims(reading: HolderReading, _answer: Answer, token: str) -> Holder:
    """The portal accepted the token just now; whom it stands for is written in it (RFC 7519)."""
    _head, payload, _signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return _holder(reading, lambda sign: jmespath.search(sign, claims) is True, _in_json(claims))


_READERS: dict[Reading, Callable[[HolderReading, Answer, str], Holder]] = {
    Reading.JSON: _from_json,
    Reading.HTML: _from_html,
    Reading.CLAIMS: _from_claims,
}


def _holder(reading: HolderReading, shown: Callable[[str], bool], find: Find) -> Holder:
    if reading.guest is not None and shown(reading.guest):
        return Nobody()
    fields = (reading.name, reading.kana, reading.birth_date, reading.subject_id)
    name, kana, birth, subject = (_field(locator, find) if locator else None for locator in fields)
    if any((name, kana, birth, subject)):
        return Known(identity=Identity(name=name, kana=kana, birth_date=_date(birth), subject_id=subject))
    if reading.nameless is not None and shown(reading.nameless):
        return Known(identity=None)
    return Unclear(why=Obscurity.NOT_UNDERSTOOD)


def _field(locator: Locator, find: Find) -> str | None:
    text = _one_text(find(locator))
    if text is None or locator.pattern is None:
        return text
    match = re.fullmatch(locator.pattern, text)
    if match is None:
        msg = "the words around it are others"
        raise ValueError(msg)
    return match.group(1).strip() or None


def _in_json(document: object) -> Find:
    return lambda locator: jmespath.search(locator.select, document)


def _in_html(document: LexborHTMLParser) -> Find:
    def find(locator: Locator) -> object:
        found = document.css(locator.select)
        if len(found) > 1:
            raise _AmbiguousError
        if not found or locator.attribute:
            return found[0].attributes.get(locator.attribute or "") if found else None
        if locator.pattern is None and _is_piece_of_page(found[0]):
            raise _AmbiguousError
        return found[0].text(strip=True)

    return find


def _is_piece_of_page(node: LexborNode) -> bool:
    """Whether it holds more than a name: the words of links and buttons would become a part of it."""
    return node.tag in _PAGES or any(inner.mem_id != node.mem_id for inner in node.css(_CONTROLS))


def _document(answer: Answer) -> LexborHTMLParser:
    return LexborHTMLParser(text_of(answer))


def _is(answer: Answer, kind: str) -> bool:
    return kind in answer.content_type.lower()


def _expected(answer: Answer, kind: str) -> Answer:
    if not _is(answer, kind):
        msg = "another kind of answer"
        raise ValueError(msg)
    return answer


def _one_text(value: object) -> str | None:
    """One short text; None if there is nothing. A list is none, even of one: tomorrow it may hold two people."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _AmbiguousError
    text = str(value).strip()
    if len(text) > LONGEST_FIELD or "\n" in text:
        raise _AmbiguousError
    return text or None


def _date(text: str | None) -> date | None:
    """ISO 8601, eight digits, or 年月日. Raises ValueError for any other text."""
    if text is None:
        return None
    match = _ERA_FREE_DATE.fullmatch(text)
    if match is None:
        msg = "not a date"
        raise ValueError(msg)
    year, month, day = map(int, match.groups())
    return date(year, month, day)
