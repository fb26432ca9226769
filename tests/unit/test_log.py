"""Tests of `guard.log`: nothing of a person reaches a log."""

from __future__ import annotations

import json
import logging
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from guard.core.identity import Citizen
from guard.log import WITHHELD, configure, trace_of, withhold_personal_data

if TYPE_CHECKING:
    from collections.abc import Iterator

SATO = Citizen(name="佐藤 花子", birth_date=date(1980, 4, 1))


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    logging.getLogger("guard").setLevel(logging.NOTSET)


def kept(**entry: object) -> dict[str, Any]:
    return dict(withhold_personal_data(None, "info", entry))


def fail(first: str, second: str) -> None:
    """Raise an error whose message and local variables say something of a person."""
    person = first + second
    raise RuntimeError(f"at https://a.test/x?name={person}")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


@pytest.mark.parametrize(
    "key",
    ["name", "Name", "holder_name", "kana", "birth_date", "cookie", "Set-Cookie", "csrf_token", "query", "body",
     "subject_id", "citizen", "session", "headers", "phone", "pin", "home_address"],
)  # fmt: skip
def test_a_value_that_may_say_something_of_a_person_is_withheld(key: str) -> None:
    assert kept(**{key: "佐藤 花子", "portal": "point"}) == {key: WITHHELD, "portal": "point"}


def test_it_is_withheld_at_any_depth() -> None:
    assert kept(request={"headers": {"a": "b"}, "path": "/"}, all=[{"cookie": "c"}, ({"name": "d"},)]) == {
        "request": {"headers": WITHHELD, "path": "/"},
        "all": [{"cookie": WITHHELD}, [{"name": WITHHELD}]],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.test/x?name=佐藤#top", "https://a.test/x"),
        ("https://clerk:pw@a.test/x", "https://a.test/x"),
        (
            "at https://a.test/x?q=1, then 'wss://b.test:8/y#z' closed",
            "at https://a.test/x then 'wss://b.test:8/y' closed",
        ),
        ("https://a.test?q=1", "https://a.test"),
        ("why? because", "why? because"),
        ("/x/y", "/x/y"),
    ],
)
def test_an_address_loses_its_query_wherever_it_stands(text: str, expected: str) -> None:
    assert kept(event=text) == {"event": expected}


def test_things_that_are_no_person_stay() -> None:
    entry = {"portal": "point", "portal_name": "p", "path": "/a", "n": 3, "ok": True, "seconds": 0.5, "why": None}

    assert kept(**entry) == entry


def test_values_of_our_own_types_tell_nothing() -> None:
    assert "佐藤" not in str(kept(who=SATO))


def test_a_log_for_machines_is_one_json_object_a_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure(json=True)
    structlog.get_logger("guard.gate").info("held", portal="point", name="佐藤")

    (line,) = lines(capsys)
    at = datetime.fromisoformat(line.pop("at"))
    assert at.utcoffset() is not None
    assert line == {"event": "held", "level": "info", "portal": "point", "name": WITHHELD}


def test_an_exception_is_logged_without_queries_and_without_local_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(json=True)
    try:
        fail("佐", "藤")
    except RuntimeError:
        structlog.get_logger("guard.gate").exception("fault")

    (line,) = lines(capsys)
    assert line["exception"].endswith("RuntimeError: at https://a.test/x")
    assert "佐藤" not in line["exception"]


def test_a_log_for_people_withholds_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    try:
        fail("佐", "藤")
    except RuntimeError:
        structlog.get_logger("guard.gate").exception("fault", name="佐藤", portal="point")

    text = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().err)
    assert f"name={WITHHELD}" in text
    assert "portal=point" in text
    assert "RuntimeError: at https://a.test/x\n" in text
    assert "佐藤" not in text.replace('name="佐藤"', "")  # the source line itself may be shown


def test_warnings_of_other_libraries_pass_the_same_sieve_and_their_chatter_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(json=True)
    logging.getLogger("uvicorn.error").warning("refused %s", "https://a.test/x?name=abc")
    logging.getLogger("httpx").info("HTTP Request: GET https://a.test/x?name=abc")

    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("refused https://a.test/x", "warning")


def test_the_level_is_the_guards_own(capsys: pytest.CaptureFixture[str]) -> None:
    configure(json=True, level=logging.DEBUG)
    structlog.get_logger("guard.gate").debug("seen")
    configure(json=True, level=logging.WARNING)
    structlog.get_logger("guard.gate").info("not seen")

    assert [line["event"] for line in lines(capsys)] == ["seen"]


def test_a_trace_tells_places_and_types_and_no_text_or_value() -> None:
    """An error's text is often the very value that it stumbled over."""

    def fail_again() -> None:
        try:
            fail("佐藤 ", "花子")
        except RuntimeError as error:
            raise ValueError(SATO.name) from error

    with pytest.raises(ValueError, match=SATO.name) as raised:
        fail_again()
    trace = trace_of(raised.value)
    assert trace.startswith("ValueError < test_log.py:")
    assert ", caused by RuntimeError < test_log.py:" in trace
    assert "花子" not in trace
