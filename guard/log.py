"""Logs for engineers: structured, on standard error, and without a person's data.

Logs are not the journal: they may be lost, copied and sent to a helpdesk. So a value under a key that names a person
or a secret is withheld, and every web address loses its query.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from structlog.typing import EventDict, Processor, WrappedLogger

_PLACES = 6  # of a traceback; the innermost tell the most

WITHHELD = "(withheld)"
_PERSONAL = frozenset(
    {
        "address", "aliases", "birth_date", "birthday", "body", "citizen", "cookie", "cookies", "credential", "form",
        "header", "headers", "holder", "holder_name", "identity", "kana", "mail", "name", "number", "password", "phone",
        "pin", "query", "secret", "session", "session_id", "sighting", "subject", "subject_id", "token",
    }
)  # fmt: skip
_PERSONAL_ENDINGS = ("_name", "_cookie", "_cookies", "_token", "_secret", "_password", "_query", "_body", "_address")
_NAMES_OF_THINGS = frozenset({"portal_name", "counter_name", "file_name", "logger_name"})
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*://)(?:[^\s/?#@'\"]*@)?([^\s?#'\"<>]*)(?:[?#][^\s'\"<>]*)?", re.IGNORECASE)


def configure(*, json: bool = False, level: int = logging.INFO) -> None:
    """Send the guard's log, and other libraries' warnings, to standard error: for people, or one JSON object a line."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _add_time,
        structlog.processors.format_exc_info,
        withhold_personal_data,
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    _capture_others(shared, renderer, level)


def trace_of(error: BaseException) -> str:
    """Where an error came from, innermost first: types and lines of code, never its text or the values around it.

    structlog, left as it comes, prints every local variable of a traceback; a held form is one of them.
    """
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-_PLACES:]
    ]
    trace = " < ".join([type(error).__name__, *reversed(places)])
    return trace if error.__cause__ is None else f"{trace}, caused by {trace_of(error.__cause__)}"


def _capture_others(shared: Sequence[Processor], renderer: Processor, level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("guard").setLevel(level)


def _add_time(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """Add the time with its offset from UTC (OWASP ASVS 5.0, 16.2.2)."""
    entry["at"] = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return entry


def withhold_personal_data(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """Replace values that may say something of a person, at any depth; the entry itself is never lost."""
    return {key: _clean(key, value) for key, value in entry.items()}


def _clean(key: object, value: object) -> object:
    if _is_personal(str(key)):
        return WITHHELD
    match value:
        case str():
            return _ADDRESS.sub(r"\1\2", value)
        case dict():
            return {inner: _clean(inner, found) for inner, found in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean("", found) for found in value]
        case None | bool() | int() | float():
            return value
        case _:
            return _ADDRESS.sub(r"\1\2", repr(value))


def _is_personal(key: str) -> bool:
    key = key.lower().replace("-", "_")
    return key in _PERSONAL or (key.endswith(_PERSONAL_ENDINGS) and key not in _NAMES_OF_THINGS)
