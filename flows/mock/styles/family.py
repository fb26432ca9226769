"""A portal on two hosts: its session is two cookies of their parent domain, one of them with a path.

The logout takes its token from a `<meta>` and leaves both cookies behind, emptied.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.mock.sessions import Session, Sessions
from flows.mock.styles.site import NO_STORE, StyleSite, done, page, see, text
from flows.mock.styles.style import Style

if TYPE_CHECKING:
    import sqlite3

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.store import Store

DOMAIN = "family.portal.test"
HOME = f"https://www.{DOMAIN}"
APPLY = f"https://apply.{DOMAIN}"
MEMBER = "member"
APP = "app"


class _FamilySite(StyleSite):
    cookie = MEMBER

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.sessions = Sessions(store, DOMAIN)

    @property
    def logged_in(self) -> set[str]:
        rows = self.store.all("SELECT subject FROM session WHERE host = ?", DOMAIN)
        return {row["subject"] for row in rows}

    def session(self, request: Request) -> Session:
        """Alive only where both cookies tell of the same login."""
        session = self.sessions.load(request.cookies.get(MEMBER, ""))
        return session if session.csrf and session.csrf == request.cookies.get(APP) else Session()

    def person(self, request: Request) -> sqlite3.Row | None:
        return self.resident(self.session(request).subject)


class FamilyApplySite(_FamilySite):
    """Books, under /app alone: elsewhere the browser keeps one of the two cookies to itself."""

    host = f"apply.{DOMAIN}"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._front),
            Route("/app/", self._form),
            Route("/app/apply", self._apply, methods=["POST"]),
        ]

    async def _front(self, request: Request) -> Response:
        return see("/app/") if request.cookies.get(MEMBER) else page(self.login_form(action=f"{HOME}/login"))

    async def _form(self, request: Request) -> Response:
        person = self.person(request)
        if person is None:
            return page(self.login_form(action=f"{HOME}/login"))
        account = f'<a id="account" href="{HOME}/app/account">マイページ</a>'
        return page(f"<p>{text(person['name'])} 様</p>{self.apply_form(action='/app/apply')}{account}")

    async def _apply(self, request: Request) -> Response:
        person = self.person(request)
        if person is None:
            return see("/")
        self.book(person["subject"])
        return done()


class FamilyHomeSite(_FamilySite):
    """Logs in and out, and says who is logged in."""

    host = f"www.{DOMAIN}"

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/login", self._log_in, methods=["POST"]),
            Route("/app/me", self._me),
            Route("/app/account", self._account),
            Route("/app/logout", self._log_out, methods=["POST"]),
        ]

    async def _log_in(self, request: Request) -> Response:
        session = self.sessions.start(str((await request.form())["person"]))
        answer = see(f"{APPLY}/app/")
        answer.set_cookie(MEMBER, session.id, domain=DOMAIN, secure=True, httponly=True, samesite="lax")
        answer.set_cookie(APP, session.csrf, domain=DOMAIN, path="/app", secure=True, httponly=True, samesite="lax")
        return answer

    async def _me(self, request: Request) -> Response:
        person = self.person(request)
        named = person and {"name": {"full": person["name"], "kana": person["kana"]}, "born": person["birth_date"]}
        return JSONResponse({"member": named}, headers=NO_STORE)

    async def _account(self, request: Request) -> Response:
        session = self.session(request)
        if session.subject is None:
            return see(f"{APPLY}/")
        return page(f'<meta name="csrf-token" content="{self._form_token(session)}">')

    async def _log_out(self, request: Request) -> Response:
        session = self.session(request)
        if session.subject is None or request.headers.get("x-csrf-token") != self._form_token(session):
            return page("もう一度やり直してください", status=403)
        self.sessions.end(session)
        answer = Response(status_code=204, headers=NO_STORE)
        answer.headers.append("set-cookie", f"{MEMBER}=; Domain={DOMAIN}; Path=/; Secure")
        answer.headers.append("set-cookie", f"{APP}=; Domain={DOMAIN}; Path=/app; Secure")
        return answer

    def _form_token(self, session: Session) -> str:
        return hashlib.sha256(session.id.encode()).hexdigest()


FAMILY = Style(name="family", sites=(FamilyApplySite, FamilyHomeSite))
