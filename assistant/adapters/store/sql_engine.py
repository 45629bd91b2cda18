"""Opens the database engine, configures SQLite for durability and privacy, and maps operational errors to StoreUnavailable.

SQLite runs in WAL mode with synchronous=FULL, so acknowledged writes survive a crash. A writer takes the write lock when its
transaction begins (BEGIN IMMEDIATE), so it waits instead of failing half-way. PostgreSQL needs none of this.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)  # fmt: skip
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assistant.ports import StoreDamaged, StoreUnavailable, ValueNotStorable
from retrieval.adapters.sql_ids import SINGLE
from retrieval.adapters.sql_ids import one_read as connect_once

_LOG = logging.getLogger(__name__)
_UNDECODABLE = "Could not decode to UTF-8"
_WRITE = "askwell_write"
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_LOCKED, _DAMAGED = "the database is locked", "the database file is damaged"
_QUEUES: WeakKeyDictionary[Engine, tuple[Lock, float]] = WeakKeyDictionary()
_OUTSIDE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PERM: "the database may not be opened",
    sqlite3.SQLITE_AUTH: "the database may not be opened",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_READONLY: "the database is read-only",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: "the file is not a database",
}


def open_engine(url: str, wait: float = 10.0) -> Engine:
    """An engine for a SQLite file or a PostgreSQL URL; folder and file are created readable only by this user.

    Its errors do not contain the parameters of a statement. A writer waits up to `wait` seconds for the write lock.
    Raises StoreUnavailable if the folder cannot be created.
    """
    parsed = make_url(url)
    pool: dict[str, Any] = {"pool_size": 10, "max_overflow": 40, "pool_timeout": wait}
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True, **pool)
    _make_private(parsed)
    engine = create_engine(parsed, connect_args={"timeout": wait}, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    _QUEUES[engine] = (Lock(), wait)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read transaction: several statements see one consistent state. Raises StoreUnavailable."""
    with available(), _storable(), engine.connect() as db:
        yield db


@contextmanager
def one_read(engine: Engine) -> Iterator[Connection]:
    """A connection for a single SELECT, without BEGIN on SQLite. Raises StoreUnavailable."""
    with available(), _storable(), connect_once(engine) as db:
        yield db


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A write transaction that holds the write lock from its beginning. Writes nothing if it raises StoreUnavailable."""
    with (
        _write_queue(engine),
        available(),
        _storable(),
        engine.connect().execution_options(**{_WRITE: True}) as db,
        db.begin(),
    ):
        yield db


@contextmanager
def available() -> Iterator[None]:
    """Maps operational errors of the database to StoreUnavailable or StoreDamaged; bugs are raised unchanged.

    A statement refused because of its values is ValueNotStorable.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("all connections to the database are busy") from error
    except DBAPIError as error:
        reason = next(filter(None, map(_reason, _chain(error))), None)
        if reason:
            raise (StoreDamaged if reason == _DAMAGED else StoreUnavailable)(reason) from error
        if not isinstance(error, DataError | ProgrammingError):
            raise
        _LOG.error("the database refused a statement (%s)", type(error.orig).__name__)
        raise ValueNotStorable from error


@contextmanager
def _storable() -> Iterator[None]:
    """Maps values that a driver cannot send (a lone surrogate, a number of more than 64 bits) to ValueNotStorable."""
    try:
        yield
    except (UnicodeEncodeError, OverflowError) as error:
        raise ValueNotStorable from error


def insert_new(db: Connection, statement: Any) -> bool:
    """Executes an insert under a savepoint. Returns False if a constraint refuses it; the transaction stays usable."""
    try:
        with db.begin_nested():
            db.execute(statement)
    except IntegrityError:
        return False
    return True


@contextmanager
def _write_queue(engine: Engine) -> Iterator[None]:
    """Queues the writers of one process: SQLite's own waiting is polling, under which some starve."""
    lock, wait = _QUEUES.get(engine, (None, 0.0))
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=wait):
        raise StoreUnavailable(_LOCKED)
    try:
        yield
    finally:
        lock.release()


def _chain(error: BaseException | None) -> Iterator[DBAPIError]:
    """The error and those before it: on a full disk, the failed rollback of a savepoint hides the cause."""
    while error:
        if isinstance(error, DBAPIError):
            yield error
        error = error.__context__


def _reason(error: DBAPIError) -> str | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _OUTSIDE.get(code & 0xFF)
    if isinstance(error.orig, sqlite3.OperationalError) and str(error.orig).startswith(_UNDECODABLE):
        return _DAMAGED
    outside = isinstance(error, OperationalError | InterfaceError | InternalError)
    return "the database cannot be reached" if outside and not isinstance(error.orig, sqlite3.Error) else None


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # no BEGIN by the driver: `_begin` does it
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(SINGLE):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITE) else "BEGIN")


def _make_private(url: URL) -> None:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return
    path = Path(url.database)
    missing = [folder for folder in path.parents if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable("the folder of the database cannot be used") from error
