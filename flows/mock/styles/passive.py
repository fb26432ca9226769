"""Logs in again in the background while its page stands, and sends a heartbeat; the logout goes over three pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.mock.styles.site import NO_STORE, CookieSite, page, see, text
from flows.mock.styles.style import Style

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from flows.mock.store import Store

SCRIPT = """<script>
globalThis.beat = () => fetch("/beat", {method: "POST"}).then(answer => answer.status);
globalThis.renew = path => fetch(path, {method: "POST"}).then(answer => answer.status);
</script>"""


class PassiveSite(CookieSite):
    """Its session keeps its id whoever it belongs to."""

    host = "passive.portal.test"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.beats = 0
        self.next_person: str | None = None
        """Whom the portal takes for the person at this browser at the next renewal."""
        self.renewal_takes = 0.0
        """Seconds."""

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/me", self._me),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/beat", self._beat, methods=["POST"]),
            Route("/renew", self._renew, methods=["POST"]),
            Route("/sync", self._renew, methods=["POST"]),  # the same, and no profile knows it
            Route("/apply", self._apply, methods=["POST"]),
            Route("/menu", self._menu),
            Route("/menu/confirm", self._confirm, methods=["POST"]),
            Route("/menu/done", self._log_out, methods=["POST"]),
        ]

    async def _home(self, request: Request) -> Response:
        person = self.resident(self._session(request).subject)
        if person is None:
            return page(self.login_form())
        return page(f'<p id="who">{text(person["name"])} 様</p>{self.apply_form()}{SCRIPT}<a href="/menu">メニュー</a>')

    async def _me(self, request: Request) -> Response:
        person = self.resident(self._session(request).subject)
        said = {"guest": person is None} | ({"name": person["name"], "born": person["birth_date"]} if person else {})
        return JSONResponse(said, headers=NO_STORE)

    async def _beat(self, _: Request) -> Response:
        self.beats += 1
        return Response(status_code=204, headers=NO_STORE)

    async def _renew(self, request: Request) -> Response:
        session = self._session(request)
        await asyncio.sleep(self.renewal_takes)
        if session.id and self.next_person is not None:
            self.store.run(
                "UPDATE session SET subject = ? WHERE host = ? AND id = ?", self.next_person, self.host, session.id
            )
        return Response(status_code=204, headers=NO_STORE)

    async def _menu(self, request: Request) -> Response:
        token = self._session(request).csrf
        return page(
            f'<form method="post" action="/menu/confirm"><input type="hidden" name="token" value="{token}">'
            '<button name="choice" value="logout">ログアウト</button></form>'
        )

    async def _confirm(self, request: Request) -> Response:
        session, form = self._session(request), await request.form()
        if not session.id or (form.get("token"), form.get("choice")) != (session.csrf, "logout"):
            return page("もう一度やり直してください", status=403)
        session.draft["leaving"] = True
        self.sessions.save(session)
        return page('<form method="post" action="/menu/done"><button name="answer" value="yes">はい</button></form>')

    async def _log_out(self, request: Request) -> Response:
        session, form = self._session(request), await request.form()
        if not session.draft.get("leaving") or form.get("answer") != "yes":
            return see("/menu")
        self.sessions.end(session)
        answer = page("ログアウトしました")
        answer.delete_cookie(self.cookie, secure=True, httponly=True, samesite="lax")
        return answer


PASSIVE = Style(name="passive", sites=(PassiveSite,))
