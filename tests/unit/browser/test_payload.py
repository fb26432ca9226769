"""What the gate reads of a held request's body, byte by byte as the browser gives it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from guard.browser.payload import read_payload
from guard.core.payload import FieldKind, Payload
from guard.form_fields import Body, FieldRule

if TYPE_CHECKING:
    from guard.browser.cdp import Message

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----WebKitFormBoundary6PbhF5tq41NZHAQ6"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
UNREADABLE = Payload(readable=False)


def rule(**changes: Any) -> FieldRule:
    return FieldRule(path="/apply", name="payment_id", kind=FieldKind.PAYMENT_ID).model_copy(update=changes)


def sent(body: bytes | list[bytes | None], kind: str | None = FORM, method: str = "POST", query: str = "") -> Message:
    """A request as the gate sees it; None stands for a part that is read from disk when it is sent."""
    parts = body if isinstance(body, list) else [body]
    entries = [{} if part is None else {"bytes": base64.b64encode(part).decode()} for part in parts]
    headers = {} if kind is None else {"Content-Type": kind}
    request = {"method": method, "url": f"https://point.example/apply{query}", "headers": headers}
    return request | ({"postDataEntries": entries} if entries else {})


def part(name: str, content: str, more: str = "") -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'.encode()


def read(request: Message, **changes: Any) -> list[str] | None:
    """The texts that were found; None for a request that is not to be trusted."""
    found = read_payload([rule(**changes)], request)
    assert found is not None
    return [value.text for value in found.values] if found.readable else None


LAST = f"--{BOUNDARY}--\r\n".encode()
JSON_RULE: dict[str, Any] = {"body": Body.JSON, "name": "service.id"}


@pytest.mark.parametrize(
    "request_",
    [
        sent(b"csrf=x&payment_id=sp10%2D01+0001&empty="),
        sent("payment_id=ＳＰ１００１０００１".encode()),
        sent(b"payment_id=SP10010001", f"{FORM};charset=UTF-8"),
        sent([b"payment_id=SP1001", b"0001"]),
        sent([part("csrf", "x") + part("payment_id", "SP1001-0001") + LAST], MULTIPART),
        sent([part("payment_id", "SP10010001") + part("f", "", '; filename="a.jpg"'), None, b"\r\n" + LAST], MULTIPART),
        sent([], None, "GET", "?payment_id=SP10010001"),
    ],
    ids=["urlencoded", "full width", "with charset", "in two pieces", "multipart", "beside a file on disk", "a GET"],
)  # fmt: skip
def test_a_field_of_a_form_is_found_however_it_is_sent(request_: Message) -> None:
    assert read(request_) == ["SP10010001"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"service": {"id": "SP10010001"}}', ["SP10010001"]),
        ('{"service": {"id": 1001001}}', ["1001001"]),
        ('{"service": {"id": null}}', None),
        ('{"service": {"id": true}}', None),
        ('{"service": {"id": 1.5}}', None),
        ('{"service": {"id": ["SP10010001"]}}', None),
        ('{"service": {"id": "SP1", "id": "SP2"}}', None),
        ('{"service": "SP10010001"}', None),
        ("[" * 5000, None),
        ("service.id=SP10010001", None),
        ("", None),
    ],
)
def test_a_field_in_json_is_a_text_or_a_whole_number_that_stands_once(body: str, expected: list[str] | None) -> None:
    """Which of two values the portal takes is its secret."""
    assert read(sent(body.encode(), "application/json"), **JSON_RULE) == expected
    assert read(sent(body.encode(), "application/vnd.api+json; charset=utf-8"), **JSON_RULE) == expected


@pytest.mark.parametrize(
    "request_",
    [
        sent(b"other=1"),
        sent(b"payment_id="),
        sent(b"payment_id=%20%E3%80%80"),
        sent(b"payment_id=SP1&payment_id=SP2"),
        sent(b"payment_id=" + b"1" * 201),
        sent(b"payment_id=%ff%fe"),
        sent(b"payment_id=SP10010001", "text/plain"),
        sent(b"payment_id=SP10010001", None),
        sent(b'{"payment_id": "SP10010001"}', "application/json"),
        sent([b"payment_id=SP10010001", None]),
        sent([], FORM),
        sent([None], FORM),
        sent([part("payment_id", "SP1") + part("payment_id", "SP2") + LAST], MULTIPART),
        sent([part("payment_id", "", '; filename="id.txt"'), None, b"\r\n" + LAST], MULTIPART),
        sent([part("payment_id", "SP10010001")], MULTIPART),
        sent([part("payment_id", "SP10010001") + LAST], "multipart/form-data"),
        sent([part("payment_id", "SP10010001") + LAST], "multipart/form-data; boundary=other"),
        sent([b"--" + BOUNDARY.encode() + b"\r\nno head" + b"\r\n" + LAST], MULTIPART),
        sent([], None, "GET"),
    ],
)
def test_what_is_missing_twice_or_in_a_form_that_nobody_understands_is_unreadable(request_: Message) -> None:
    """An upload from a disk and a stream are not in the event; a portal may take either of two values."""
    assert read_payload([rule()], request_) == UNREADABLE


def test_a_field_that_may_be_missing_is_looked_for_all_the_same() -> None:
    assert read(sent(b"other=1"), optional=True) == []
    assert read(sent(b"payment_id=SP1"), optional=True) == ["SP1"]
    assert read(sent(b"payment_id=SP1", "text/plain"), optional=True) is None


def test_a_form_is_read_in_the_charset_of_its_page() -> None:
    """Forms do not say it; 髙 is a character of the vendors' own."""
    body = b"holder=" + "".join(f"%{byte:02X}" for byte in "髙橋 葵".encode("cp932")).encode()
    holder: dict[str, Any] = {"name": "holder", "kind": FieldKind.ACCOUNT_HOLDER}
    assert read(sent(body), charset="shift_jis", **holder) == ["髙橋 葵"]
    assert read(sent(body), **holder) is None


def test_a_request_without_declared_fields_has_no_payload() -> None:
    assert read_payload([], sent(b"payment_id=SP1")) is None


def test_a_value_is_never_told_by_accident() -> None:
    """Values of this kind may end in a log line."""
    assert "SP10010001" not in repr(read_payload([rule()], sent(b"payment_id=SP10010001")))


def test_the_fields_that_could_be_read_are_named_beside_one_that_could_not() -> None:
    """For whoever tries a profile; the values of such a request go nowhere."""
    found = read_payload([rule(), rule(name="holder")], sent(b"payment_id=SP10010001"))
    assert found == UNREADABLE
    assert found.found == {"payment_id"}
