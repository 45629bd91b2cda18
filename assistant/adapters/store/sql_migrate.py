"""The schema, brought up to date in one transaction: it is the old one or the new one, never half of it.

Two processes that start at once do it one after the other; the second finds nothing left to do.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from assistant.adapters.store.sql_engine import reading, writing
from assistant.ports import StoreUnavailable


def migrate(engine: Engine) -> None:
    """Brings the database to the newest revision. Raises StoreUnavailable, also for a database of a newer Askwell."""
    if _is_newest(engine):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "assistant.adapters.store:migrations")
    with writing(engine) as db:
        config.attributes["connection"] = db
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreUnavailable("the database was made by another version of Askwell") from error


def newest() -> str:
    """The revision that this version knows; found without loading anything."""
    return max(Path(__file__).with_name("migrations").joinpath("versions").glob("v*.py")).name[1:5]


def revision(db: Connection) -> str | None:
    """The revision of this database; None for one without a schema."""
    known = inspect(db).has_table("alembic_version")
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() if known else None


def _is_newest(engine: Engine) -> bool:
    """Whether nothing is to be done: asked before anything is loaded that could do it."""
    with reading(engine) as db:
        return revision(db) == newest()
