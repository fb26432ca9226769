"""A parent at the counter for a child: whoever logs in is compared with the one who came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.people import SATO_HANAKO, TANAKA_ICHIRO
from flows.points import Points
from guard.core.commands import Kind
from guard.core.verdict import Reason
from tests.day import entries, eventually, log_in, read_aloud, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Playwright

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter

pytestmark = pytest.mark.browser

MOTHER, CHILD = SATO_HANAKO, TANAKA_ICHIRO


@pytest.fixture
def window(shared: BlockingCounter, portals: MockPortals, playwright: Playwright) -> Iterator[Page]:
    """The window of a visit in which the mother acts for the child."""
    assert portals.hosts
    browser = playwright.chromium.connect_over_cdp(shared.open_visit(MOTHER.citizen, CHILD.citizen))
    context = browser.contexts[0]
    yield context.pages[0] if context.pages else context.wait_for_event("page")
    browser.close()
    settle(shared)


def test_the_parent_who_logs_in_is_let_through_and_both_are_on_record(
    window: Page, shared: BlockingCounter, portals: MockPortals
) -> None:
    """The ribbon names both; the journal knows both by digest."""
    site = log_in(window, MOTHER)
    eventually(lambda: f"({CHILD.name} 様の代理)" in read_aloud(window))
    site.apply(MOTHER.cashless, Points.CARD)
    assert [entry.holder_name for entry in portals.books.point_applications()] == [MOTHER.name]
    (opened,) = entries(shared, Kind.VISIT_OPENED)[-1:]
    digest = shared.counter.supervisor._journal.digest
    assert (opened.citizen, dict(opened.facts)["acting_for"]) == (digest(MOTHER.citizen), digest(CHILD.citizen))


def test_a_login_of_the_child_is_not_the_one_who_came(window: Page, shared: BlockingCounter) -> None:
    """Reception wrote down who logs in; another card on the reader is a mistake, a relative's too."""
    log_in(window, CHILD).begin()
    window.get_by_label("決済サービス", exact=True).select_option(CHILD.cashless.service)
    window.get_by_label("決済サービスID").fill(CHILD.cashless.payment_id)
    window.get_by_role("button", name="次へ", exact=True).click(no_wait_after=True)
    eventually(lambda: shared.view.stops)
    assert shared.view.stops[-1].reason is Reason.SOMEONE_ELSE
