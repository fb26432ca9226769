"""Requests that Playwright would send past the browser, and so past the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import APIRequestContext as AsyncRequests
from playwright.async_api import Route as AsyncRoute
from playwright.sync_api import APIRequestContext, Route

from guard.browser.gate import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from guard.config import Config

METHODS = ("fetch", "get", "head", "post", "put", "patch", "delete")
MEND = "Use the page: page.goto(...), or page.evaluate with fetch."


class PastTheGuardError(AssertionError):
    """A test wanted to reach a portal outside the guarded browser."""


class Outside:
    """Refuses `page.request`, `context.request`, `playwright.request` and `route.fetch` to the origins of portals.

    They leave through Playwright's driver, where no gate holds them (Playwright 1.65).
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.refused: list[PastTheGuardError] = []
        """Every refusal: one that is raised within a handler of the test's reaches nobody else."""

    def close(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Refuse from now on, until the patch is undone."""
        for requests in (APIRequestContext, AsyncRequests):
            for method in METHODS:
                monkeypatch.setattr(requests, method, self._refusing(method, getattr(requests, method)))
        monkeypatch.setattr(Route, "fetch", self._refusing_route(Route.fetch))
        monkeypatch.setattr(AsyncRoute, "fetch", self._refusing_async_route(AsyncRoute.fetch))

    def _refusing(self, method: str, send: Callable[..., Any]) -> Callable[..., Any]:
        def refuse_or_send(requests: Any, *positional: Any, **named: Any) -> Any:  # noqa: ANN401
            given = positional[0] if positional else named.get("url", named.get("url_or_request"))
            self._refuse(f"request.{method}", str(getattr(given, "url", given)))
            return send(requests, *positional, **named)

        return refuse_or_send

    def _refusing_route(self, fetch: Callable[..., Any]) -> Callable[..., Any]:
        def refuse_or_fetch(route: Route, **named: Any) -> Any:  # noqa: ANN401
            try:
                self._refuse("route.fetch", named.get("url") or route.request.url)
            except PastTheGuardError:
                route.abort()  # or the page would wait for ever
                raise
            return fetch(route, **named)

        return refuse_or_fetch

    def _refusing_async_route(self, fetch: Callable[..., Any]) -> Callable[..., Any]:
        async def refuse_or_fetch(route: AsyncRoute, **named: Any) -> Any:  # noqa: ANN401
            try:
                self._refuse("route.fetch", named.get("url") or route.request.url)
            except PastTheGuardError:
                await route.abort()
                raise
            return await fetch(route, **named)

        return refuse_or_fetch

    def _refuse(self, call: str, url: str) -> None:
        # A relative address is one at the base URL, which a test of flows sets to a portal's.
        if "://" in url and self._config.portal_of(origin_of(url)) is None:
            return
        where = origin_of(url) if "://" in url else repr(url)
        refusal = PastTheGuardError(f"{call}({where}) would leave outside the browser, where no gate holds it. {MEND}")
        self.refused.append(refusal)
        raise refusal
