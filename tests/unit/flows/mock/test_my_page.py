"""The my-page portal registers one account over nine screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.mock import MYPAGE
from flows.people import SUZUKI_MISAKI, YAMADA_TARO

if TYPE_CHECKING:
    import httpx

    from flows.mock import MockPortals
    from flows.mock.visitor import Visitor
    from flows.people import Resident

_KEYS = ("terms", "basic", "kana", "contact", "bank", "branch", "number")


def _fields(resident: Resident) -> dict[str, dict[str, str]]:
    account = resident.account
    return {
        "kana": {"kana": resident.kana},
        "contact": {"phone": resident.phone},
        "bank": {"bank": account.bank},
        "branch": {"branch": account.branch},
        "number": {"number": account.number, "holder_kana": account.holder_kana},
    }


def _to_confirmation(visitor: Visitor, resident: Resident) -> list[httpx.Response]:
    """The screens up to the confirmation."""
    screens = [visitor.get(MYPAGE, "/account")]
    for key in _KEYS:
        fields = _fields(resident).get(key, {})
        screens.append(visitor.submit(MYPAGE, f"/account/{key}", f"/account/{key}", **fields))
    return screens


def test_nine_screens_show_the_name_on_three_of_them(visitor: Visitor, portals: MockPortals) -> None:
    """Basic data, confirmation and done page name the holder beside the header."""
    visitor.log_in(MYPAGE, YAMADA_TARO)
    screens = _to_confirmation(visitor, YAMADA_TARO)
    assert portals.books.accounts() == ()
    screens.append(visitor.submit(MYPAGE, "/account/confirm", "/account/register"))
    bodies = [screen.text.partition("<main>")[2] for screen in screens]
    assert len(bodies) == 9
    assert [number for number, body in enumerate(bodies, 1) if YAMADA_TARO.name in body] == [2, 8, 9]
    (row,) = portals.books.accounts()
    assert (row.holder_name, row.number, row.owner_name) == (YAMADA_TARO.name, "1003003", YAMADA_TARO.name)


def test_another_persons_account_is_accepted_and_the_books_know(visitor: Visitor, portals: MockPortals) -> None:
    """No portal can tell by machine: kana is typed, and the card has none."""
    visitor.log_in(MYPAGE, YAMADA_TARO)
    _to_confirmation(visitor, SUZUKI_MISAKI)
    visitor.submit(MYPAGE, "/account/confirm", "/account/register")
    (row,) = portals.books.misattributed()
    assert (row.holder_name, row.owner_name) == (YAMADA_TARO.name, SUZUKI_MISAKI.name)


def test_a_second_registration_shows_the_account_of_before_and_replaces_it(
    visitor: Visitor, portals: MockPortals
) -> None:
    """How 八幡東区 was found, and mended."""
    visitor.log_in(MYPAGE, YAMADA_TARO)
    screens = []
    for resident in (SUZUKI_MISAKI, YAMADA_TARO):
        screens = _to_confirmation(visitor, resident)
        visitor.submit(MYPAGE, "/account/confirm", "/account/register")
    assert "変更前の口座" in screens[-1].text
    assert SUZUKI_MISAKI.account.number in screens[-1].text
    assert portals.books.misattributed() == ()


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("kana", {"kana": "山田"}),
        ("contact", {"phone": "12"}),
        ("bank", {"bank": "どこか銀行"}),
        ("branch", {"branch": ""}),
        ("number", {"number": "123", "holder_kana": "ヤマダ"}),
    ],
)
def test_a_field_that_is_not_in_order_stays_on_its_screen(visitor: Visitor, key: str, fields: dict[str, str]) -> None:
    visitor.log_in(MYPAGE, YAMADA_TARO)
    answer = visitor.submit(MYPAGE, f"/account/{key}", f"/account/{key}", **fields)
    assert 'role="alert"' in answer.text
    assert answer.url.path == f"/account/{key}"


def test_steps_cannot_be_skipped(visitor: Visitor, portals: MockPortals) -> None:
    """The POST that matters needs all that the screens ask for."""
    visitor.log_in(MYPAGE, YAMADA_TARO)
    answer = visitor.submit(MYPAGE, "/account/terms", "/account/register")
    assert answer.url.path == "/account/terms"
    assert portals.books.accounts() == ()


def test_the_portal_shows_guest_until_somebody_logs_in(visitor: Visitor) -> None:
    assert "ゲスト" in visitor.get(MYPAGE).text
    visitor.log_in(MYPAGE, YAMADA_TARO)
    assert "ゲスト" not in visitor.get(MYPAGE).text
    visitor.log_out(MYPAGE)
    assert "ゲスト" in visitor.get(MYPAGE).text
