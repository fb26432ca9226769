"""From a portal's answer to its holder: what is not certain is unclear."""

from __future__ import annotations

import base64
import json
from datetime import date

import pytest

from guard.browser.reading import read_holder
from guard.browser.wire import Answer
from guard.core.identity import Holder, Identity, Known, Nobody, Obscurity, Unclear
from guard.grammar import HolderReading, Locator, Reading

JSON = HolderReading(
    path="/whoami",
    reading=Reading.JSON,
    guest="authenticated == `false`",
    name=Locator(select="name"),
    birth_date=Locator(select="born"),
)
HTML = HolderReading(path="/", reading=Reading.HTML, guest=".who", guest_text="ゲスト", name=Locator(select=".name"))


def _json(body: str, status: int = 200, content_type: str = "application/json") -> Holder:
    return read_holder(JSON, Answer(status=status, content_type=content_type, body=body.encode()))


def _html(body: str) -> Holder:
    return read_holder(HTML, Answer(status=200, content_type="text/html; charset=utf-8", body=body.encode()))


@pytest.mark.parametrize("born", ["1980-09-12", "19800912", "1980年9月12日", "1980/9/12"])
def test_the_holder_is_read_from_json(born: str) -> None:
    said = _json(f'{{"authenticated": true, "name": " 田中 一郎 ", "born": "{born}"}}')
    assert said == Known(identity=Identity(name="田中 一郎", birth_date=date(1980, 9, 12)))


def test_nobody_needs_a_positive_sign() -> None:
    """An empty answer is no proof that nobody is logged in."""
    assert _json('{"authenticated": false}') == Nobody()
    assert _json('{"authenticated": "false"}') == Unclear(why=Obscurity.NOT_UNDERSTOOD)
    assert _json("{}") == _json("null") == _json('{"name": null}') == Unclear(why=Obscurity.NOT_UNDERSTOOD)


@pytest.mark.parametrize("status", [204, 300, 302, 401, 404])
def test_an_answer_that_is_not_200_names_nobody(status: int) -> None:
    """Even if its body does: an error page may quote an older one."""
    assert _json('{"authenticated": false}', status) == Unclear(why=Obscurity.NOT_UNDERSTOOD)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_the_server_is_called_so(status: int) -> None:
    assert _json('{"name": "田中 一郎"}', status) == Unclear(why=Obscurity.SERVER_ERROR)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[1, 2",
        "[" * 5000,
        "<html>",
        '{"name": "田中", "born": "昭和55年"}',
        '{"name": "田中", "born": "1980-13-40"}',
    ],
)
def test_nonsense_is_not_understood(body: str) -> None:
    assert _json(body) == Unclear(why=Obscurity.NOT_UNDERSTOOD)


def test_another_kind_of_document_is_not_understood() -> None:
    assert _json('{"name": "田中 一郎"}', content_type="text/html") == Unclear(why=Obscurity.NOT_UNDERSTOOD)


@pytest.mark.parametrize("name", ['["佐藤", "田中"]', "true", '{"first": "田中"}', '"田中\\n佐藤"', f'"{"長" * 201}"'])
def test_what_is_not_one_short_text_is_ambiguous(name: str) -> None:
    assert _json(f'{{"name": {name}}}') == Unclear(why=Obscurity.AMBIGUOUS)


def test_the_holder_is_read_from_a_page() -> None:
    assert _html("<p class=name> 田中 一郎 </p>") == Known(identity=Identity(name="田中 一郎"))
    assert _html("<p class=who>ようこそ ゲスト さん</p>") == Nobody()
    assert _html("<p class=name>佐藤</p><p class=name>田中</p>") == Unclear(why=Obscurity.AMBIGUOUS)
    assert _html("<p>ログインしてください</p>") == Unclear(why=Obscurity.NOT_UNDERSTOOD)


def test_two_guest_signs_are_no_sign() -> None:
    assert _html("<p class=who>ゲスト</p><p class=who>ゲスト</p>") == Unclear(why=Obscurity.NOT_UNDERSTOOD)


AMBIGUOUS, NOT_UNDERSTOOD = Unclear(why=Obscurity.AMBIGUOUS), Unclear(why=Obscurity.NOT_UNDERSTOOD)
PAGE = """<body><header><p id="who" class="person">佐藤 花子<a href="/me">変更</a></p></header>
<p class="person">田中 一郎</p><form><button>申込む</button></form></body>"""


@pytest.mark.parametrize(
    ("select", "said"),
    [
        (".nobody", NOT_UNDERSTOOD),
        (".person", AMBIGUOUS),
        ("body", AMBIGUOUS),
        ("html", AMBIGUOUS),
        ("header", AMBIGUOUS),
        ("form", AMBIGUOUS),
        ("#who", AMBIGUOUS),
        ("p:not(#who)", Known(identity=Identity(name="田中 一郎"))),
    ],
)
def test_a_selector_that_matches_nothing_several_or_a_piece_of_page_names_nobody(select: str, said: Holder) -> None:
    """Even if the whole page is one short line."""
    reading = HolderReading(path="/", reading=Reading.HTML, guest=".guest", name=Locator(select=select))
    for body in (PAGE, PAGE.replace("\n", "")):
        answer = Answer(status=200, content_type="text/html; charset=utf-8", body=body.encode())
        assert read_holder(reading, answer) == said


def test_a_link_that_is_the_name_is_a_name_and_a_pattern_may_cut_a_name_out_of_more() -> None:
    assert _html('<a class=name href="/me">田中 一郎</a>') == Known(identity=Identity(name="田中 一郎"))
    cut = HolderReading(path="/", reading=Reading.HTML, guest=".guest", name=Locator(select="#who", pattern="(.+)変更"))
    answer = Answer(status=200, content_type="text/html; charset=utf-8", body=PAGE.encode())
    assert read_holder(cut, answer) == Known(identity=Identity(name="佐藤 花子"))


@pytest.mark.parametrize("select", ["people[*].name", "people[?name].name", "people[].name | [:1]", "people", "@"])
@pytest.mark.parametrize("people", [["田中 一郎"], ["田中 一郎", "佐藤 花子"], []])
def test_an_expression_that_yields_a_list_names_nobody(select: str, people: list[str]) -> None:
    """Not even when it holds one person today."""
    reading = HolderReading(path="/", reading=Reading.JSON, guest="guest", name=Locator(select=select))
    body = json.dumps({"people": [{"name": name} for name in people]}).encode()
    assert read_holder(reading, Answer(status=200, content_type="application/json", body=body)) == AMBIGUOUS


@pytest.mark.parametrize("declared_in", ["header", "meta", "http-equiv"])
@pytest.mark.parametrize(
    ("charset", "codec"),
    [("Shift_JIS", "cp932"), ("windows-31j", "cp932"), ("EUC-JP", "euc_jp"), ("ISO-2022-JP", "iso2022_jp")],
)
def test_pages_in_japanese_charsets_are_read_wherever_they_declare_it(
    charset: str, codec: str, declared_in: str
) -> None:
    meta = {
        "header": "",
        "meta": f'<meta charset="{charset}">',
        "http-equiv": f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">',
    }[declared_in]
    content_type = f"text/html; charset={charset}" if declared_in == "header" else "text/html"
    body = f"<html><head>{meta}</head><body><p class=name>佐藤 花子</p>".encode(codec)
    said = read_holder(HTML, Answer(status=200, content_type=content_type, body=body))
    assert said == Known(identity=Identity(name="佐藤 花子"))


@pytest.mark.parametrize(
    ("charset", "name", "body"),
    [
        ("Shift_JIS", "髙﨑", b"\xfb\xfc\xfa\xb1"),
        ("EUC-JP", "髙﨑 ①", b"\xfc\xe2\xf9\xf5 \xad\xa1"),
        ("EUC-JP", "田中", b"\xc5\xc4\xc3\xe6"),
    ],
)
def test_the_characters_that_browsers_add_to_a_charset_are_read_too(charset: str, name: str, body: bytes) -> None:
    """髙橋 is one of the commonest names that the bare standard cannot write."""
    answer = Answer(status=200, content_type=f"text/html; charset={charset}", body=b"<p class=name>" + body + b"</p>")
    assert read_holder(HTML, answer) == Known(identity=Identity(name=name))


@pytest.mark.parametrize("charset", ["Shift_JIS", "EUC-JP", "UTF-8", "ISO-2022-JP", "x-unheard-of"])
@pytest.mark.parametrize("garbage", [b"\xff", b"\xfd\xfd\xff", b"\x81\x20", b"\xa0"])
def test_broken_bytes_anywhere_in_the_page_name_nobody(charset: str, garbage: bytes) -> None:
    """A name with a hole in it would be a wrong name."""
    body = b"<p class=name>Tanaka</p>" + garbage + b"<"
    answer = Answer(status=200, content_type=f"text/html; charset={charset}", body=body)
    assert read_holder(HTML, answer) == NOT_UNDERSTOOD


def test_a_login_page_where_json_was_expected_names_nobody() -> None:
    """Some portals answer it with status 200."""
    assert _json("<p>ログインしてください</p>", content_type="text/html") == NOT_UNDERSTOOD
    assert _json("<p>ログインしてください</p>") == NOT_UNDERSTOOD


def test_an_answer_out_of_a_cache_names_nobody_whoever_it_names() -> None:
    body = '{"authenticated": true, "name": "佐藤 花子"}'.encode()
    answer = Answer(status=200, content_type="application/json", body=body, from_cache=True)
    assert read_holder(JSON, answer) == Unclear(why=Obscurity.CACHED)


CLAIMS = HolderReading(
    path="/accepts",
    reading=Reading.CLAIMS,
    guest="scope == 'guest'",
    guest_status=401,
    name=Locator(select="person.name"),
    birth_date=Locator(select="birthdate"),
)


def _token(payload: bytes) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.c2lnbmF0dXJl"


def _jwt(claims: object) -> str:
    return _token(json.dumps(claims, ensure_ascii=False).encode())


def _claims(token: str, status: int = 200) -> Holder:
    return read_holder(CLAIMS, Answer(status=status, content_type="", body=b""), token)


@pytest.mark.parametrize("padding", ["", "?", "??", "???"])
def test_the_holder_is_read_from_the_claims_of_a_token_that_was_accepted(padding: str) -> None:
    """RFC 7515 drops the padding of base64url, whatever the length; names stand in it as UTF-8."""
    token = _jwt({"person": {"name": "髙橋 葵"}, "birthdate": "2003-05-05", "nonce": padding})
    assert _claims(token) == Known(identity=Identity(name="髙橋 葵", birth_date=date(2003, 5, 5)))


def test_a_token_that_the_portal_refuses_names_nobody_whatever_it_says() -> None:
    token = _jwt({"person": {"name": "田中 一郎"}})
    assert _claims(token, 401) == Nobody()
    assert _claims(token, 403) == _claims(token, 404) == Unclear(why=Obscurity.NOT_UNDERSTOOD)
    assert _claims(token, 503) == Unclear(why=Obscurity.SERVER_ERROR)


def test_a_token_for_guests_is_nobodys() -> None:
    """Some portals give every visitor a token."""
    assert _claims(_jwt({"scope": "guest", "person": {"name": "ゲスト"}})) == Nobody()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "opaque",
        "a.b",
        "a.b.c.d",
        "a.%%%%.c",
        "a.日本.c",
        _token(b"not json"),
        _token(b"\xff\xfe\xfd"),
        _token(b"[" * 5000),
        _jwt(None),
        _jwt([]),
        _jwt("田中 一郎"),
        _jwt({"name": "at another place"}),
        _jwt({"person": {"name": "田中 一郎"}, "birthdate": 0}),
    ],
)
def test_a_token_that_is_no_jwt_or_says_nothing_is_not_understood(token: str) -> None:
    """The portal accepted it, so that somebody is logged in; whom, nobody can say."""
    assert _claims(token) == Unclear(why=Obscurity.NOT_UNDERSTOOD)


@pytest.mark.parametrize("name", [["佐藤", "田中"], {"first": "一郎"}, True, "長" * 201])
def test_a_claim_that_is_not_one_short_text_is_ambiguous(name: object) -> None:
    assert _claims(_jwt({"person": {"name": name}})) == Unclear(why=Obscurity.AMBIGUOUS)
