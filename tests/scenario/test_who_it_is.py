"""People who are asked who they are: at a counter without a list, and where the portal writes the name another way."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from flows.account import MyPage
from flows.people import SATO_HANAKO, TAKAHASHI_AOI, TANAKA_ICHIRO
from flows.points import Points
from guard.blocking import open_blocking_counter
from guard.config import ReceptionSettings
from guard.core.commands import Kind
from guard.core.staff import Member, Role
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase
from guard.demo.run import mock_config
from guard.record.staff import StaffRegister
from tests.day import changed, entries, eventually, log_in, read_aloud, settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

    from flows.mock import MockPortals
    from flows.points import PointSite
    from guard.blocking import BlockingCounter
    from guard.config import Config
    from guard.core.view import CounterView

pytestmark = pytest.mark.browser

FIRST, SECOND = TANAKA_ICHIRO, SATO_HANAKO
BOUND = ReceptionSettings(way="bound")
PATIENT = 20_000  # milliseconds; shared test machines stall


def bound_config(portals: MockPortals, folder: Path) -> Config:
    return mock_config(portals, folder).model_copy(update={"reception": BOUND})


def _first_portal_is(state: HolderState, view: CounterView) -> bool:
    return view.portals[0].state is state


@contextmanager
def window(counter: BlockingCounter, playwright: Playwright) -> Iterator[Page]:
    """The window of the visit that is open."""
    browser = playwright.chromium.connect_over_cdp(counter.endpoint)
    try:
        context = browser.contexts[0]
        yield context.pages[0] if context.pages else context.wait_for_event("page")
    finally:
        browser.close()
        settle(counter)


def open_by_one_key(counter: BlockingCounter, console: Page) -> None:
    """The field of the number drawn has the focus, and may stay empty."""
    console.goto(counter.call(counter.counter.serve_console))
    expect(console.get_by_label("番号札")).to_be_focused(timeout=PATIENT)
    console.keyboard.press("Enter")
    counter.until(lambda view: view.phase is Phase.SERVING)


def answer(console: Page, year: str, reading: str) -> None:
    console.get_by_label("ご本人の生まれた年").fill(year)
    console.get_by_label("ご本人のお名前の読み").fill(reading)
    console.get_by_label("確認した職員の氏名").fill("職員 一")
    console.get_by_role("button", name="この方の対応として続ける").click()


def press_on(site: PointSite) -> None:
    """Fill the first screen for the second citizen's service, and press on; the page stays if it is stopped."""
    site.begin()
    site.page.get_by_label("決済サービス", exact=True).select_option(SECOND.cashless.service)
    site.page.get_by_label("決済サービスID").fill(SECOND.cashless.payment_id)
    site.page.get_by_role("button", name="次へ", exact=True).click(no_wait_after=True)


def test_whoever_logs_in_first_is_asked_and_only_they_are_served(
    portals: MockPortals, plain_page: Page, playwright: Playwright, tmp_path: Path
) -> None:
    """Nothing is booked before the answers are right; a second login as somebody else is stopped as in any visit."""
    with open_blocking_counter(changed(bound_config(portals, tmp_path), max_age=0.0)) as counter:
        open_by_one_key(counter, plain_page)
        with window(counter, playwright) as page:
            site = log_in(page, FIRST)
            eventually(lambda: "ご本人の確認前" in read_aloud(page))
            press_on(site)
            eventually(lambda: [stop.reason for stop in counter.view.stops] == [Reason.NOT_BOUND_YET])
            answer(plain_page, "昭和37", FIRST.kana)
            expect(plain_page.get_by_role("alert").filter(has_text="一致しません")).to_be_visible(timeout=PATIENT)
            answer(plain_page, "昭和36年", "たなか いちろう")
            expect(plain_page.get_by_role("heading", name=f"{FIRST.name} 様")).to_be_visible(timeout=PATIENT)
            site.apply(FIRST.cashless, Points.CARD)
            assert [one.holder_name for one in portals.books.point_applications()] == [FIRST.name]
            site.log_in(SECOND)
            press_on(site)
            eventually(lambda: counter.view.stops[-1].reason is Reason.SOMEONE_ELSE)
        assert [one.holder_name for one in portals.books.point_applications()] == [FIRST.name]
        (bound,) = entries(counter, Kind.VISIT_BOUND)
        assert bound.citizen == counter.counter.supervisor._journal.digest(FIRST.citizen)
        assert dict(bound.facts)["items"] == "birth_year:portal reading:nobody"
        assert all(secret not in repr(entries(counter)) for secret in (FIRST.name, "1961", "たなか"))
        (failed,) = entries(counter, Kind.CONFIRMATION_FAILED)
        assert dict(failed.facts)["times"] == "1"


def test_a_variant_of_the_name_goes_out_after_two_answers_in_the_console(
    portals: MockPortals, plain_page: Page, playwright: Playwright, tmp_path: Path
) -> None:
    """Reception wrote 高, the portal has 髙; the second portal, which shows the same person, asks nothing."""
    written = replace(TAKAHASHI_AOI.citizen, name="高橋 葵")
    with open_blocking_counter(mock_config(portals, tmp_path)) as counter:
        plain_page.goto(counter.call(counter.counter.serve_console))
        counter.open_visit(written)
        with window(counter, playwright) as page:
            site = log_in(page, TAKAHASHI_AOI)
            press_on(site)
            eventually(lambda: [stop.reason for stop in counter.view.stops] == [Reason.VARIANT_UNCONFIRMED])
            plain_page.get_by_label("ご本人に伺った生年月日").fill("平成15年5月5日")
            plain_page.get_by_label("ご本人のお名前の読み").fill("ﾀｶﾊｼ ｱｵｲ")
            plain_page.get_by_label("確認した職員の氏名").fill("職員 一")
            plain_page.get_by_role("button", name="入力した内容で確認する").click()
            counter.until(lambda view: view.portals[0].state is HolderState.AGREE)
            site.apply(TAKAHASHI_AOI.cashless, Points.CARD)
            other = MyPage(page)
            other.open()
            other.log_in_with_one_click()
            other.register(TAKAHASHI_AOI)
        assert [one.holder_name for one in portals.books.point_applications()] == [TAKAHASHI_AOI.name]
        (confirmed,) = entries(counter, Kind.CONFIRMED)
        assert dict(confirmed.facts)["items"] == "birth_date:portal reading:reception"


def test_after_somebody_of_the_same_address_a_name_alone_is_no_plain_match(
    portals: MockPortals, plain_page: Page, playwright: Playwright, tmp_path: Path
) -> None:
    """A couple with two surnames; the third citizen lives elsewhere, and nobody is troubled."""
    by_name_alone = {"birth_date": None, "subject_id": None}
    homes = (
        (SECOND, "福島県郡山市朝日1-23-7", False, HolderState.AGREE),
        (FIRST, "朝日一丁目２３番７号", True, HolderState.VARIANT),
        (TAKAHASHI_AOI, "朝日1-23-8", False, HolderState.AGREE),
    )
    config = changed(mock_config(portals, tmp_path), holder=by_name_alone)
    with open_blocking_counter(config) as counter:
        plain_page.goto(counter.call(counter.counter.serve_console))
        for resident, address, household, state in homes:
            plain_page.get_by_label("氏名").first.fill(resident.name)
            plain_page.get_by_label("生年月日").first.fill(f"{resident.birth_date:%Y%m%d}")
            plain_page.get_by_text("番号札・通称・住所").click()
            plain_page.get_by_label("住所").fill(address)
            plain_page.keyboard.press("Enter")
            counter.until(lambda view: view.phase is Phase.SERVING)
            told = plain_page.get_by_text("姓・読み・住所のいずれかが同じ方")
            expect(told).to_have_count(int(household), timeout=PATIENT)
            with window(counter, playwright) as page:
                log_in(page, resident)
                counter.until(partial(_first_portal_is, state))
            counter.end()
            expect(plain_page.get_by_label("住所")).to_have_count(1, timeout=PATIENT)


def test_where_the_portal_says_nothing_of_the_citizen_a_leader_looks(
    portals: MockPortals, plain_page: Page, playwright: Playwright, tmp_path: Path
) -> None:
    """With number and PIN; staff alone cannot go on."""
    silent = {"birth_date": None, "subject_id": None}
    config = changed(changed(bound_config(portals, tmp_path), holder=silent), "idp", holder=silent)
    register = StaffRegister.open(config.staff_file)
    register.add(Member(number="S-12", name="小野 健", role=Role.STAFF), "8305")
    register.add(Member(number="L-07", name="伊藤 桜", role=Role.LEADER), "2749")
    with open_blocking_counter(config) as counter:
        assert counter.call(counter.counter.desk.take_over, "S-12", "8305") is None
        open_by_one_key(counter, plain_page)
        with window(counter, playwright) as page:
            site = log_in(page, FIRST)
            plain_page.get_by_label("リーダーの職員番号").fill("L-07")
            plain_page.get_by_label("リーダーの PIN").fill("2748")
            plain_page.keyboard.press("Enter")
            expect(plain_page.locator("#bind-pin-fault")).to_contain_text("合いません", timeout=PATIENT)
            plain_page.get_by_label("リーダーの PIN").fill("2749")
            plain_page.keyboard.press("Enter")
            expect(plain_page.get_by_role("heading", name=f"{FIRST.name} 様")).to_be_visible(timeout=PATIENT)
            site.apply(FIRST.cashless, Points.CARD)
        assert [one.holder_name for one in portals.books.point_applications()] == [FIRST.name]
        (bound,) = entries(counter, Kind.VISIT_BOUND)
        facts = dict(bound.facts)
        assert (facts["by"], facts["by_leader"], facts["pin"], facts["items"]) == ("L-07", "yes", "right", "")
