"""The identity provider: login by card and PIN, single sign-on while its own session lives."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flows.mock.hosts import CLIENTS, IDP
from flows.mock.site import Call, MockSite, see

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

_CALLBACKS = {client: f"https://{host}/callback" for host, client in CLIENTS.items()}
_PIN_TRIES = 3


class IdentityProvider(MockSite):
    """The card login that both portals trust."""

    host = IDP
    cookie = "idp_sid"
    title = "カード認証サービス"
    brand = "idp"
    # A form's redirects count as its action: without the two portals the way back would be cut.
    csp = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' " + " ".join(f"https://{host}" for host in CLIENTS)
    )

    def pages(self) -> list[Route]:
        return [
            self.page("GET", "/", lambda call: self.show(call, "idp_home.html")),
            self.page("GET", "/authorize", self._authorize),
            self.page("POST", "/authenticate", self._authenticate),
            self.page("POST", "/continue", self._continue),
        ]

    def _authorize(self, call: Call) -> Response:
        client = call.query("client_id")
        if _CALLBACKS.get(client) != call.query("redirect_uri"):
            return self.show(call, "refused.html", status=400, notice="接続元のサイトを確認できません。")
        if not call.session.id:
            call.session = self.sessions.start()
        call.session.draft = {"client": client, "state": call.query("state")}
        self.sessions.save(call.session)
        another_card = call.query("prompt") == "login"
        if call.session.subject and not another_card:
            return self.show(call, "idp_continue.html", another=f"/authorize?{call.request.url.query}&prompt=login")
        return self._ask_for_card(call)

    def _ask_for_card(self, call: Call, notice: str = "") -> Response:
        cards = self.store.all("SELECT card_id, name FROM resident ORDER BY card_id")
        return self.show(call, "idp_card.html", cards=cards, notice=notice)

    def _authenticate(self, call: Call) -> Response:
        card_id = call.form.get("typed_card_id", "").strip() or call.form.get("card_id", "")
        resident = self.store.one("SELECT * FROM resident WHERE card_id = ?", card_id)
        if resident is None:
            return self._ask_for_card(call, "カードを読み取れませんでした。")
        if resident["pin_errors"] >= _PIN_TRIES:
            return self._ask_for_card(call, "暗証番号がロックされています。市区町村の窓口で初期化してください。")
        if not secrets.compare_digest(resident["pin"], call.form.get("pin", "")):
            self.store.run("UPDATE resident SET pin_errors = pin_errors + 1 WHERE card_id = ?", card_id)
            left = _PIN_TRIES - resident["pin_errors"] - 1
            return self._ask_for_card(call, f"暗証番号が違います。残り{left}回です。")
        self.store.run("UPDATE resident SET pin_errors = 0 WHERE card_id = ?", card_id)
        draft = call.session.draft
        self.sessions.end(call.session)
        call.session = self.sessions.start(resident["subject"])
        call.session.draft = draft
        return self._continue(call)

    def _continue(self, call: Call) -> Response:
        client = call.session.draft.get("client", "")
        if call.session.subject is None or client not in _CALLBACKS:
            return self.show(call, "refused.html", status=400, notice="最初からやり直してください。")
        code = secrets.token_urlsafe(16)
        self.store.run("INSERT INTO sign_on_code VALUES (?, ?, ?)", code, client, call.session.subject)
        answer = urlencode({"code": code, "state": call.session.draft["state"]})
        call.session.draft = {}
        self.sessions.save(call.session)
        return see(f"{_CALLBACKS[client]}?{answer}")
