"""Where a test's pages went: a test that never visits a guarded portal proves nothing, however green it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from playwright.async_api import Frame as AsyncFrame
from playwright.async_api import Page as AsyncPage
from playwright.sync_api import Frame, Page

from guard.browser.gate import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from guard.config import Config


class Visited:
    """Notes the origin of every `goto` of one test."""

    def __init__(self, config: Config, base_url: str | None) -> None:
        self._config = config
        self._base_url = base_url or ""
        self._origins: dict[str, None] = {}

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Note from now on, until the patch is undone."""
        for pages in (Page, Frame, AsyncPage, AsyncFrame):
            monkeypatch.setattr(pages, "goto", self._noting(pages.goto))

    @property
    def complaint(self) -> str | None:
        """What to say of a test that visited sites, and none that the counter guards; None of any other test."""
        if not self._origins or any(self._config.portal_of(origin) for origin in self._origins):
            return None
        guarded = ", ".join(origin for portal in self._config.portals for origin in portal.origins)
        return (
            f"the test visited {', '.join(self._origins)}, which no profile of the counter guards: nothing was held"
            f" there. The profiles guard {guarded}. Add the origin to `origins` of a profile, or visit the portal."
        )

    def _noting(self, goto: Callable[..., Any]) -> Callable[..., Any]:
        def note_and_go(page: Any, *positional: Any, **named: Any) -> Any:  # noqa: ANN401
            address = urljoin(self._base_url, str(positional[0] if positional else named.get("url")))
            if address.startswith(("http://", "https://")):
                self._origins[origin_of(address)] = None
            return goto(page, *positional, **named)

        return note_and_go
