"""Where a test's pages went: at a site that no profile guards nothing is held, so a test there proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Frame as AsyncFrame
from playwright.async_api import Page as AsyncPage
from playwright.sync_api import Browser, BrowserContext, Frame, Page

from guard.browser.gate import GUARD_HOST

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from guard.config import Config

_DEFAULT_PORTS = {"http": 80, "https": 443}


class UnguardedError(AssertionError):
    """A test wanted to go to a site that no profile of the counter guards."""


class Visited:
    """Notes where the pages of one test go, and refuses every `goto` to a site that no profile guards.

    A link or a script may lead there: the guard then shows a page of its own, which a test may want to see.
    """

    def __init__(self, config: Config, is_guarded: Callable[[Browser | None], bool]) -> None:
        """`is_guarded` tells the browser of the open visit from one that the test has launched beside it."""
        self._config = config
        self._is_guarded = is_guarded
        self._base_urls: dict[BrowserContext, str] = {}
        self._at_a_portal = False
        self._elsewhere: dict[str, None] = {}
        self._refused: dict[str, None] = {}

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Note and refuse from now on, until the patch is undone."""
        for pages in (Page, Frame):
            monkeypatch.setattr(pages, "goto", self._refusing(pages.goto))
        for async_pages in (AsyncPage, AsyncFrame):
            monkeypatch.setattr(async_pages, "goto", self._noting(async_pages.goto))
        for method in ("new_context", "new_page"):
            monkeypatch.setattr(Browser, method, self._following(getattr(Browser, method)))

    def complaints(self, *, failed: bool) -> list[str]:
        """What to say of the test: a failure has every site that nobody guards beside it.

        A test that passed is told of what it was refused, and of all if it never was at a portal.
        """
        return list(map(self._sentence, self._elsewhere if failed or not self._at_a_portal else self._refused))

    def _sentence(self, origin: str) -> str:
        guarded = ", ".join(origin for portal in self._config.portals for origin in portal.origins)
        return (
            f"the test goes to {origin}, which no profile of the counter guards: nothing is held there. The profiles"
            f" guard {guarded}. Add the origin to `origins` of a profile, write one with `guard portal new`, or have"
            " the test visit the portal."
        )

    def _note(self, address: str) -> str | None:
        """The origin, if it is one of the web's that nobody guards."""
        origin = _origin(address)
        if origin is None:
            return None
        if self._config.portal_of(origin) is not None:
            self._at_a_portal = True
            return None
        self._elsewhere[origin] = None
        return origin

    def _refusing(self, goto: Callable[..., Any]) -> Callable[..., Any]:
        def refuse_or_go(page: Page | Frame, *positional: Any, **named: Any) -> Any:  # noqa: ANN401
            __tracebackhide__ = True  # the line of the test is what tells
            context = page.context if isinstance(page, Page) else page.page.context
            if self._is_guarded(context.browser):
                origin = self._note(urljoin(self._base_urls.get(context, ""), _wanted(positional, named)))
                if origin is not None:
                    self._refused[origin] = None
                    raise UnguardedError(self._sentence(origin))
            return goto(page, *positional, **named)

        return refuse_or_go

    def _noting(self, goto: Callable[..., Any]) -> Callable[..., Any]:
        def note_and_go(page: Any, *positional: Any, **named: Any) -> Any:  # noqa: ANN401
            self._note(_wanted(positional, named))
            return goto(page, *positional, **named)

        return note_and_go

    def _following(self, new: Callable[..., Any]) -> Callable[..., Any]:
        def make_and_follow(browser: Browser, **options: Any) -> Any:  # noqa: ANN401
            made = new(browser, **options)
            context = made if isinstance(made, BrowserContext) else made.context
            self._base_urls[context] = options.get("base_url") or ""
            if self._is_guarded(browser):
                context.on("page", self._opened)
                for page in context.pages:
                    self._opened(page)
            return made

        return make_and_follow

    def _opened(self, page: Page) -> None:
        """Follow links and scripts; a window's first request may be over before Playwright hears of the window."""
        page.on("framenavigated", self._arrived)
        self._arrived(page.main_frame)

    def _arrived(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._note(frame.url)


def _wanted(positional: tuple[Any, ...], named: dict[str, Any]) -> str:
    return str(positional[0] if positional else named.get("url"))


def _origin(address: str) -> str | None:
    """As the browser has it; None for what is not of the web, for the guard's own pages, and for what is no address."""
    try:
        url = urlsplit(address)
        host, port = (url.hostname or "").encode("idna").decode(), url.port
    except ValueError:
        return None  # Playwright says what is wrong with it
    if url.scheme not in _DEFAULT_PORTS or host == GUARD_HOST:
        return None
    return f"{url.scheme}://{host}" + (f":{port}" if port not in {None, _DEFAULT_PORTS[url.scheme]} else "")
