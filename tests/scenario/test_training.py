"""A counter in training: marked wherever people look, and in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.people import TANAKA_ICHIRO
from guard.blocking import open_blocking_counter
from guard.core.commands import Kind
from tests.day import entries, eventually, log_in, read_aloud

if TYPE_CHECKING:
    from guard.config import Config
    from tests.conftest import ServeAt

pytestmark = pytest.mark.browser

MARK = "研修中"


def test_start_page_ribbon_and_journal_say_that_nothing_is_real(guard_config: Config, serve_at: ServeAt) -> None:
    """In the next visit too: the mark outlasts the handover."""
    with open_blocking_counter(guard_config.model_copy(update={"training": True})) as counter:
        (started,) = entries(counter, Kind.COUNTER_STARTED)
        assert dict(started.facts)["training"] == "yes"
        for _ in range(2):
            with serve_at(counter, TANAKA_ICHIRO) as page:
                eventually(lambda: MARK in page.content())
                log_in(page, TANAKA_ICHIRO)
                eventually(lambda: MARK in read_aloud(page))
