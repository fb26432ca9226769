from __future__ import annotations

from typing import Any, cast

import pytest

from guard.browser.clipboard import empty, has_desktop, held

HEADED = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"


class Browser:
    """Says what it is."""

    def __init__(self, agent: str) -> None:
        self._agent = agent

    async def send(self, _method: str) -> dict[str, Any]:
        return {"userAgent": self._agent}


@pytest.mark.parametrize(
    ("agent", "display", "shared"),
    [(HEADED, ":0", True), (HEADED, None, False), (HEADED.replace("Chrome", "HeadlessChrome"), ":0", False)],
)
async def test_only_a_browser_with_windows_shares_its_clipboard(
    agent: str, display: str | None, *, shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a developer copied stays, when the tests run without windows."""
    monkeypatch.delenv("DISPLAY", raising=False)
    if display is not None:
        monkeypatch.setenv("DISPLAY", display)
    assert await has_desktop(cast("Any", Browser(agent))) is shared


@pytest.mark.parametrize("ask", [empty, held])
def test_a_desktop_that_cannot_be_asked_is_not_clean(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":65000")
    with pytest.raises(OSError, match="the desktop cannot be asked"):
        ask()
