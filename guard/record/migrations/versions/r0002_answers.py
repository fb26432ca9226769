"""Answers to all held requests with the time they took, for the day view; what the journal fills is filled anew."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Integer, Text, false

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have one table of answers in place of the stops."""
    op.drop_table("stop")
    op.create_table(
        "answer",
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
    for projected in ("visit", "approval", "progress"):
        op.execute(f"DELETE FROM {projected}")  # noqa: S608  # the names stand one line above
