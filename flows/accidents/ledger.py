"""Reading the mock portals' books for two citizens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.mock.books import Books, PointApplication, RegisteredAccount
    from flows.people import Resident


def points_astray(books: Books, first: Resident, second: Resident) -> str | None:
    """Say whose points go to whose service, if they go from one of the two to anybody else."""
    rows = [row for row in _points(books, first, second) if row.misattributed]
    if not rows:
        return None
    total = f"{sum(row.amount for row in rows):,}"
    row = rows[0]
    return (
        f"{row.holder_name}さんの{total}ポイントが{row.owner_name or '不明の人'}さんの{row.service}へ"
        f" / {total} points of {row.holder_name} go to the {row.service} of {row.owner_name or 'a stranger'}"
    )


def points_as_meant(books: Books, first: Resident, second: Resident) -> bool:
    """Whether the second's points go to the second's own service and nothing of the two went astray."""
    own = any(row.holder_subject == second.subject and not row.misattributed for row in _points(books, first, second))
    return own and points_astray(books, first, second) is None


def account_astray(books: Books, first: Resident, second: Resident) -> str | None:
    """Say whose bank account is registered for whom, if it is another's."""
    row = next((row for row in _accounts(books, first, second) if row.misattributed), None)
    if row is None:
        return None
    return (
        f"{row.owner_name or '不明の人'}さんの口座({row.bank} {row.number})が{row.holder_name}さんの公金受取口座に"
        f" / the bank account of {row.owner_name or 'a stranger'} is registered for {row.holder_name}"
    )


def account_as_meant(books: Books, first: Resident, second: Resident) -> bool:
    """Whether the second's own account is registered for the second and nothing of the two went astray."""
    own = any(row.holder_subject == second.subject and not row.misattributed for row in _accounts(books, first, second))
    return own and account_astray(books, first, second) is None


def _points(books: Books, first: Resident, second: Resident) -> list[PointApplication]:
    subjects = {first.subject, second.subject}
    return [row for row in books.point_applications() if row.holder_subject in subjects and not row.cancelled]


def _accounts(books: Books, first: Resident, second: Resident) -> list[RegisteredAccount]:
    subjects = {first.subject, second.subject}
    return [row for row in books.accounts() if row.holder_subject in subjects]
