"""Numbers and names that a submission carries: read back by the citizen, compared with them, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from flows.account import MyPage
from flows.mock import POINT
from flows.people import KOBAYASHI_KEN, SATO_HANAKO, TANAKA_ICHIRO
from flows.points import Points, PointSite
from guard.blocking import open_blocking_counter
from guard.core.commands import Kind
from guard.core.payload import FieldKind
from guard.core.verdict import Reason
from guard.demo.run import mock_config
from guard.form_fields import FieldRule
from guard.labels import Label
from guard.texts import Texts
from tests.day import changed, click_overlay, entries, eventually, log_in, read_aloud, settle, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.mock import MockPortals
    from flows.people import Cashless
    from guard.blocking import BlockingCounter
    from guard.browser.pages import Page as GuardedPage
    from guard.config import Config
    from tests.conftest import Serve, ServeAt

pytestmark = pytest.mark.browser

PAYMENT_ID = FieldRule(path="/apply/service", name="payment_id", kind=FieldKind.PAYMENT_ID)
ACCOUNT = (
    FieldRule(path="/account/number", name="number", kind=FieldKind.ACCOUNT_NUMBER),
    FieldRule(path="/account/number", name="holder_kana", kind=FieldKind.ACCOUNT_HOLDER),
)
"""What the profiles show as an example; see `config/portals/point.toml`."""
STOPPED, BACK = "送信を止めました", "画面に戻る"


def with_fields(config: Config, within: float = 60.0) -> Config:
    config = changed(config, "mypage", fields=ACCOUNT)
    return changed(config, fields=(PAYMENT_ID,), read_back_within=within)


@pytest.fixture(scope="module")
def shared(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """A counter whose profiles declare the fields."""
    with open_blocking_counter(with_fields(mock_config(served_portals, tmp_path_factory.mktemp("state")))) as counter:
        yield counter


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    assert portals.hosts
    yield shared
    settle(shared)


def send(page: Page, cashless: Cashless, typed: str | None = None) -> None:
    """Fill the first screen of the application and press the button, without waiting for what follows."""
    page.get_by_label("決済サービス", exact=True).select_option(cashless.service)
    page.get_by_label("決済サービスID").fill(typed or cashless.payment_id)
    press_next(page)


def press_next(page: Page) -> None:
    page.get_by_role("button", name="次へ", exact=True).click(no_wait_after=True)


def read_back(counter: BlockingCounter, typed: str) -> None:
    """The citizen types it in the console, while the form waits."""
    asked = counter.until(lambda view: view.read_back is not None).read_back
    assert asked is not None
    assert counter.call(counter.counter.desk.read_back, asked.submission_id, typed) is None


def reports(counter: BlockingCounter) -> list[str]:
    """Kinds of what the guarded pages report from now on."""
    browser = counter.counter.supervisor.browser
    assert browser is not None
    kinds: list[str] = []
    heard = browser.pages._on_report

    def hear(page: GuardedPage, report: dict[str, Any]) -> None:
        kinds.append(str(report.get("kind")))
        heard(page, report)

    browser.pages._on_report = hear
    return kinds


def finish(page: Page) -> None:
    page.get_by_role("heading", name=PointSite.KINDS).wait_for()
    site = PointSite(page)
    site.choose_points(Points.CARD)
    site.submit()


def test_a_mistyped_payment_id_is_caught_by_the_citizens_own_paper_and_booked_once_it_is_right(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """A fifth of the published cases: a digit was wrong, and the points went to whoever had that number."""
    with serve(TANAKA_ICHIRO) as page:
        told = reports(counter)
        site = log_in(page, TANAKA_ICHIRO)
        site.begin()
        send(page, TANAKA_ICHIRO.cashless, "SP10020003")
        shown = counter.until(lambda view: view.read_back is not None).read_back
        assert shown is not None
        assert shown.groups == ("SP10", "0200", "03")
        eventually(lambda: "waits" in told)  # the page leads to the console by itself: nobody can tell it anything now
        read_back(counter, TANAKA_ICHIRO.cashless.payment_id[-4:])
        assert counter.view.stops[-1].reason is Reason.READ_BACK_DIFFERS
        eventually(lambda: STOPPED in read_aloud(page))
        assert portals.arrived("POST", POINT, "/apply/service") == ()
        click_overlay(page, BACK)
        assert Texts().label(Label.RIBBON_WAITING) not in read_aloud(page), "taken back with the answer"
        assert page.get_by_label("決済サービスID").input_value() == "SP10020003"
        send(page, TANAKA_ICHIRO.cashless)
        read_back(counter, "０００２")
        finish(page)
        site.begin()
        send(page, TANAKA_ICHIRO.cashless)  # the same number again: it was read back
        page.get_by_role("heading", name=PointSite.KINDS).wait_for()
    assert len(portals.arrived("POST", POINT, "/apply/service")) == 2
    (booked,) = portals.books.point_applications()
    assert not booked.misattributed
    facts = [dict(entry.facts) for entry in entries(counter, Kind.READ_BACK)]
    assert [one["agrees"] for one in facts[-2:]] == ["no", "yes"]
    kept = "\n".join(str(entry) for entry in entries(counter))
    assert "SP10" not in kept


def test_the_same_payment_id_for_another_citizen_stops_until_a_leader_allows_it(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """The portal would have booked it: at the point site it is another service's number."""
    with serve(KOBAYASHI_KEN) as page:
        log_in(page, KOBAYASHI_KEN).begin()
        send(page, KOBAYASHI_KEN.cashless)
        read_back(counter, "0005")
        finish(page)
    before = len(portals.arrived("POST", POINT, "/apply/service"))
    with serve(SATO_HANAKO) as page:
        log_in(page, SATO_HANAKO).begin()
        send(page, SATO_HANAKO.cashless, KOBAYASHI_KEN.cashless.payment_id)
        stopped = counter.until(lambda view: bool(view.stops))
        assert stopped.stops[-1].reason is Reason.VALUE_OF_ANOTHER
        assert len(portals.arrived("POST", POINT, "/apply/service")) == before
        (dispute,) = stopped.disputes
        assert counter.call(counter.counter.desk.approve_value, dispute.submission_id, "L-1") is None
        eventually(lambda: STOPPED in read_aloud(page))
        click_overlay(page, BACK)
        press_next(page)
        read_back(counter, "0005")
        page.get_by_role("heading", name=PointSite.KINDS).wait_for()
    approved = dict(entries(counter, Kind.VALUE_APPROVED)[-1].facts)
    assert (approved["leader"], approved["portal"]) == ("L-1", "point")


def test_an_account_in_somebody_elses_name_is_stopped_and_the_citizens_own_is_read_back(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """About 130,000 accounts were registered in the name of a family member."""
    with serve(SATO_HANAKO) as page:
        site = MyPage(page)
        site.open()
        site.log_in(SATO_HANAKO)
        site.begin()
        site.agree()
        site.confirm_basic_data()
        site.give_person(SATO_HANAKO)
        page.get_by_label("金融機関").select_option(SATO_HANAKO.account.bank)
        press_next(page)
        page.get_by_label("支店名").fill(SATO_HANAKO.account.branch)
        press_next(page)
        page.get_by_label("口座番号").fill(SATO_HANAKO.account.number)
        page.get_by_label("口座名義(カナ)").fill("サトウ タロウ")
        press_next(page)
        stopped = counter.until(lambda view: bool(view.stops))
        assert stopped.stops[-1].reason is Reason.ACCOUNT_HOLDER_DIFFERS
        eventually(lambda: STOPPED in read_aloud(page))
        click_overlay(page, BACK)
        page.get_by_label("口座名義(カナ)").fill("サトー　ハナコ")
        press_next(page)
        read_back(counter, SATO_HANAKO.account.number[-4:])
        page.get_by_role("heading", name=MyPage.CONFIRM).wait_for()
        site.submit()
    (registered,) = portals.books.accounts()
    assert not registered.misattributed


def test_when_the_minute_is_over_the_form_is_still_filled_and_is_sent_again(
    portals: MockPortals, guard_config: Config, serve_at: ServeAt
) -> None:
    """A citizen who looks for a phone for longer than a minute loses nothing but that minute."""
    with (
        open_blocking_counter(with_fields(guard_config, within=1.0)) as counter,
        serve_at(counter, TANAKA_ICHIRO) as page,
    ):
        log_in(page, TANAKA_ICHIRO).begin()
        send(page, TANAKA_ICHIRO.cashless)
        counter.until(lambda view: view.read_back is not None)
        stopped = counter.until(lambda view: bool(view.stops))
        assert (stopped.stops[-1].reason, stopped.read_back) == (Reason.NOT_READ_BACK, None)
        assert waiting(counter) == 0
        assert portals.arrived("POST", POINT, "/apply/service") == ()
        eventually(lambda: STOPPED in read_aloud(page))
        click_overlay(page, BACK)
        assert page.get_by_label("決済サービスID").input_value() == TANAKA_ICHIRO.cashless.payment_id
        press_next(page)
        read_back(counter, "0002")
        finish(page)
    assert len(portals.arrived("POST", POINT, "/apply/service")) == 1


def test_the_console_shows_the_number_large_and_hides_it_while_it_is_typed_again(
    portals: MockPortals, counter: BlockingCounter, serve: Serve, page: Page
) -> None:
    """The citizen reads their own paper, not the screen: the page that waits runs no script, so the console asks."""
    page.goto(counter.call(counter.counter.serve_console))
    with serve(TANAKA_ICHIRO) as guarded:
        log_in(guarded, TANAKA_ICHIRO).begin()
        send(guarded, TANAKA_ICHIRO.cashless)
        shown = page.locator(".read_back .value")
        expect(shown).to_be_visible()
        assert shown.locator("span").all_inner_texts() == ["SP10", "0200", "02"]
        field = page.get_by_label("番号の最後の4文字")
        field.focus()
        expect(shown).to_be_hidden()
        field.fill("0002")
        field.press("Enter")
        expect(page.locator(".read_back")).to_have_count(0)
        guarded.get_by_role("heading", name=PointSite.KINDS).wait_for()
    assert len(portals.arrived("POST", POINT, "/apply/service")) == 1
