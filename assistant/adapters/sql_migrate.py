"""The schema, brought up to date in one transaction: it is the old one or the new one, never half of it.

Two processes that start at once do it one after the other; the second finds nothing left to do.
"""

from __future__ import annotations

from sqlalchemy import Engine

from assistant.adapters.sql_engine import writing
from assistant.ports import StoreUnavailable


def migrate(engine: Engine) -> None:
    """Brings the database to the newest revision. Raises StoreUnavailable, also for a database of a newer Askwell."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "assistant.adapters:migrations")
    with writing(engine) as db:
        config.attributes["connection"] = db
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreUnavailable("the database was made by another version of Askwell") from error
