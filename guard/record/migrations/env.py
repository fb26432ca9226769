"""Run by Alembic: migrates the ledger on the connection that `guard.record.ledger_file` hands over."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)  # SQLite alters by copying
context.run_migrations()
