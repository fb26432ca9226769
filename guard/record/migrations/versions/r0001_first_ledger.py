"""The first ledger: visits, stops, approvals, checklists, and values that one citizen alone may use."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Integer, Text, false

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "progress",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("sequence", Integer, nullable=False),
        Column("hash", Text, nullable=False),
    )
    op.create_table(
        "visit",
        Column("id", Text, primary_key=True),
        Column("counter", Text, nullable=False),
        Column("opened_at", Text, nullable=False, index=True),
        Column("ended_at", Text),
        Column("ending", Text),
        Column("interruption", Text),
        Column("person", Text, index=True),
        Column("surname", Text, nullable=False),
        Column("reading", Text, nullable=False),
        Column("ticket", Text, index=True),
        Column("acting_for", Text),
        Column("released", Integer, nullable=False),
        Column("cleared", Boolean),
    )
    op.create_table(
        "stop",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("visit_id", Text, index=True),
        Column("portal", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("at", Text, nullable=False, index=True),
        Column("false_stop", Boolean, nullable=False, server_default=false()),
    )
    op.create_table(
        "approval",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("visit_id", Text, index=True),
        Column("who", Text, nullable=False),
        Column("what", Text, nullable=False),
        Column("by_pin", Boolean, nullable=False),
        Column("at", Text, nullable=False, index=True),
    )
    op.create_table(
        "checklist",
        Column("visit_id", Text, primary_key=True),
        Column("item", Text, primary_key=True),
        Column("known", Text, nullable=False),
    )
    op.create_table(
        "used_value",
        Column("kind", Text, primary_key=True),
        Column("digest", Text, primary_key=True),
        Column("person", Text, primary_key=True),
        Column("visit_id", Text, nullable=False),
    )
