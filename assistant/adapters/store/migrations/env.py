"""How a migration runs: on the connection and inside the transaction of `sql_migrate.migrate`."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
