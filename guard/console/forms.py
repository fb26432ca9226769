"""Forms of the console: read once, checked against the page they came from, carried out at most once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from guard.console.fields import Fault
    from guard.core.staff import Denied

_LARGEST_FORM: Final = 64 * 1024  # bytes; the longest honest form is under 8 kB
_REMEMBERED: Final = 256  # forms; a double click comes within a second, so this is plenty


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A form that was not carried out: everything typed, and what is wrong with it."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Fault | Denied] = field(default_factory=dict)
    notice: str | None = None
    status: int = 422
    """What the browser is answered; 200 where nothing is wrong and the form waits for staff."""


class Spent:
    """The forms that have been carried out, by the mark each one was rendered with."""

    def __init__(self) -> None:
        self._marks: deque[str] = deque(maxlen=_REMEMBERED)

    def __contains__(self, mark: str) -> bool:
        return mark in self._marks

    def add(self, mark: str) -> None:
        self._marks.append(mark)


async def read_form(request: Request) -> dict[str, str] | None:
    """The first value of each field of a form, or None for something too large or not a form."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=32)
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}
