"""Whom a test says it serves: the marker `citizen`, read with a sentence for whatever is wrong with it."""

from __future__ import annotations

import difflib
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from guard.core.identity import Citizen

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKER = "citizen"
_TAKES = ("name", "birth_date", "kana")
_HOW = "Write @pytest.mark.citizen(name=…, birth_date=…, kana=…); all but the name may be left out."


def served(item: pytest.Item) -> Citizen | None:
    """The citizen whom the test is marked with, or None. Raises pytest.UsageError that names the test and the mend."""
    marker = item.get_closest_marker(MARKER)
    if marker is None:
        return None
    try:
        return _citizen(dict(zip(_TAKES, marker.args, strict=False)), marker)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"{item.nodeid}: the marker citizen {error} {_HOW}") from None


def refuse_misspelt(items: Iterable[pytest.Item]) -> None:
    """Raise pytest.UsageError for every test at once whose marker cannot be read."""
    wrong = []
    for item in items:
        try:
            served(item)
        except pytest.UsageError as error:
            wrong.append(str(error))
    if wrong:
        raise pytest.UsageError("\n".join(wrong))


def _citizen(given: dict[str, Any], marker: pytest.Mark) -> Citizen:
    if len(marker.args) > len(_TAKES):
        raise TypeError(f"has {len(marker.args)} arguments and takes {len(_TAKES)}.")
    for name, value in marker.kwargs.items():
        if name not in _TAKES:
            near = difflib.get_close_matches(name, _TAKES, n=1)
            raise TypeError(f"has no argument {name!r}" + (f"; did you mean {near[0]!r}?" if near else "."))
        if name in given:
            raise TypeError(f"has {name!r} twice.")
        given[name] = value
    for name in ("name", "kana"):
        if not isinstance(given.get(name, ""), str | None):
            raise TypeError(f"needs text as {name!r}.")
    if not given.get("name", "").strip():
        raise TypeError("names nobody.")
    return Citizen(name=given["name"], birth_date=_day(given.get("birth_date")), kana=given.get("kana"))


def _day(given: object) -> date | None:
    """A date, or text such as 1974-06-18."""
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError("has a 'birth_date' that is no date such as \"1974-06-18\".") from None
