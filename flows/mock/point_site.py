"""The point site (マイナポイント申込サイト): whose points go to which cashless service."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response
from starlette.routing import Route

from flows.mock.applicants import Applicants
from flows.mock.applications import ApplicationPages
from flows.mock.hosts import POINT
from flows.mock.kinds import KINDS, Kind
from flows.mock.relying import RelyingSite
from flows.mock.site import HERE, Call, see

if TYPE_CHECKING:
    import sqlite3

    from starlette.requests import Request

SERVICES = ("さくらペイ", "みどりカード", "そらペイ")


class PointSite(RelyingSite):
    """Application for points over three screens and one POST that matters."""

    host = POINT
    cookie = "point_sid"
    title = "ポイント申込サイト"
    brand = "point"
    csp = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )

    @cached_property
    def _applicants(self) -> Applicants:
        return Applicants(self)

    def pages(self) -> list[Route]:
        return [
            *self.sign_on_pages(),
            Route("/analytics.js", lambda _: FileResponse(HERE / "static" / "analytics.js")),
            Route("/analytics", _count_visit, methods=["POST"]),
            self.page("GET", "/", lambda call: self.show(call, "point_home.html")),
            *ApplicationPages(self).pages(),
            *self._applicants.pages(),
            self.page("GET", "/apply", self._service_form),
            self.page("POST", "/apply/service", self._choose_service),
            self.page("GET", "/apply/kinds", self._kinds_form),
            self.page("POST", "/apply/kinds", self._choose_kinds),
            self.page("GET", "/apply/confirm", self._confirm),
            self.page("POST", "/apply/submit", self._submit),
            self.page("GET", "/apply/done", self._done),
        ]

    def _service_form(self, call: Call, notice: str = "") -> Response:
        if call.session.subject is None:
            return self.to_login(call)
        return self.show(
            call,
            "point_service.html",
            services=SERVICES,
            draft=call.session.draft,
            child=self._applicants.child(call),
            notice=notice,
        )

    def _choose_service(self, call: Call) -> Response:
        if call.session.subject is None:
            return self.to_login(call)
        service, payment_id = call.form.get("service", ""), call.form.get("payment_id", "").strip()
        call.session.draft = {"service": service, "payment_id": payment_id, "applicant": self._applicants.subject(call)}
        self.sessions.save(call.session)
        if service not in SERVICES or not payment_id:
            return self._service_form(call, "決済サービスと決済サービスIDを入力してください。")
        if self._taken_by_another(call):
            return self._service_form(call, "この決済サービスIDは登録済みです。")
        return see("/apply/kinds")

    def _kinds_form(self, call: Call, notice: str = "") -> Response:
        if not call.session.draft.get("payment_id"):
            return see("/apply")
        states = {kind.key: self._state(call, kind) for kind in KINDS}
        return self.show(call, "point_kinds.html", kinds=KINDS, states=states, notice=notice)

    def _choose_kinds(self, call: Call) -> Response:
        wanted = [kind for kind in KINDS if call.form.get(kind.key)]
        notice = self._refusal(call, wanted)
        if notice:
            return self._kinds_form(call, notice)
        call.session.draft["kinds"] = [kind.key for kind in wanted]
        self.sessions.save(call.session)
        return see("/apply/confirm")

    def _confirm(self, call: Call) -> Response:
        wanted = self._wanted(call)
        if not wanted:
            return see("/apply")
        return self.show(
            call, "point_confirm.html", draft=call.session.draft, kinds=wanted, child=self._applicants.child(call)
        )

    def _submit(self, call: Call) -> Response:
        wanted = self._wanted(call)
        notice = self._refusal(call, wanted)
        if notice or self._taken_by_another(call):
            return self.show(call, "refused.html", notice=notice or "この決済サービスIDは登録済みです。")
        draft = call.session.draft
        with self.store.transaction():
            for kind in wanted:
                self.store.run(
                    "INSERT INTO point_application (holder, service, payment_id, kind, amount, applied_by)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    self._applicants.subject(call),
                    draft["service"],
                    draft["payment_id"],
                    kind.key,
                    kind.amount,
                    call.session.subject,
                )
        call.session.draft = {"total": sum(kind.amount for kind in wanted), "service": draft["service"]}
        self.sessions.save(call.session)
        return see("/apply/done")

    def _done(self, call: Call) -> Response:
        if "total" not in call.session.draft:
            return see("/")
        return self.show(call, "point_done.html", draft=call.session.draft)

    def _wanted(self, call: Call) -> list[Kind]:
        chosen = call.session.draft.get("kinds", [])
        return [kind for kind in KINDS if kind.key in chosen]

    def _state(self, call: Call, kind: Kind) -> str:
        """Empty while the kind can be applied for, else what the page shows in its place."""
        rows = self._applications(call, kind)
        if any(not row["cancelled"] for row in rows):
            return "申請済"
        return "再申請不可" if any(row["granted"] for row in rows) else ""

    def _applications(self, call: Call, kind: Kind) -> list[sqlite3.Row]:
        return self.store.all(
            "SELECT * FROM point_application WHERE holder = ? AND kind = ?", self._applicants.subject(call), kind.key
        )

    def _refusal(self, call: Call, wanted: list[Kind]) -> str:
        if call.session.subject is None or not call.session.draft.get("payment_id"):
            return "最初からやり直してください。"
        if not wanted:
            return "申込むポイントを選んでください。"
        for kind in wanted:
            state = self._state(call, kind)
            if state:
                return f"{kind.label}は{state}です。"
            if kind.key == "account" and self._renewed_today(call):
                return "電子証明書の更新当日は申込できません(公金受取口座の登録)。"
        return ""

    def _renewed_today(self, call: Call) -> bool:
        holder = self._applicants.child(call) or self.holder(call.session)
        return holder is not None and bool(holder["certificate_renewed"] == self.today().isoformat())

    def _taken_by_another(self, call: Call) -> bool:
        row = self.store.one(
            "SELECT 1 FROM point_application WHERE payment_id = ? AND service = ? AND holder <> ? AND NOT cancelled",
            call.session.draft.get("payment_id"),
            call.session.draft.get("service"),
            self._applicants.subject(call),
        )
        return row is not None


async def _count_visit(request: Request) -> Response:
    """A background POST without session, such as every real portal sends."""
    await request.body()
    return Response(status_code=204)
