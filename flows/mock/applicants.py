"""The point site's question for whom points are applied: the holder, or a child of theirs (法定代理人)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.mock.site import Call, see

if TYPE_CHECKING:
    import sqlite3

    from starlette.responses import Response
    from starlette.routing import Route

    from flows.mock.relying import RelyingSite


class Applicants:
    """Kept in the session's draft until the application is made; who never asks applies for themselves."""

    def __init__(self, site: RelyingSite) -> None:
        self._site = site

    def pages(self) -> list[Route]:
        page = self._site.page
        return [page("GET", "/apply/for", self._form), page("POST", "/apply/for", self._choose)]

    def subject(self, call: Call) -> str | None:
        """Whose points are applied for; None for a guest."""
        chosen: str | None = call.session.draft.get("applicant", call.session.subject)
        return chosen

    def child(self, call: Call) -> sqlite3.Row | None:
        """The child that the holder acts for; None where they apply for themselves."""
        chosen = self.subject(call)
        if chosen == call.session.subject:
            return None
        return self._site.store.one("SELECT * FROM resident WHERE subject = ?", chosen)

    def _form(self, call: Call, notice: str = "") -> Response:
        if call.session.subject is None:
            return self._site.to_login(call)
        return self._site.show(call, "point_for.html", children=self._children(call), notice=notice)

    def _choose(self, call: Call) -> Response:
        if call.session.subject is None:
            return self._site.to_login(call)
        wanted = call.form.get("applicant", "")
        if wanted not in {call.session.subject, *(child["subject"] for child in self._children(call))}:
            return self._form(call, "申込む方を選んでください。")
        call.session.draft = {"applicant": wanted}
        self._site.sessions.save(call.session)
        return see("/apply")

    def _children(self, call: Call) -> list[sqlite3.Row]:
        return self._site.store.all("SELECT * FROM resident WHERE guardian = ? ORDER BY subject", call.session.subject)
