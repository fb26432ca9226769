"""Keeps its whole session, signed, in the browser's cookie: a logout takes the cookie away, and a copy lives on."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from starlette.routing import Route

from flows.mock.styles.site import StyleSite, done, page, see, text
from flows.mock.styles.style import Style
from guard.core.clearance import Finding

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from flows.mock.store import Store


class SignedSite(StyleSite):
    """Remembers nobody: what the cookie says is true if the signature is."""

    host = "signed.portal.test"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._secret = secrets.token_bytes(32)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/apply", self._apply, methods=["POST"]),
            Route("/logout", self._log_out),
        ]

    def _sign(self, subject: str) -> str:
        said = urlsafe_b64encode(json.dumps({"subject": subject, "since": time.time()}).encode()).decode()
        return f"{said}.{self._signature(said)}"

    def _signature(self, said: str) -> str:
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()

    def _subject(self, request: Request) -> str | None:
        said, _, signature = request.cookies.get(self.cookie, "").partition(".")
        if not hmac.compare_digest(signature, self._signature(said)):
            return None
        return str(json.loads(urlsafe_b64decode(said))["subject"])

    async def _home(self, request: Request) -> Response:
        person = self.resident(self._subject(request))
        if person is None:
            return page(f'<header><a href="/">未ログイン</a></header>{self.login_form()}')
        return page(
            f'<header><span class="who" title="{text(person["kana"])}">{text(person["name"])}</span>'
            f'<time datetime="{person["birth_date"]}"></time><a href="/logout">ログアウト</a></header>'
            f"{self.apply_form()}"
        )

    async def _log_in(self, request: Request) -> Response:
        answer = see("/")
        signed = self._sign(str((await request.form())["person"]))
        answer.set_cookie(self.cookie, signed, secure=True, httponly=True, samesite="lax")
        return answer

    async def _apply(self, request: Request) -> Response:
        subject = self._subject(request)
        if subject is None:
            return see("/")
        self.book(subject)
        return done()

    async def _log_out(self, _: Request) -> Response:
        answer = see("/")
        answer.delete_cookie(self.cookie, secure=True, httponly=True, samesite="lax")
        return answer


SIGNED = Style(name="signed", sites=(SignedSite,), session_dead=Finding.DECLARED)
