"""The truth afterwards: who got whose points, and whose bank account is registered for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.mock.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class PointApplication:
    """Points of the holder, to be paid out at one payment-service ID."""

    holder_subject: str
    holder_name: str
    service: str
    payment_id: str
    owner_subject: str | None
    """To whom the payment-service ID belongs; None if to nobody we know."""
    owner_name: str | None
    kind: str
    amount: int
    granted: bool
    cancelled: bool
    guardian_subject: str | None = None
    """The holder's parent, who may take the points of a child to their own service; None for grown-ups."""
    applied_by_name: str | None = None
    """Who was logged in when it was booked; None where nobody was, as in books made for a test."""

    @property
    def misattributed(self) -> bool:
        """Whether the points go to anybody but the holder, or the parent of a holder who is a child."""
        return self.owner_subject is None or self.owner_subject not in {self.holder_subject, self.guardian_subject}


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredAccount:
    """The public-money account of the holder."""

    holder_subject: str
    holder_name: str
    bank: str
    branch: str
    number: str
    account_holder_kana: str
    owner_subject: str | None
    """To whom the bank account belongs; None if to nobody we know."""
    owner_name: str | None

    @property
    def misattributed(self) -> bool:
        """Whether the holder's money would go to anybody else."""
        return self.owner_subject != self.holder_subject


class Books:
    """Read-only view of what the portals have booked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def point_applications(self) -> tuple[PointApplication, ...]:
        """Every application for points, cancelled ones included, in the order of booking."""
        rows = self._store.all(
            "SELECT a.*, holder.name AS holder_name, holder.guardian AS guardian, p.owner AS owner,"
            " owner.name AS owner_name, applicant.name AS applied_by_name"
            " FROM point_application a JOIN resident holder ON holder.subject = a.holder"
            " LEFT JOIN payment_id p ON p.payment_id = a.payment_id AND p.service = a.service"
            " LEFT JOIN resident owner ON owner.subject = p.owner"
            " LEFT JOIN resident applicant ON applicant.subject = a.applied_by ORDER BY a.id"
        )
        return tuple(
            PointApplication(
                holder_subject=row["holder"],
                holder_name=row["holder_name"],
                service=row["service"],
                payment_id=row["payment_id"],
                owner_subject=row["owner"],
                owner_name=row["owner_name"],
                kind=row["kind"],
                amount=row["amount"],
                granted=bool(row["granted"]),
                cancelled=bool(row["cancelled"]),
                guardian_subject=row["guardian"],
                applied_by_name=row["applied_by_name"],
            )
            for row in rows
        )

    def accounts(self) -> tuple[RegisteredAccount, ...]:
        """Every registered public-money account."""
        rows = self._store.all(
            "SELECT a.*, holder.name AS holder_name, b.owner AS owner, owner.name AS owner_name"
            " FROM account a JOIN resident holder ON holder.subject = a.holder"
            " LEFT JOIN bank_account b ON b.bank = a.bank AND b.branch = a.branch AND b.number = a.number"
            " LEFT JOIN resident owner ON owner.subject = b.owner ORDER BY a.holder"
        )
        return tuple(
            RegisteredAccount(
                holder_subject=row["holder"],
                holder_name=row["holder_name"],
                bank=row["bank"],
                branch=row["branch"],
                number=row["number"],
                account_holder_kana=row["holder_kana"],
                owner_subject=row["owner"],
                owner_name=row["owner_name"],
            )
            for row in rows
        )

    def misattributed(self) -> tuple[PointApplication | RegisteredAccount, ...]:
        """What is booked, and not cancelled, on somebody else's payment ID or bank account."""
        points = tuple(row for row in self.point_applications() if row.misattributed and not row.cancelled)
        return points + tuple(row for row in self.accounts() if row.misattributed)


class BackOffice:
    """What happens to the books without the counter: points are granted, applications cancelled."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def grant(self, subject: str, kind: str) -> None:
        """Pay out; what is paid out cannot be taken back."""
        self._store.run(
            "UPDATE point_application SET granted = 1 WHERE holder = ? AND kind = ? AND NOT cancelled", subject, kind
        )

    def cancel(self, subject: str) -> None:
        """Cancel the holder's applications, as the ministry's emergency desk does."""
        self._store.run("UPDATE point_application SET cancelled = 1 WHERE holder = ?", subject)
