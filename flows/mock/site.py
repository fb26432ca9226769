"""What the three mock sites have in common: sessions, pages, the answer about the holder, the logout."""

from __future__ import annotations

import asyncio
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from flows.mock.faults import IdentityFault, LogoutFault
from flows.mock.sessions import Session, Sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import date

    from starlette.requests import Request

    from flows.mock.faults import Faults
    from flows.mock.store import Store

HERE = Path(__file__).parent
_PAGES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass(kw_only=True, slots=True)
class Call:
    """One request with its session; a handler may put another session in its place."""

    request: Request
    session: Session
    form: dict[str, str]

    def query(self, key: str) -> str:
        return self.request.query_params.get(key, "")


class MockSite(ABC):
    """One host. Subclasses give the names below and add their pages in `pages`."""

    host: str
    cookie: str
    title: str
    brand: str
    """CSS class of the body."""
    csp: str

    def __init__(self, store: Store, faults: Faults, today: Callable[[], date]) -> None:
        self.store = store
        self.today = today
        self.sessions = Sessions(store, self.host)
        self._faults = faults

    def app(self) -> Starlette:
        """The site as an ASGI application."""
        return Starlette(
            routes=[
                Route("/portal.css", lambda _: FileResponse(HERE / "static" / "portal.css")),
                Route("/offline.js", lambda _: FileResponse(HERE / "static" / "offline.js")),
                Route("/worker.js", lambda _: FileResponse(HERE / "static" / "worker.js")),
                Route("/whoami", self._whoami),
                self.page("GET", "/logout", self._ask_logout),
                self.page("POST", "/logout", self._log_out),
                self.page("GET", "/logout/done", lambda call: self.show(call, "logout_done.html")),
                *self.pages(),
            ]
        )

    @property
    def works_offline(self) -> bool:
        """Whether its pages register the service worker that keeps the home page."""
        return self._faults.of(self.host).stale_worker

    @abstractmethod
    def pages(self) -> list[Route]:
        """The routes of this site alone."""

    def page(self, method: str, path: str, handler: Callable[[Call], Response]) -> Route:
        """A route whose handler gets the session; a POST needs the session's anti-forgery token."""

        async def endpoint(request: Request) -> Response:
            call = await self._call(request)
            if method == "POST" and not _token_agrees(call):
                response = self.show(call, "refused.html", status=403, notice="画面の有効期限が切れました。")
            else:
                response = handler(call)
            self._keep_session(call, response)
            while method == "POST" and self._faults.of(self.host).withholds_answers:  # noqa: ASYNC110 - another thread's switch
                await asyncio.sleep(0.05)
            return response

        return Route(path, endpoint, methods=[method], name=f"{method} {path}")

    def show(self, call: Call, template: str, status: int = 200, **context: object) -> Response:
        """A page with the site's header."""
        html = _PAGES.get_template(template).render(
            site=self, holder=self.holder(call.session), csrf=call.session.csrf, **context
        )
        headers = _NO_STORE | {"Content-Security-Policy": self.csp, "Referrer-Policy": "same-origin"}
        return HTMLResponse(html, status_code=status, headers=headers)

    def holder(self, session: Session) -> sqlite3.Row | None:
        """The resident who is logged in."""
        if session.subject is None:
            return None
        return self.store.one("SELECT * FROM resident WHERE subject = ?", session.subject)

    async def _call(self, request: Request) -> Call:
        body = (await request.body()).decode(errors="replace")
        session = self.sessions.load(request.cookies.get(self.cookie, ""))
        return Call(request=request, session=session, form=dict(parse_qsl(body, keep_blank_values=True)))

    def _keep_session(self, call: Call, response: Response) -> None:
        if call.session.id and self._faults.of(self.host).rotates:
            self.sessions.rotate(call.session)
        known = call.request.cookies.get(self.cookie, "")
        if call.session.id and call.session.id != known:
            response.set_cookie(self.cookie, call.session.id, secure=True, httponly=True, samesite="lax")
        elif known and not call.session.id:
            response.delete_cookie(self.cookie, secure=True, httponly=True, samesite="lax")

    async def _whoami(self, request: Request) -> Response:
        while self._faults.of(self.host).identity is IdentityFault.HANGS:  # noqa: ASYNC110 - the switch is set by another thread
            await asyncio.sleep(0.05)
        faults = self._faults.of(self.host)
        await asyncio.sleep(faults.identity_delay)
        call = await self._call(request)
        if faults.identity is IdentityFault.HTML:
            response: Response = HTMLResponse("<!doctype html><title>メンテナンス</title><p>ただいま混み合っています。")
        elif faults.identity is IdentityFault.SERVER_ERROR:
            response = Response("Internal Server Error", status_code=500, media_type="text/plain")
        else:
            response = JSONResponse(_identity(self.holder(call.session)), headers=_NO_STORE)
        self._keep_session(call, response)
        return response

    def _ask_logout(self, call: Call) -> Response:
        return self.show(call, "logout.html")

    def _log_out(self, call: Call) -> Response:
        fault = self._faults.of(self.host).logout
        if fault is LogoutFault.SERVER_ERROR:
            return Response("Internal Server Error", status_code=500, media_type="text/plain")
        if fault is LogoutFault.WITHOUT_EFFECT:
            return see("/logout/done")
        if fault is not LogoutFault.COOKIE_ONLY:
            self.sessions.end(call.session)
        call.session = Session()
        return see("/logout/done")


def see(url: str) -> Response:
    """Go on to another page, after a POST or a login step."""
    return RedirectResponse(url, status_code=303, headers=_NO_STORE)


def _token_agrees(call: Call) -> bool:
    return bool(call.session.csrf) and secrets.compare_digest(call.form.get("csrf", ""), call.session.csrf)


def _identity(holder: sqlite3.Row | None) -> dict[str, object]:
    if holder is None:
        return {"authenticated": False}
    return {
        "authenticated": True,
        "name": holder["name"],
        "birthDate": holder["birth_date"],
        "subject": holder["subject"],
    }
