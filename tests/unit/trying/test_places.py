from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from guard.browser.reading import read_value
from guard.grammar import Locator
from guard.trying.found import matches_of
from guard.trying.places import guest_sign, logout_step, name_place
from tests.unit.trying.trials import GUEST, HOME, page, portal

if TYPE_CHECKING:
    from guard.browser.wire import Answer


def _json(value: object) -> Answer:
    return page(json.dumps(value, ensure_ascii=False), content_type="application/json")


@pytest.mark.parametrize(
    ("answer", "sign"),
    [
        (page(GUEST), "#enter"),
        (page('<form class="enter"><input type="password"></form>'), ".enter"),
        (page("<p>ようこそ</p>"), None),
        (_json({"authenticated": False}), "authenticated == `false`"),
        (_json({"user": None}), "user == null"),
        (_json({"logged-in": False}), '"logged-in" == `false`'),
        (_json([1]), None),
        (
            page("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), content_type="text/html; charset=none"),
            None,
        ),
    ],
)
def test_a_guest_sign_is_the_login_form_or_a_plain_no(answer: Answer, sign: str | None) -> None:
    assert guest_sign(answer) == sign


@pytest.mark.parametrize(
    "body",
    [
        HOME,
        '<p id="who">山田 太郎</p>',
        "<nav><span>山田 太郎</span></nav><p>x</p>",
        '<p class="a">Welcome, 山田 太郎.</p>',
        '<div id="top"><p>様</p><p class="n">山田 太郎 様</p></div><p class="n">x</p>',
        '<p class="1 2">山田 太郎</p>',
    ],
)
def test_a_place_that_is_proposed_reads_exactly_the_name(body: str) -> None:
    place = name_place(page(body), "山田 太郎")

    assert place is not None
    locator = Locator(select=place) if isinstance(place, str) else Locator(**place)
    assert read_value(locator, page(body)) == "山田 太郎"


def test_a_name_in_json_is_proposed_with_its_way() -> None:
    answer = _json({"user": {"full-name": "山田 太郎"}})

    place = name_place(answer, "山田 太郎")

    assert place == 'user."full-name"'
    assert read_value(Locator(select=str(place)), answer) == "山田 太郎"


@pytest.mark.parametrize("answer", [page("<p>佐藤</p>"), page(""), _json({"name": "佐藤"}), _json(None)])
def test_a_name_that_does_not_stand_there_has_no_place(answer: Answer) -> None:
    assert name_place(answer, "山田 太郎") is None


@pytest.mark.parametrize(
    ("body", "step"),
    [
        ('<a href="/Account/SignOut?x=1">bye</a>', {"method": "GET", "path": "/Account/SignOut?x=1"}),
        ('<a href="?do=logout">bye</a>', {"method": "GET", "path": "/my/page?do=logout"}),
        (
            '<form action="/do?x=1" id="log-out"><input type="hidden" name="do" value="log out"></form>',
            {"method": "GET", "path": "/do?do=log+out"},
        ),
        ('<a href="leave">ログアウト</a>', {"method": "GET", "path": "/my/leave"}),
        ('<form method="post" action="/log_out"></form>', {"method": "POST", "path": "/log_out"}),
        ("<form></form><a href='/'>top</a>", None),
    ],
)
def test_a_logout_is_taken_from_the_form_or_link_that_says_so(body: str, step: dict[str, Any] | None) -> None:
    assert logout_step(page(body), "/my/page") == step


def test_matches_say_how_often_and_what_and_hide_the_person_in_logs() -> None:
    of = portal(holder={"kana": "p, b", "birth_date": ".nothing"})

    matches = {match.key: match for match in matches_of(of.holder, page(HOME), "")}

    assert {key: (match.times, match.text) for key, match in matches.items()} == {
        "guest": (0, None),
        "name": (1, "山田 太郎"),
        "kana": (2, None),
        "birth_date": (0, None),
    }
    assert "山田" not in repr(matches)


def test_claims_are_matched_in_the_token_itself() -> None:
    of = portal(session={"token": {}}, holder={"reading": "claims", "guest": None, "guest_status": 401, "name": "name"})
    signed = "e30.eyJuYW1lIjoiVGFybyJ9.x"

    assert [match.text for match in matches_of(of.holder, _json({}), signed)] == ["Taro"]
    assert [match.times for match in matches_of(of.holder, _json({}), "no token")] == [0]
