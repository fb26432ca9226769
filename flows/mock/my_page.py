"""The my-page portal (マイナポータル): registration of the public-money account over nine screens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.mock.hosts import MYPAGE
from flows.mock.relying import RelyingSite
from flows.mock.site import Call, see

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

BANKS = ("あさひ銀行", "みなと銀行", "ひかり信用金庫")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One input of a screen."""

    key: str
    label: str
    pattern: str = r".+"
    """What the portal accepts, over the whole value."""
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One screen of the registration before its confirmation."""

    key: str
    heading: str
    button: str
    text: str = ""
    shows_card_data: bool = False
    fields: tuple[Field, ...] = ()


_KANA = r"[ァ-ヺー][ァ-ヺー 　]*"
STEPS = (
    Step(
        key="terms",
        heading="利用規約の確認",
        button="同意して次へ",
        text="公金受取口座登録制度の利用規約を確認してください。登録した口座は、給付金等の受取りに利用されます。",
    ),
    Step(
        key="basic",
        heading="基本情報の確認",
        button="次へ",
        text="マイナンバーカードから読み取った情報です。お間違いがないか確認してください。",
        shows_card_data=True,
    ),
    Step(
        key="kana",
        heading="フリガナの入力",
        button="次へ",
        text="カードにはフリガナが記録されていません。入力してください。",
        fields=(Field(key="kana", label="氏名フリガナ", pattern=_KANA, hint="全角カタカナ"),),
    ),
    Step(
        key="contact",
        heading="連絡先の入力",
        button="次へ",
        fields=(Field(key="phone", label="電話番号", pattern=r"0\d{9,10}", hint="ハイフンなしの半角数字"),),
    ),
    Step(
        key="bank",
        heading="金融機関の選択",
        button="次へ",
        fields=(Field(key="bank", label="金融機関", pattern="|".join(BANKS), choices=BANKS),),
    ),
    Step(key="branch", heading="支店の入力", button="次へ", fields=(Field(key="branch", label="支店名"),)),
    Step(
        key="number",
        heading="口座情報の入力",
        button="次へ",
        text="通帳またはキャッシュカードを見て入力してください。",
        fields=(
            Field(key="number", label="口座番号", pattern=r"\d{7}", hint="普通預金、半角数字7桁"),
            Field(key="holder_kana", label="口座名義(カナ)", pattern=_KANA, hint="全角カタカナ"),
        ),
    ),
)
_NEXT = {step.key: after for step, after in zip(STEPS, [*(step.key for step in STEPS[1:]), "confirm"], strict=True)}
_FIELDS = tuple(field for step in STEPS for field in step.fields)


class MyPage(RelyingSite):
    """Nine screens, the name on three of them, one POST that matters."""

    host = MYPAGE
    cookie = "mypage_sid"
    title = "マイページポータル"
    brand = "mypage"
    # As strict as a portal gets: no script at all, and none by way of strings (trusted types).
    csp = (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    )

    def pages(self) -> list[Route]:
        routes = [
            *self.sign_on_pages(),
            self.page("GET", "/", self._home),
            self.page("GET", "/account", self._begin),
            self.page("GET", "/account/confirm", self._confirm),
            self.page("POST", "/account/register", self._register),
            self.page("GET", "/account/done", self._done),
        ]
        for step in STEPS:
            routes += [self._form_of(step), self._answer_to(step)]
        return routes

    def _home(self, call: Call) -> Response:
        return self.show(call, "mypage_home.html", account=self._account(call))

    def _begin(self, call: Call) -> Response:
        if call.session.subject is None:
            return self.to_login(call)
        call.session.draft = {}
        self.sessions.save(call.session)
        return see("/account/terms")

    def _form_of(self, step: Step) -> Route:
        def form(call: Call) -> Response:
            if call.session.subject is None:
                return self.to_login(call)
            return self._show_step(call, step)

        return self.page("GET", f"/account/{step.key}", form)

    def _answer_to(self, step: Step) -> Route:
        def answer(call: Call) -> Response:
            if call.session.subject is None:
                return self.to_login(call)
            given = {field.key: call.form.get(field.key, "").strip() for field in step.fields}
            call.session.draft |= given
            self.sessions.save(call.session)
            wrong = [field.label for field in step.fields if not re.fullmatch(field.pattern, given[field.key])]
            if wrong:
                return self._show_step(call, step, f"{'、'.join(wrong)}を確認してください。")
            return see(f"/account/{_NEXT[step.key]}")

        return self.page("POST", f"/account/{step.key}", answer)

    def _show_step(self, call: Call, step: Step, notice: str = "") -> Response:
        number = STEPS.index(step) + 1
        return self.show(call, "mypage_step.html", step=step, number=number, draft=call.session.draft, notice=notice)

    def _confirm(self, call: Call) -> Response:
        if not self._complete(call):
            return see("/account")
        return self.show(
            call, "mypage_confirm.html", fields=_FIELDS, draft=call.session.draft, before=self._account(call)
        )

    def _register(self, call: Call) -> Response:
        if not self._complete(call):
            return see("/account")
        draft = call.session.draft
        self.store.run(
            "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?)",
            call.session.subject,
            draft["bank"],
            draft["branch"],
            draft["number"],
            draft["holder_kana"],
        )
        call.session.draft = {"registered": True}
        self.sessions.save(call.session)
        return see("/account/done")

    def _done(self, call: Call) -> Response:
        if not call.session.draft.get("registered"):
            return see("/")
        return self.show(call, "mypage_done.html")

    def _complete(self, call: Call) -> bool:
        return call.session.subject is not None and all(call.session.draft.get(field.key) for field in _FIELDS)

    def _account(self, call: Call) -> object:
        return self.store.one("SELECT * FROM account WHERE holder = ?", call.session.subject)
