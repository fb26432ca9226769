from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from guard.browser.cdp import ProtocolError
from guard.browser.extensions import load_extensions
from guard.errors import BrowserError


class Browser:
    """Takes every extension but a broken one."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    async def send(self, method: str, params: dict[str, Any]) -> None:
        if params["path"] == "broken":
            raise ProtocolError(f"{method}: Manifest file is missing or unreadable")
        self.loaded.append(params["path"])


async def test_every_extension_is_loaded_in_the_order_of_the_configuration() -> None:
    browser = Browser()
    await load_extensions(cast("Any", browser), [Path("reader"), Path("signer")])
    assert browser.loaded == ["reader", "signer"]


async def test_a_broken_extension_is_named_with_what_the_browser_said() -> None:
    with pytest.raises(BrowserError, match=r"Manifest file is missing.*broken"):
        await load_extensions(cast("Any", Browser()), [Path("broken")])
