"""How an older ledger becomes one of today: Alembic's migrations, run at every start of a counter."""
