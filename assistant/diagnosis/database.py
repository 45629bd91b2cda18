"""Checks that the database opens, is intact and writable, and has the schema of this version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.diagnosis.findings import Finding, fault, note, ok
from assistant.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

WAIT_SECONDS = 2.0
TEST_TABLE = "askwell_doctor"
ROWS = 500
JSON_COLUMNS = (("events", "body"), ("accounts", "roles"))


class _RolledBack(Exception):
    """Ends a transaction without keeping it."""


def database(settings: Settings) -> Iterator[Finding]:
    from assistant.ports import StoreDamaged, StoreUnavailable

    opened = open_database(settings)
    if isinstance(opened, Finding):
        yield opened
        return
    try:
        yield from _checked(opened)
    except StoreDamaged:
        yield fault("doctor.database_damaged")
    except StoreUnavailable as error:
        yield fault("doctor.database_unavailable", problem=error)
    finally:
        opened.dispose()


def open_database(settings: Settings) -> Engine | Finding:
    """The engine, or a finding that says why it cannot be opened. Does not create a missing SQLite file."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from assistant.adapters.store.sql_engine import open_engine
    from assistant.ports import StoreUnavailable

    try:
        parsed = make_url(settings.url)
        parsed.get_dialect().import_dbapi()
        file = parsed.database if parsed.get_backend_name() == "sqlite" else None
        if file and not file.startswith("file:") and not Path(file).exists():
            return note("doctor.database_new")
        return open_engine(settings.url, WAIT_SECONDS)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        return fault("doctor.database_address")
    except StoreUnavailable as error:
        return fault("doctor.database_unavailable", problem=error)


def _checked(engine: Engine) -> Iterator[Finding]:
    from assistant.adapters.store.sql_engine import reading
    from assistant.adapters.store.sql_migrate import newest, revision

    with reading(engine) as db:
        intact, known = _is_intact(db), revision(db)
    if not intact:
        yield fault("doctor.database_damaged")
        return
    _try_writing(engine)
    if known is not None and known > newest():
        yield fault("doctor.database_newer")
    elif known != newest():
        yield note("doctor.database_older")
    else:
        yield ok("doctor.database_ok")


def _is_intact(db: Connection) -> bool:
    """SQLite: checks pages, indexes and foreign keys, and reads every row. True for other databases. Raises StoreDamaged."""
    if db.dialect.name != "sqlite":
        return True
    if db.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() != "ok":
        return False
    return db.exec_driver_sql("PRAGMA foreign_key_check").first() is None and _rows_are_readable(db)


def _rows_are_readable(db: Connection) -> bool:
    """SQLite has no checksums, so every row is read: text must be UTF-8, events and roles must be JSON."""
    tables = (
        db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").scalars().all()
    )
    for name in tables:
        for _ in db.exec_driver_sql(f'SELECT * FROM "{name}"').yield_per(ROWS):
            pass
    return not any(_has_invalid_json(db, table, column) for table, column in JSON_COLUMNS if table in tables)


def _has_invalid_json(db: Connection, table: str, column: str) -> bool:
    return db.exec_driver_sql(f"SELECT 1 FROM {table} WHERE NOT json_valid({column}) LIMIT 1").first() is not None


def _try_writing(engine: Engine) -> None:
    """Creates a table and rolls it back. Raises StoreUnavailable."""
    from assistant.adapters.store.sql_engine import writing

    try:
        with writing(engine) as db:
            db.exec_driver_sql(f"CREATE TABLE {TEST_TABLE} (tried INTEGER)")
            raise _RolledBack
    except _RolledBack:
        return
