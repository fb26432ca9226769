"""The books tell whose points and accounts went to whom, read from the database alone."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from flows.mock.books import BackOffice, Books
from flows.mock.store import Store
from flows.people import EVERYBODY, SATO_HANAKO, TANAKA_ICHIRO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.people import Cashless


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "books.sqlite", EVERYBODY)
    yield store
    store.close()


def _book(store: Store, cashless: Cashless, kind: str = "card") -> None:
    store.run(
        "INSERT INTO point_application (holder, service, payment_id, kind, amount) VALUES (?, ?, ?, ?, 5000)",
        SATO_HANAKO.subject,
        cashless.service,
        cashless.payment_id,
        kind,
    )


def test_points_on_ones_own_payment_id_are_in_order(store: Store) -> None:
    _book(store, SATO_HANAKO.cashless)
    assert Books(store).misattributed() == ()


def test_points_on_another_persons_payment_id_are_misattributed(store: Store) -> None:
    _book(store, TANAKA_ICHIRO.cashless)
    (row,) = Books(store).misattributed()
    assert (row.holder_name, row.owner_name) == (SATO_HANAKO.name, TANAKA_ICHIRO.name)


def test_points_on_a_mistyped_payment_id_are_misattributed_to_a_stranger(store: Store) -> None:
    """甘楽町: the ID was mistyped; whoever owns it, it is not the holder."""
    _book(store, type(SATO_HANAKO.cashless)(service="さくらペイ", payment_id="SP10010010"))
    (row,) = Books(store).misattributed()
    assert (row.owner_subject, row.owner_name) == (None, None)


def test_a_cancelled_application_stays_in_the_books_but_misattributes_nothing(store: Store) -> None:
    _book(store, TANAKA_ICHIRO.cashless)
    BackOffice(store).grant(SATO_HANAKO.subject, "card")
    BackOffice(store).cancel(SATO_HANAKO.subject)
    (row,) = Books(store).point_applications()
    assert (row.granted, row.cancelled) == (True, True)
    assert Books(store).misattributed() == ()


def test_a_failed_transaction_books_nothing(store: Store) -> None:
    """Two applications of one kind cannot both be live; the first is rolled back with the second."""

    def book_twice() -> None:
        with store.transaction():
            _book(store, SATO_HANAKO.cashless)
            _book(store, TANAKA_ICHIRO.cashless)

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        book_twice()
    assert Books(store).point_applications() == ()


def test_a_reset_forgets_bookings_and_keeps_residents(store: Store) -> None:
    _book(store, TANAKA_ICHIRO.cashless)
    store.reset()
    assert Books(store).point_applications() == ()
    assert len(store.all("SELECT * FROM resident")) == len(EVERYBODY)
