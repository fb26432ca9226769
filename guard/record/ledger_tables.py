"""The tables of the ledger as they are today; `guard.record.migrations` makes them, and brings older ones here."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text, false

metadata: Final = MetaData()
"""Times are text in UTC with microseconds, so that their order is the order of time on every database."""

progress: Final = Table(
    "progress",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
"""One row: the newest entry of the journal that the ledger knows."""

visit: Final = Table(
    "visit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("counter", Text, nullable=False),
    Column("opened_at", Text, nullable=False, index=True),
    Column("ended_at", Text),
    Column("ending", Text),
    Column("interruption", Text),
    Column("person", Text, index=True),
    Column("surname", Text, nullable=False),
    Column("reading", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("ticket", Text, index=True),
    Column("acting_for", Text),
    Column("released", Integer, nullable=False),
    Column("cleared", Boolean),
)
"""Person, surname, reading, address, ticket and acting_for are keyed digests; of the traits of a family (surname,
reading, address) there may be several, by spaces."""

answer: Final = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("visit_id", Text, index=True),
    Column("portal", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("request_class", Text, nullable=False),
    Column("at", Text, nullable=False, index=True),
    Column("held_ms", Integer, nullable=False),
    Column("reason", Text),
    Column("false_stop", Boolean, nullable=False, server_default=false()),
)
"""Held requests, released or, with a reason, stopped. The id is the number of the entry, as an approval's is."""

approval: Final = Table(
    "approval",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("visit_id", Text, index=True),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("by_pin", Boolean, nullable=False),
    Column("at", Text, nullable=False, index=True),
)

checklist: Final = Table(
    "checklist",
    metadata,
    Column("visit_id", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("known", Text, nullable=False),
)

used_value: Final = Table(
    "used_value",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("visit_id", Text, nullable=False),
)
"""Values that one citizen alone may use, such as a payment id: keyed digests, with the visit that used one last."""

PROJECTED: Final = (visit, answer, approval)
"""Tables that the journal alone fills."""
