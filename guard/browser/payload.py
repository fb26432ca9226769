"""Reads the declared fields of a held request; what cannot be read for certain counts as unreadable.

The event carries bodies byte by byte in `postDataEntries`; `postData` beside it loses what is not UTF-8. Parts that
come from files on disk are entries without bytes, and a stream has no entry at all.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

import jmespath
from jmespath.exceptions import JMESPathError

from guard.browser.charsets import decode
from guard.core.payload import Payload, Value, read_value
from guard.form_fields import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from guard.browser.cdp import Message
    from guard.form_fields import FieldRule

LONGEST_VALUE = 200  # characters; more is no number and no name
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)', re.IGNORECASE)
_NAME = re.compile(
    rb'^content-disposition:\s*form-data;\s*name="([^"]*)"\s*(;\s*filename)?', re.IGNORECASE | re.MULTILINE
)
_READING_METHODS = frozenset({"GET", "HEAD"})
_UNREADABLE = (ValueError, LookupError, TypeError, JMESPathError, RecursionError)
"""What the parsers raise; RecursionError for JSON that is nested a thousand deep."""

Fields = list[tuple[bytes, bytes | None]]
"""Names and values of a form; None for a part whose content is a file."""


def read_payload(rules: Sequence[FieldRule], request: Message) -> Payload | None:
    """What these rules find in a request of the gate's event; None if there are no rules."""
    if not rules:
        return None
    values: list[Value] = []
    readable = True
    for rule in rules:
        try:
            value = _value(rule, request)
        except _UNREADABLE:
            readable = False
        else:
            values += [] if value is None else [value]
    found = frozenset(value.name for value in values)
    sought = frozenset(rule.name for rule in rules)
    return Payload(readable=readable, values=tuple(values) if readable else (), found=found, sought=sought)


def _value(rule: FieldRule, request: Message) -> Value | None:
    """The value of one field; None if it may be missing, and is. Raises one of `_UNREADABLE`."""
    text = _in_json(rule, request) if rule.body is Body.JSON else _in_form(rule, request)
    value = None if text is None else read_value(rule.kind, text, rule.name)
    if value is None and not rule.optional:
        raise ValueError("a declared field is missing or empty")
    if value is not None and len(value.text) > LONGEST_VALUE:
        raise ValueError("a declared field is too long")
    return value


def _in_json(rule: FieldRule, request: Message) -> str | None:
    if not _is(_content_type(request), "/json", "+json"):
        raise ValueError("not JSON")
    found = jmespath.search(rule.name, json.loads(_body(request), object_pairs_hook=_once))
    if isinstance(found, bool) or not isinstance(found, str | int | None):
        raise ValueError("neither text nor a number")  # noqa: TRY004  # the portal's fault, not the caller's
    return None if found is None else str(found)


def _once(pairs: Iterable[tuple[str, object]]) -> Mapping[str, object]:
    """Refuse a key that stands twice: which of the two the portal takes is its secret."""
    pairs = list(pairs)
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _in_form(rule: FieldRule, request: Message) -> str | None:
    found = [value for name, value in _fields(request) if decode(name, rule.charset) == rule.name]
    if len(found) > 1 or None in found:
        raise ValueError("a declared field is there twice, or a file")
    return decode(found[0], rule.charset) if found and found[0] is not None else None


def _fields(request: Message) -> Fields:
    if request["method"].upper() in _READING_METHODS:
        return _urlencoded(urlsplit(request["url"]).query.encode())
    kind = _content_type(request)
    if _is(kind, "application/x-www-form-urlencoded"):
        return _urlencoded(_body(request))
    boundary = _BOUNDARY.search(kind)
    if not _is(kind, "multipart/form-data") or boundary is None:
        raise ValueError("no form")
    return _multipart(boundary[1].encode(), _body(request, files=True))


def _urlencoded(body: bytes) -> Fields:
    pairs = (part.replace(b"+", b" ").partition(b"=") for part in body.split(b"&") if part)
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs]


def _multipart(boundary: bytes, body: bytes) -> Fields:
    first, *parts, last = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if first or last.strip() != b"--":
        raise ValueError("a multipart form that is broken")
    return [_part(part) for part in parts]


def _part(part: bytes) -> tuple[bytes, bytes | None]:
    head, blank, content = part.partition(b"\r\n\r\n")
    named = _NAME.search(head)
    if not blank or named is None:
        raise ValueError("a part without a name")
    return named[1], None if named[2] else content


def _body(request: Message, *, files: bool = False) -> bytes:
    """The whole body. Raises ValueError where something of it is not in the event; `files` allows what is on disk."""
    entries = request.get("postDataEntries") or []
    if not entries or not all(files or "bytes" in entry for entry in entries):
        raise ValueError("the body is not in the event")
    return b"".join(base64.b64decode(entry.get("bytes", ""), validate=True) for entry in entries)


def _content_type(request: Message) -> str:
    given = [str(value) for name, value in request["headers"].items() if name.lower() == "content-type"]
    if len(given) != 1:
        raise ValueError("not one content type")
    return given[0]


def _is(content_type: str, *endings: str) -> bool:
    return content_type.partition(";")[0].strip().lower().endswith(endings)
