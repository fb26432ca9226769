"""The relying party's half of single sign-on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flows.mock.hosts import CLIENTS, IDP
from flows.mock.site import Call, MockSite, see

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route


class RelyingSite(MockSite):
    """A portal that lets the identity provider log people in."""

    def sign_on_pages(self) -> list[Route]:
        """The way to the identity provider and back."""
        return [self.page("GET", "/login", self._to_provider), self.page("GET", "/callback", self._back)]

    def to_login(self, call: Call) -> Response:
        """Ask a guest to log in, and come back to the page they wanted."""
        return see("/login?" + urlencode({"next": call.request.url.path}))

    def _to_provider(self, call: Call) -> Response:
        if not call.session.id:
            call.session = self.sessions.start()
        state = secrets.token_urlsafe(12)
        call.session.draft = {"state": state, "next": _own_path(call.query("next"))}
        self.sessions.save(call.session)
        question = {"client_id": CLIENTS[self.host], "redirect_uri": f"https://{self.host}/callback", "state": state}
        return see(f"https://{IDP}/authorize?" + urlencode(question))

    def _back(self, call: Call) -> Response:
        draft = call.session.draft
        code = call.query("code")
        row = self.store.one("SELECT * FROM sign_on_code WHERE code = ? AND client = ?", code, CLIENTS[self.host])
        if row is None or not draft.get("state") or draft["state"] != call.query("state"):
            return self.show(call, "refused.html", status=400, notice="ログインできませんでした。")
        self.store.run("DELETE FROM sign_on_code WHERE code = ?", code)
        if self._faults.of(self.host).keeps_id:
            self.sessions.enter(call.session, row["subject"])
        else:
            # A new id at login: whoever knew the id of before must not share the session of after (ASVS 7.2.4).
            self.sessions.end(call.session)
            call.session = self.sessions.start(row["subject"])
        return see(draft["next"])


def _own_path(wanted: str) -> str:
    return wanted if wanted.startswith("/") and not wanted.startswith("//") else "/"
