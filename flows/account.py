"""The journey at the my-page portal: register the public-money account (公金受取口座)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.patience import PATIENCE_MS
from flows.site import Site

if TYPE_CHECKING:
    from flows.people import BankAccount, Resident


class MyPage(Site):
    """The my-page portal (マイナポータル)."""

    base_url = "https://mypage.portal.test"
    home_heading = "マイページ"
    TERMS = "利用規約の確認"
    BASIC = "基本情報の確認"
    KANA = "フリガナの入力"
    CONTACT = "連絡先の入力"
    BANK = "金融機関の選択"
    BRANCH = "支店の入力"
    NUMBER = "口座情報の入力"
    CONFIRM = "登録内容の確認"
    DONE = "口座の登録が完了しました"

    def begin(self) -> None:
        """Open the terms; the holder must be logged in."""
        self._advance(lambda: self._go("/account"), self.TERMS)

    def agree(self) -> None:
        """Agree to the terms; the next screen shows the holder's name and birth date from the card."""
        self._press("同意して次へ", self.BASIC)

    def confirm_basic_data(self) -> None:
        """Go on from the name and birth date of the card, whosever they are; the next screen asks for the kana."""
        self._press("次へ", self.KANA)

    def give_person(self, resident: Resident) -> None:
        """Kana and telephone number, on two screens."""
        self.give_kana(resident.kana)
        self.give_phone(resident.phone)

    def give_kana(self, kana: str) -> None:
        """The name's reading in katakana; the next screen asks for the telephone number."""
        self._fill("氏名フリガナ", kana)
        self._press("次へ", self.CONTACT)

    def give_phone(self, phone: str) -> None:
        """The telephone number; the next screen asks for the bank."""
        self._fill("電話番号", phone)
        self._press("次へ", self.BANK)

    def give_account(self, account: BankAccount) -> None:
        """Bank, branch, number and account holder, on three screens."""
        self.give_bank(account.bank)
        self.give_branch(account.branch)
        self.give_number(account)

    def give_bank(self, bank: str) -> None:
        """Choose the bank by its name in the list; the next screen asks for the branch."""
        self.page.get_by_label("金融機関").select_option(bank, timeout=PATIENCE_MS)
        self._press("次へ", self.BRANCH)

    def give_branch(self, branch: str) -> None:
        """The branch's name; the next screen asks for the account."""
        self._fill("支店名", branch)
        self._press("次へ", self.NUMBER)

    def give_number(self, account: BankAccount) -> None:
        """Number and account holder; the next screen shows all that will be registered."""
        self._fill("口座番号", account.number)
        self._fill("口座名義(カナ)", account.holder_kana)
        self._press("次へ", self.CONFIRM)

    def submit(self) -> None:
        """The one POST that matters."""
        self._press("登録する", self.DONE)

    def register(self, resident: Resident) -> None:
        """All nine screens with the resident's data, under whoever is logged in."""
        self.begin()
        self.agree()
        self.confirm_basic_data()
        self.give_person(resident)
        self.give_account(resident.account)
        self.submit()

    def _fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).fill(value, timeout=PATIENCE_MS)
