"""The address of a visit's citizen, so that a household of several surnames is known; older visits have none."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("visit", Column("address", Text, nullable=False, server_default=""))
