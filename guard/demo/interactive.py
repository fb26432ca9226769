"""`guard demo --interactive`: a guarded counter on the mock portals, to play with."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flows.mock import MockPortals
from guard.demo.run import mock_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.config import Config


@contextmanager
def interactive_config() -> Iterator[tuple[Config, str]]:
    """Mock portals while the block lasts: the configuration, and whom one can serve."""
    with MockPortals() as portals, tempfile.TemporaryDirectory(prefix="guard-play-") as folder:
        people = "\n".join(
            f"  {one.name}  {one.birth_date}  カード {one.card_id}  暗証番号 {one.pin}" for one in portals.citizens
        )
        hint = f"模擬ポータルで受付できる方 / people you can serve:\n{people}\nCtrl+C で終了 / ends it."
        yield mock_config(portals, Path(folder)), hint
