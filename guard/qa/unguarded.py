"""A browser that a project brings in place of the guarded one: its tests would pass, and prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright import async_api, sync_api

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_PLAYWRIGHT = tuple(
    getattr(api, kind) for api in (sync_api, async_api) for kind in ("Browser", "BrowserContext", "Page")
)


def refuse_unguarded(item: pytest.Item) -> None:
    """Fail a test that was given a browser, a context or a page without a visit at the guarded counter."""
    given = next(_browsers(item), None)
    if given is not None:
        pytest.fail(
            f"{item.nodeid} is given {given}, which does not come from the guarded browser: a fixture of the project"
            " takes the place of pytest-playwright's. Have it build on the `browser` that it replaces"
            " (def browser(browser): ...), or run these tests without --guard.",
            pytrace=False,
        )


def _browsers(item: pytest.Item) -> Iterator[str]:
    if "browser" in getattr(item, "fixturenames", ()):
        yield "a browser"
    for name, value in getattr(item, "funcargs", {}).items():
        if isinstance(value, _OF_PLAYWRIGHT):
            yield f"{name!r}"
