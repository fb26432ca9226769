"""A counter that several scenarios of one file share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guard.blocking import BlockingCounter, open_blocking_counter
from guard.demo.run import mock_config
from tests.day import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.mock import MockPortals


@pytest.fixture(scope="module")
def shared(served_portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingCounter]:
    """A counter that asks the portal before every submission; each test leaves it ready for the next."""
    config = mock_config(served_portals, tmp_path_factory.mktemp("state"))
    with open_blocking_counter(changed(config, max_age=0.0)) as counter:
        yield counter
