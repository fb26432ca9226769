"""The point site refuses what the real one refused, in the same words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flows.mock import POINT
from flows.people import KORIYAMA_DAY, SATO_HANAKO, TANAKA_ICHIRO

if TYPE_CHECKING:
    import httpx

    from flows.mock import MockPortals
    from flows.mock.visitor import Visitor
    from flows.people import Cashless, Resident


def _apply(visitor: Visitor, resident: Resident, cashless: Cashless, *kinds: str) -> httpx.Response:
    visitor.log_in(POINT, resident)
    service = {"service": cashless.service, "payment_id": cashless.payment_id}
    answer = visitor.submit(POINT, "/apply", "/apply/service", **service)
    if answer.url.path != "/apply/kinds":
        return answer
    answer = visitor.submit(POINT, "/apply/kinds", "/apply/kinds", **dict.fromkeys(kinds, "1"))
    if answer.url.path != "/apply/confirm":
        return answer
    return visitor.submit(POINT, "/apply/confirm", "/apply/submit")


def test_all_three_kinds_are_booked_with_their_amounts(visitor: Visitor, portals: MockPortals) -> None:
    """5,000 and twice 7,500 points go to the holder's own service."""
    answer = _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.cashless, "card", "insurance", "account")
    assert answer.url.path == "/apply/done"
    rows = portals.books.point_applications()
    assert [(row.kind, row.amount) for row in rows] == [("card", 5000), ("insurance", 7500), ("account", 7500)]
    assert {(row.holder_name, row.owner_name) for row in rows} == {(TANAKA_ICHIRO.name, TANAKA_ICHIRO.name)}
    assert portals.books.misattributed() == ()


def test_a_second_try_of_the_same_holder_is_told_so(visitor: Visitor, portals: MockPortals) -> None:
    """A came back the next day and read 「申請済」."""
    _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.cashless, "card")
    answer = _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.cashless, "card")
    assert "申請済" in answer.text
    assert len(portals.books.point_applications()) == 1


def test_a_payment_id_used_for_another_holder_is_told_so(visitor: Visitor, portals: MockPortals) -> None:
    """B tried once more under B's own login and read 「登録済み」."""
    _apply(visitor, SATO_HANAKO, TANAKA_ICHIRO.cashless, "insurance")
    answer = _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.cashless, "insurance")
    assert "登録済み" in answer.text
    assert [row.holder_name for row in portals.books.point_applications()] == [SATO_HANAKO.name]


def test_another_payment_id_of_the_same_person_still_works(visitor: Visitor, portals: MockPortals) -> None:
    """The ministry's advice to B."""
    _apply(visitor, SATO_HANAKO, TANAKA_ICHIRO.cashless, "insurance")
    answer = _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.spare_cashless[0], "insurance")
    assert answer.url.path == "/apply/done"
    assert not portals.books.point_applications()[-1].misattributed


def test_what_was_granted_before_the_cancellation_cannot_be_had_again(visitor: Visitor, portals: MockPortals) -> None:
    """Six weeks later A read 「再申請不可」 for the points that B had got, and for those alone."""
    _apply(visitor, SATO_HANAKO, TANAKA_ICHIRO.cashless, "card", "insurance")
    portals.back_office.grant(SATO_HANAKO.subject, "insurance")
    portals.back_office.cancel(SATO_HANAKO.subject)
    refused = _apply(visitor, SATO_HANAKO, SATO_HANAKO.cashless, "insurance")
    assert "再申請不可" in refused.text
    assert _apply(visitor, SATO_HANAKO, SATO_HANAKO.cashless, "card").url.path == "/apply/done"


def test_on_the_day_of_a_renewed_certificate_the_account_points_cannot_be_had(
    visitor: Visitor, portals: MockPortals
) -> None:
    """Why A went home; the next day it works."""
    answer = _apply(visitor, SATO_HANAKO, SATO_HANAKO.cashless, "card", "account")
    assert "電子証明書の更新当日は申込できません" in answer.text
    assert portals.books.point_applications() == ()
    portals.today = KORIYAMA_DAY + timedelta(days=1)
    assert _apply(visitor, SATO_HANAKO, SATO_HANAKO.cashless, "card", "account").url.path == "/apply/done"


def test_a_guest_is_sent_to_log_in_and_comes_back_to_the_application(visitor: Visitor) -> None:
    assert "/authenticate" in visitor.get(POINT, "/apply").text
    visitor.log_in(POINT, SATO_HANAKO)
    assert visitor.get(POINT, "/apply").url.path == "/apply"


def test_a_background_post_counts_a_page_and_books_nothing(visitor: Visitor, portals: MockPortals) -> None:
    """`/analytics` needs no session and gives none."""
    assert visitor.http.post(f"https://{POINT}/analytics", content="{}").status_code == 204
    assert visitor.cookie("point_sid") is None
    assert portals.books.point_applications() == ()


def test_what_is_not_paid_out_can_be_taken_back_and_applied_for_again(visitor: Visitor, portals: MockPortals) -> None:
    """The books keep the row; granted points stay."""
    _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.cashless, "card", "insurance")
    portals.back_office.grant(TANAKA_ICHIRO.subject, "insurance")
    assert "付与済" in visitor.get(POINT, "/applications").text
    answer = visitor.submit(POINT, "/applications/cancel", "/applications/cancel")
    assert answer.url.path == "/applications/cancelled"
    rows = portals.books.point_applications()
    assert {(row.kind, row.cancelled) for row in rows} == {("card", True), ("insurance", False)}
    assert visitor.get(POINT, "/applications/cancel").url.path == "/applications", "nothing is left to take back"
    assert _apply(visitor, TANAKA_ICHIRO, TANAKA_ICHIRO.cashless, "card").url.path == "/apply/done"


def test_nobody_applies_for_a_child_who_is_not_theirs(visitor: Visitor, portals: MockPortals) -> None:
    """The form offers one's own children alone, and a made-up answer is refused."""
    visitor.log_in(POINT, TANAKA_ICHIRO)
    answer = visitor.submit(POINT, "/apply/for", "/apply/for", applicant=SATO_HANAKO.subject)
    assert "申込む方を選んでください" in answer.text
    assert portals.books.point_applications() == ()


def test_a_guest_takes_nothing_back_and_chooses_nobody(visitor: Visitor) -> None:
    for path in ("/applications", "/apply/for"):
        assert "/authenticate" in visitor.get(POINT, path).text
