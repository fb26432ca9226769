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


class PastTheGuardError(AssertionError):
    """A test wanted to reach a portal outside the guarded browser."""


def refuse_requests_past_the_browser(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `page.request`, `context.request`, `playwright.request` and `route.fetch` refuse the portals' origins.

    They leave through Playwright's driver, where no gate holds them (Playwright 1.65).
    """
    for requests in (APIRequestContext, AsyncRequests):
        for method in METHODS:
            monkeypatch.setattr(requests, method, _refusing_urls(config, method, getattr(requests, method)))
    for route in (Route, AsyncRoute):
        monkeypatch.setattr(route, "fetch", _refusing_routes(config, route.fetch))


def _refusing_urls(config: Config, method: str, send: Callable[..., Any]) -> Callable[..., Any]:
    def refuse_or_send(self: Any, url_or_request: Any = None, **arguments: Any) -> Any:  # noqa: ANN401
        given = url_or_request if url_or_request is not None else arguments.get("url", arguments.get("url_or_request"))
        _refuse(config, f"request.{method}", str(getattr(given, "url", given)))
        positional = () if url_or_request is None else (url_or_request,)
        return send(self, *positional, **arguments)

    return refuse_or_send


def _refusing_routes(config: Config, fetch: Callable[..., Any]) -> Callable[..., Any]:
    def refuse_or_fetch(self: Any, **arguments: Any) -> Any:  # noqa: ANN401
        _refuse(config, "route.fetch", arguments.get("url") or self.request.url)
        return fetch(self, **arguments)

    return refuse_or_fetch


def _refuse(config: Config, call: str, url: str) -> None:
    # A relative address is one at the base URL, which a test of flows sets to a portal's.
    if "://" not in url or config.portal_of(origin_of(url)) is not None:
        where = origin_of(url) if "://" in url else repr(url)
        mend = "Use the page: page.goto(...), or page.evaluate with fetch."
        msg = f"{call}({where}) would leave outside the browser, where no gate holds it. {mend}"
        raise PastTheGuardError(msg)
