"""What staff see and can do when a submission was stopped, and when a page shows an alarm text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as PlaywrightError

from flows.mock import POINT, IdentityFault
from flows.people import KOBAYASHI_KEN, TANAKA_ICHIRO
from flows.points import Points, PointSite
from flows.site import NotAdvancedError
from guard.blocking import open_blocking_counter
from guard.core.commands import Kind
from guard.core.events import Ending
from guard.core.identity import Obscurity
from guard.core.verdict import Reason
from guard.core.view import HolderState, Phase
from guard.demo.run import mock_config
from tests.day import changed, click_overlay, entries, eventually, log_in, read_aloud, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from tests.conftest import Serve

pytestmark = pytest.mark.browser

STOPPED, BACK, DISCARD = "送信を止めました", "画面に戻る", "この作業を破棄"
IMPATIENT = 1.5  # seconds


@pytest.fixture(scope="module")
def shared(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """A counter that asks the point site before every submission, and waits a second and a half for the answer."""
    config = mock_config(served_portals, tmp_path_factory.mktemp("state"))
    with open_blocking_counter(changed(config, max_age=0.0, deadline=IMPATIENT)) as counter:
        yield counter


@pytest.fixture
def counter(shared: BlockingCounter, portals: MockPortals) -> Iterator[BlockingCounter]:
    assert portals.hosts
    yield shared
    portals.faults.mend()
    settle(shared)


def filled_form(page: Page) -> PointSite:
    """The first screen of Tanaka's application, with everything typed and nothing sent."""
    site = log_in(page, TANAKA_ICHIRO)
    site.begin()
    page.get_by_label("決済サービス", exact=True).select_option(TANAKA_ICHIRO.cashless.service)
    page.get_by_label("決済サービスID").fill(TANAKA_ICHIRO.cashless.payment_id)
    return site


def press_next(page: Page) -> None:
    page.get_by_role("button", name="次へ", exact=True).click(no_wait_after=True)


def typed(page: Page) -> str:
    return page.get_by_label("決済サービスID").input_value()


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        (IdentityFault.HANGS, {(Reason.TOO_LATE, None), (Reason.HOLDER_UNREADABLE, Obscurity.TIMEOUT)}),
        (IdentityFault.SERVER_ERROR, {(Reason.HOLDER_UNREADABLE, Obscurity.SERVER_ERROR)}),
        (IdentityFault.HTML, {(Reason.HOLDER_UNREADABLE, Obscurity.NOT_UNDERSTOOD)}),
        (None, {(Reason.HOLDER_UNREADABLE, Obscurity.UNREACHABLE)}),
    ],
    ids=["hangs", "answers 500", "answers nonsense", "is down"],
)
def test_a_form_that_was_stopped_is_sent_without_typing_again_once_the_portal_is_mended(
    fault: IdentityFault | None,
    reasons: set[tuple[Reason, Obscurity | None]],
    portals: MockPortals,
    counter: BlockingCounter,
    serve: Serve,
) -> None:
    """The portal cannot say who is logged in: stopped with the reason, nothing lost, and the same button again."""
    with serve(TANAKA_ICHIRO) as page:
        site = filled_form(page)
        if fault is None:
            portals.faults.take_down(POINT)
        else:
            portals.faults.of(POINT).identity = fault
        press_next(page)
        stopped = counter.until(lambda view: bool(view.stops))
        assert (stopped.stops[-1].reason, stopped.stops[-1].why) in reasons
        eventually(lambda: STOPPED in read_aloud(page))
        assert portals.arrived("POST", POINT, "/apply/service") == ()
        portals.faults.mend()
        click_overlay(page, BACK)
        assert STOPPED not in read_aloud(page)
        assert typed(page) == TANAKA_ICHIRO.cashless.payment_id
        press_next(page)
        page.get_by_role("heading", name=PointSite.KINDS).wait_for()
        site.choose_points(Points.CARD)
        site.submit()
    assert len(portals.arrived("POST", POINT, "/apply/service")) == 1
    (booked,) = portals.books.point_applications()
    assert not booked.misattributed


def test_discarding_on_the_overlay_ends_the_visit_and_its_sessions(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """It is always offered and needs no secret: whoever finds the wrong person logged in gets out by one click."""
    with serve(KOBAYASHI_KEN) as page:
        site = log_in(page, TANAKA_ICHIRO)
        counter.until(lambda view: view.portals[0].state is HolderState.SOMEONE_ELSE)
        site.begin()
        with pytest.raises(NotAdvancedError):
            site.choose_service(KOBAYASHI_KEN.cashless)
        shown = read_aloud(page)
        assert STOPPED in shown
        assert TANAKA_ICHIRO.name in shown
        assert KOBAYASHI_KEN.name in shown
        click_overlay(page, DISCARD)
        counter.until(lambda view: view.phase is Phase.CLOSING)
    cleared = counter.until(lambda view: view.phase is Phase.READY)
    assert cleared.clearance is not None
    assert cleared.clearance.clean, cleared.clearance.missing
    assert dict(entries(counter, Kind.VISIT_ENDING)[-1].facts)["ending"] == Ending.DISCARDED
    assert portals.arrived("POST", POINT, "/apply/service") == ()


def test_an_alarm_text_is_told_on_the_console_and_journalled_once(
    portals: MockPortals, counter: BlockingCounter, serve: Serve
) -> None:
    """「登録済み」 was 郡山市's first symptom. It is said once, however often the page is looked at."""
    with serve(KOBAYASHI_KEN) as page:
        site = log_in(page, KOBAYASHI_KEN)
        site.apply(KOBAYASHI_KEN.cashless, Points.CARD)
    before = len(entries(counter, Kind.ALARM))
    with serve(TANAKA_ICHIRO) as page:
        site = log_in(page, TANAKA_ICHIRO)
        for _ in range(2):
            site.begin()
            with pytest.raises((NotAdvancedError, PlaywrightError)):
                site.choose_service(KOBAYASHI_KEN.cashless)
            counter.until(lambda view: bool(view.alarms))
        alarmed = counter.view
        assert [(alarm.portal, alarm.text) for alarm in alarmed.alarms] == [("point", "登録済み")]
        found = entries(counter, Kind.ALARM)[before:]
        assert [dict(entry.facts) for entry in found] == [{"portal": "point", "text": "登録済み"}]
        assert found[0].visit_id == counter.view.visit_id
        assert counter.view.seal is None
    assert len(portals.books.point_applications()) == 1
