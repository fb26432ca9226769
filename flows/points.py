"""The journey at the point site: choose a cashless service, choose points, confirm, done."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from flows.patience import PATIENCE_MS
from flows.site import NotAdvancedError, Site

if TYPE_CHECKING:
    from flows.people import Cashless


class Points(StrEnum):
    """The three reasons for points, under the words of the page."""

    CARD = "マイナンバーカードの新規取得等"
    INSURANCE = "健康保険証としての利用申込み"
    ACCOUNT = "公金受取口座の登録"


class PointSite(Site):
    """The point site (マイナポイント申込サイト)."""

    base_url = "https://point.portal.test"
    home_heading = "ポイントの申込み"
    SERVICE = "決済サービスの選択"
    KINDS = "申込むポイントの選択"
    CONFIRM = "申込み内容の確認"
    DONE = "申込みが完了しました"
    APPLICANT = "申込む方の選択"
    APPLICATIONS = "申込みの状況"
    CANCEL = "取消しの確認"
    CANCELLED = "申込みを取消しました"

    def begin(self) -> None:
        """Open the first screen of the application; the holder must be logged in."""
        self._advance(lambda: self._go("/apply"), self.SERVICE)

    def begin_for_child(self, child: str) -> None:
        """The same for a child of the holder's, by the child's name."""
        self._advance(lambda: self._go("/apply/for"), self.APPLICANT)
        self.page.get_by_label(f"お子様 {child}", exact=True).check(timeout=PATIENCE_MS)
        self._press("次へ", self.SERVICE)

    def choose_service(self, cashless: Cashless) -> None:
        """Choose the payment service and type its ID: there the points go. The next screen asks which points."""
        self.page.get_by_label("決済サービス", exact=True).select_option(cashless.service, timeout=PATIENCE_MS)
        self.page.get_by_label("決済サービスID").fill(cashless.payment_id, timeout=PATIENCE_MS)
        self._press("次へ", self.KINDS)

    def choose_points(self, *wanted: Points) -> None:
        """Tick the wanted points; raises with the word on the page if one can no longer be had."""
        for points in wanted:
            row = self.page.locator("label.choice", has_text=points)
            box = row.get_by_role("checkbox")
            if box.is_disabled(timeout=PATIENCE_MS):
                raise NotAdvancedError(self.screen(), row.locator(".badge").inner_text())
            box.check(timeout=PATIENCE_MS)
        self._press("次へ", self.CONFIRM)

    def submit(self) -> None:
        """The one POST that matters."""
        self._press("申込む", self.DONE)

    def apply(self, cashless: Cashless, *wanted: Points) -> None:
        """The whole application from its first screen, under whoever is logged in."""
        self.begin()
        self.finish(cashless, *wanted)

    def finish(self, cashless: Cashless, *wanted: Points) -> None:
        """The application from the first screen that is open already."""
        self.choose_service(cashless)
        self.choose_points(*wanted)
        self.submit()

    def applications(self) -> str:
        """Open what was applied for, by the holder and for their children; returns the table's text."""
        self._advance(lambda: self._go("/applications"), self.APPLICATIONS)
        return " ".join(self.page.locator("main table").all_inner_texts())

    def cancel(self) -> None:
        """Take back every application that is not paid out yet, from the list on show."""
        link = self.page.get_by_role("link", name="申込みを取消す", exact=True)
        self._advance(lambda: link.click(timeout=PATIENCE_MS), self.CANCEL)
        self._press("取消す", self.CANCELLED)
