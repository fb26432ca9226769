"""The identity provider: card and PIN, single sign-on, sessions of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.mock import IDP, MYPAGE, POINT
from flows.people import SATO_HANAKO, TANAKA_ICHIRO

if TYPE_CHECKING:
    from flows.mock import MockPortals
    from flows.mock.visitor import Visitor


def test_one_card_login_opens_the_second_portal_without_a_card(visitor: Visitor) -> None:
    """The provider's session is single sign-on: the second portal needs one click."""
    visitor.log_in(POINT, SATO_HANAKO)
    visitor.log_in_with_one_click(MYPAGE)
    assert [visitor.name_at(host) for host in (POINT, MYPAGE, IDP)] == [SATO_HANAKO.name] * 3


def test_logging_out_of_a_portal_leaves_the_provider_logged_in(visitor: Visitor) -> None:
    """The trap: after a portal's logout one click logs the same person in again."""
    visitor.log_in(POINT, SATO_HANAKO)
    visitor.log_out(POINT)
    assert visitor.whoami(POINT) == {"authenticated": False}
    visitor.log_in_with_one_click(POINT)
    assert visitor.name_at(POINT) == SATO_HANAKO.name


def test_logging_out_of_the_provider_leaves_the_portal_logged_in(visitor: Visitor) -> None:
    """Sessions end independently, so both have to be ended."""
    visitor.log_in(POINT, SATO_HANAKO)
    visitor.log_out(IDP)
    assert visitor.whoami(IDP) == {"authenticated": False}
    assert visitor.name_at(POINT) == SATO_HANAKO.name
    assert "/authenticate" in visitor.get(MYPAGE, "/login").text


def test_another_card_takes_the_place_of_the_first_at_the_provider(visitor: Visitor) -> None:
    """B's card at the provider does not touch A's session at a portal that A is logged in to."""
    visitor.log_in(POINT, SATO_HANAKO)
    visitor.log_in(MYPAGE, TANAKA_ICHIRO)
    assert visitor.name_at(POINT) == SATO_HANAKO.name
    assert visitor.name_at(MYPAGE) == visitor.name_at(IDP) == TANAKA_ICHIRO.name


def test_login_gives_a_new_session_at_portal_and_provider(visitor: Visitor) -> None:
    """Ids from before the login are worthless after it."""
    visitor.get(POINT, "/login")
    before = {name: visitor.cookie(name) for name in ("point_sid", "idp_sid")}
    visitor.log_in(POINT, SATO_HANAKO)
    for host, name in ((POINT, "point_sid"), (IDP, "idp_sid")):
        old = before[name]
        assert old
        assert old != visitor.cookie(name)
        assert visitor.replay(host, name, old) == {"authenticated": False}


def test_the_third_wrong_pin_locks_the_card(visitor: Visitor) -> None:
    """A locked card stays locked for the right PIN too."""
    fields = {"card_id": SATO_HANAKO.card_id, "pin": "0000"}
    answers = [visitor.submit(IDP, "/authorize?" + _QUESTION, "/authenticate", **fields) for _ in range(3)]
    assert ["残り" in answer.text for answer in answers] == [True, True, True]
    assert "ロック" in visitor.log_in(POINT, SATO_HANAKO).text
    assert visitor.whoami(IDP) == {"authenticated": False}


def test_a_typed_card_number_logs_in_like_a_chosen_card(visitor: Visitor) -> None:
    fields = {"typed_card_id": TANAKA_ICHIRO.card_id, "pin": TANAKA_ICHIRO.pin}
    visitor.submit(IDP, "/authorize?" + _QUESTION, "/authenticate", **fields)
    assert visitor.name_at(IDP) == TANAKA_ICHIRO.name


def test_a_sign_on_code_works_once_and_in_its_own_browser_alone(visitor: Visitor) -> None:
    """A callback address kept from before logs nobody in."""
    answer = visitor.log_in(POINT, SATO_HANAKO)
    callback = next(str(step.url) for step in answer.history if step.url.path == "/callback")
    visitor.log_out(POINT)
    assert visitor.http.get(callback).status_code == 400
    assert visitor.whoami(POINT) == {"authenticated": False}


def test_the_provider_sends_nobody_to_an_address_it_does_not_know(visitor: Visitor) -> None:
    question = "client_id=point&redirect_uri=https://elsewhere.test/callback&state=x"
    assert visitor.get(IDP, "/authorize?" + question).status_code == 400


def test_a_post_without_the_sessions_token_changes_nothing(visitor: Visitor, portals: MockPortals) -> None:
    """Logouts and bookings need the anti-forgery token."""
    visitor.log_in(POINT, SATO_HANAKO)
    for path in ("/logout", "/apply/service", "/apply/submit"):
        assert visitor.http.post(f"https://{POINT}{path}", content="csrf=guessed").status_code == 403
    assert visitor.name_at(POINT) == SATO_HANAKO.name
    assert portals.books.point_applications() == ()


_QUESTION = f"client_id=point&redirect_uri=https://{POINT}/callback&state=x"
