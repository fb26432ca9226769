"""What sites without sessions have in common: every request says again, by itself, who sends it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, StyleSite, done, page, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute


class KeptSite(StyleSite):
    """An open front page, and a part for residents, whose login the browser's own process keeps."""

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._front),
            Route("/my/", self._my_page),
            Route("/my/who", self._who),
            Route("/my/apply", self._apply, methods=["POST"]),
        ]

    @abstractmethod
    def subject_of(self, request: Request) -> str | None:
        """Who sends a request, if it proves that."""

    @abstractmethod
    def refusal(self) -> Mapping[str, str]:
        """Headers of the 401 that asks who it is."""

    async def _front(self, _request: Request) -> Response:
        return page('<p id="person">ログインしていません</p><a id="log-in" href="/my/">ログイン</a>')

    async def _my_page(self, request: Request) -> Response:
        person = self.resident(self.subject_of(request))
        if person is None:
            return self._refused()
        return page(f'<p id="greeting">{text(person["name"])} 様</p>{self.apply_form(action="/my/apply")}')

    async def _who(self, request: Request) -> Response:
        person = self.resident(self.subject_of(request))
        if person is None:
            return self._refused()
        return JSONResponse({"name": person["name"], "birth_date": person["birth_date"]}, headers=NO_STORE)

    async def _apply(self, request: Request) -> Response:
        subject = self.subject_of(request)
        if subject is None:
            return self._refused()
        self.book(subject)
        return done()

    def _refused(self) -> Response:
        return page('<p id="refused">ログインが必要です</p>', status=401, headers={**NO_STORE, **self.refusal()})
