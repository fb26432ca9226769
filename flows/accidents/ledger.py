"""Reading the mock portals' books."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flows.mock.books import PointApplication, RegisteredAccount
from guard.grammar import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.mock.books import Books
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


def astray(books: Books) -> Words | None:
    """Say what is booked on somebody else's payment-service ID or bank account; None if nothing is."""
    rows = books.misattributed()
    if not rows:
        return None
    points = Counter[tuple[str, str | None]]()
    for row in rows:
        if isinstance(row, PointApplication):
            points[row.holder_name, row.owner_name] += row.amount
    said = [_points_of_one(*people, amount) for people, amount in points.items()]
    said += [_account_of_one(row) for row in rows if isinstance(row, RegisteredAccount)]
    return Words(ja="、".join(one.ja for one in said), en="; ".join(one.en for one in said))


def points_of(*people: Resident) -> Callable[[Books], bool]:
    """Whether each of them has points on a service of their own."""
    return lambda books: (
        {one.subject for one in people}
        <= {row.holder_subject for row in books.point_applications() if not row.misattributed and not row.cancelled}
    )


def account_of(*people: Resident) -> Callable[[Books], bool]:
    """Whether each of them has an account of their own registered."""
    return lambda books: (
        {one.subject for one in people} <= {row.holder_subject for row in books.accounts() if not row.misattributed}
    )


def _points_of_one(holder: str, owner: str | None, amount: int) -> Words:
    return Words(
        ja=f"{holder}さんの{amount:,}ポイントが{owner or '知らない人'}さんへ",
        en=f"{amount:,} points of {holder} go to {owner or 'a stranger'}",
    )


def _account_of_one(row: RegisteredAccount) -> Words:
    return Words(
        ja=f"{row.owner_name or '知らない人'}さんの口座が{row.holder_name}さんの公金受取口座に",
        en=f"the account of {row.owner_name or 'a stranger'} is registered for {row.holder_name}",
    )
