"""The point site's pages after an application: what was applied for, and taking it back before it is paid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.mock.kinds import KINDS
from flows.mock.site import Call, see

if TYPE_CHECKING:
    import sqlite3

    from starlette.responses import Response
    from starlette.routing import Route

    from flows.mock.relying import RelyingSite

_LABELS = {kind.key: kind.label for kind in KINDS}


class ApplicationPages:
    """Those of the holder, and those that they made for a child; granted points cannot be taken back."""

    def __init__(self, site: RelyingSite) -> None:
        self._site = site

    def pages(self) -> list[Route]:
        page = self._site.page
        return [
            page("GET", "/applications", self._list),
            page("GET", "/applications/cancel", self._ask),
            page("POST", "/applications/cancel", self._cancel),
            page("GET", "/applications/cancelled", self._done),
        ]

    def _list(self, call: Call) -> Response:
        if call.session.subject is None:
            return self._site.to_login(call)
        rows = self._rows(call)
        open_ = any(not row["granted"] for row in rows)
        return self._site.show(call, "point_applications.html", rows=rows, labels=_LABELS, open=open_)

    def _ask(self, call: Call) -> Response:
        rows = [row for row in self._rows(call) if not row["granted"]]
        if not rows:
            return see("/applications")
        return self._site.show(call, "point_cancel.html", rows=rows, labels=_LABELS)

    def _cancel(self, call: Call) -> Response:
        """All that is not paid out yet, at once; the books keep the rows."""
        if call.session.subject is None:
            return self._site.to_login(call)
        changed = self._site.store.run(
            "UPDATE point_application SET cancelled = 1"
            " WHERE (holder = ? OR applied_by = ?) AND NOT cancelled AND NOT granted",
            call.session.subject,
            call.session.subject,
        )
        if not changed:
            return self._site.show(call, "refused.html", notice="取消せる申込みがありません。")
        return see("/applications/cancelled")

    def _done(self, call: Call) -> Response:
        return self._site.show(call, "point_cancelled.html")

    def _rows(self, call: Call) -> list[sqlite3.Row]:
        return self._site.store.all(
            "SELECT a.*, r.name FROM point_application a JOIN resident r ON r.subject = a.holder"
            " WHERE (a.holder = ? OR a.applied_by = ?) AND NOT a.cancelled ORDER BY a.id",
            call.session.subject,
            call.session.subject,
        )
