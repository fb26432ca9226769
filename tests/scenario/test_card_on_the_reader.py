"""A counter whose visits need the card on the reader, on the mock portals, with a card service held by the test."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from flows.mock.card_reader import MockReader
from flows.people import TANAKA_ICHIRO
from flows.points import Points
from guard.blocking import open_blocking_counter
from guard.config import CardSettings
from guard.core.card import CardAnswer, CardState
from guard.core.commands import Kind
from guard.core.verdict import Reason
from guard.core.view import Phase
from guard.errors import ConfigError
from tests.day import counter_file, entries, eventually, log_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.mock import MockPortals
    from guard.blocking import BlockingCounter
    from guard.config import Config
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser


@contextmanager
def counter_with(service: MockReader, config: Config, settings: CardSettings) -> Iterator[BlockingCounter]:
    with open_blocking_counter(config.model_copy(update={"card": settings}), card_service=service) as counter:
        yield counter


def test_a_card_taken_away_stops_the_form_until_staff_vouch_for_it(
    guard_config: Config, portals: MockPortals, serve_at: ServeAt
) -> None:
    """The form stays filled, and goes out once the same citizen's card is back."""
    service = MockReader()
    service.lay()
    with (
        counter_with(service, guard_config, CardSettings(required=True)) as counter,
        serve_at(counter, TANAKA_ICHIRO) as page,
    ):
        counter.until(lambda view: view.card is CardState.THERE)
        site = log_in(page, TANAKA_ICHIRO)
        service.take()
        counter.until(lambda view: view.card is CardState.REMOVED)
        site.begin()
        page.get_by_label("決済サービス", exact=True).select_option(TANAKA_ICHIRO.cashless.service)
        page.get_by_label("決済サービスID").fill(TANAKA_ICHIRO.cashless.payment_id)
        page.get_by_role("button", name="次へ", exact=True).click(no_wait_after=True)
        eventually(lambda: counter.view.stops)
        assert counter.view.stops[-1].reason is Reason.CARD_REMOVED
        service.lay()
        counter.until(lambda view: view.card is CardState.BACK)
        assert counter.call(counter.counter.desk.card, CardAnswer.SAME_CITIZEN) is None
        site.apply(TANAKA_ICHIRO.cashless, Points.CARD)
        assert [entry.holder_name for entry in portals.books.point_applications()] == [TANAKA_ICHIRO.name]
        service.take()
        counter.until(lambda view: view.card is CardState.REMOVED)
        counter.end()
        assert dict(entries(counter, Kind.CLEARANCE)[-1].facts)["card_reader"] == "empty"


def test_a_citizen_who_goes_with_the_card_takes_the_login_along(guard_config: Config, serve_at: ServeAt) -> None:
    """Nobody pressed "end": the handover runs after the grace, and the next visit may open."""
    service = MockReader()
    service.lay()
    settings = CardSettings(required=True, on_removal="handover", grace=0.0)
    with counter_with(service, guard_config, settings) as counter, serve_at(counter, TANAKA_ICHIRO) as page:
        counter.until(lambda view: view.card is CardState.THERE)
        log_in(page, TANAKA_ICHIRO)
        service.take()
        counter.until(lambda view: view.phase is Phase.READY)
        (ending,) = entries(counter, Kind.VISIT_ENDING)
        assert dict(ending.facts) == {"ending": "card_gone"}
        assert counter.counter.clearance is not None
        assert counter.counter.clearance.clean


def test_a_counter_without_its_reader_does_not_open(guard_config: Config) -> None:
    """Before any browser is shown, with the mend."""
    service = MockReader()
    service.plug()
    with (
        pytest.raises(ConfigError, match="or set required = false"),
        counter_with(service, guard_config, CardSettings(required=True)),
    ):
        pass


def test_the_command_names_the_mend_and_exits_with_two(portals: MockPortals, tmp_path: Path) -> None:
    """Without pyscard, without a card service, or without that reader: whatever this machine lacks."""
    file = counter_file(portals, tmp_path)
    wrong = '[card]\nrequired = true\nreader = "no reader of this name"\n[browser]'
    file.write_text(file.read_text("utf-8").replace("[browser]", wrong), "utf-8")
    command = [sys.executable, "-m", "guard.cli", "counter", "--headless", "--config", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    said = " ".join(ended.stderr.split())
    assert "[card] required = true" in said
    assert "or set required = false under [card]." in said
