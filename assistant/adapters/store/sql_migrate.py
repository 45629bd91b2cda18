"""Migrates the schema in one transaction, so an interrupted migration leaves the old schema.

If two processes start at the same time, the second waits for the first and finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from assistant.adapters.store.sql_engine import reading, writing
from assistant.ports import StoreUnavailable


def migrate(engine: Engine) -> None:
    """Migrates to the newest revision. Raises StoreUnavailable, also for the database of a newer Askwell."""
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
    """The newest revision of this version, read from the file names without importing Alembic."""
    return max(Path(__file__).with_name("migrations").joinpath("versions").glob("v*.py")).name[1:5]


def revision(db: Connection) -> str | None:
    """The revision of this database; None if it has no schema."""
    known = inspect(db).has_table("alembic_version")
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() if known else None


def _is_newest(engine: Engine) -> bool:
    """Whether no migration is needed; checked before Alembic is imported."""
    with reading(engine) as db:
        return revision(db) == newest()
