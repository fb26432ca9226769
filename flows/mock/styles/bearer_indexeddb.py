"""A single-page application on one host and its API on another; the token lies in IndexedDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware.cors import CORSMiddleware

from flows.mock.styles.site import StyleSite
from flows.mock.styles.spa import BearerSite, front
from flows.mock.styles.style import Style, StylePage

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute

_APP = "bearer-indexeddb.portal.test"
_API = f"api.{_APP}"


class BearerIndexedDbApi(BearerSite):
    """Answers scripts of the application's host, and takes no cookie from them, as token APIs do."""

    host = _API
    storage = "indexed_db"

    def app(self) -> Starlette:
        app = super().app()
        allowed = [f"https://{_APP}"]
        app.add_middleware(CORSMiddleware, allow_origins=allowed, allow_methods=["*"], allow_headers=["Authorization"])
        return app

    def routes(self) -> list[BaseRoute]:
        return self.api()


class BearerIndexedDbSite(StyleSite):
    """The page alone."""

    host = _APP

    def routes(self) -> list[BaseRoute]:
        return front(storage="indexed_db", api=f"https://{_API}")


class _AtTheApplication(StylePage):
    """People go to the application, not to its API."""

    def open(self) -> None:
        self.page.goto(f"https://{_APP}/")


BEARER_INDEXEDDB = Style(
    name="bearer-indexeddb", sites=(BearerIndexedDbApi, BearerIndexedDbSite), people=_AtTheApplication
)
