"""The store ports over memory and over a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.adapters.store.memory_store import MemoryStore


@dataclass(frozen=True)
class Ports:
    """The ports of one store; `picture` dumps everything it holds."""

    store: Any
    index: Any
    bookings: Any
    outbox: Any
    accounts: Any
    picture: Callable[[], str]
    close: Callable[[], None] = lambda: None


def memory_ports() -> Ports:
    store = MemoryStore()

    def picture() -> str:
        return repr({name: value for name, value in sorted(vars(store).items()) if name != "_lock"})

    return Ports(store, store, store, store, store, picture)


def sql_ports(path: Path) -> Ports:
    """Ports over a SQLite file, migrated to the newest schema."""
    from assistant.adapters.store.sql_accounts import SqlAccounts
    from assistant.adapters.store.sql_bookings import SqlBookings
    from assistant.adapters.store.sql_engine import open_engine
    from assistant.adapters.store.sql_migrate import migrate
    from assistant.adapters.store.sql_outbox import SqlOutbox
    from assistant.adapters.store.sql_request_index import SqlRequestIndex
    from assistant.adapters.store.sql_requests import SqlRequestStore

    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)

    def picture() -> str:
        db = sqlite3.connect(path)
        try:
            return "\n".join(db.iterdump())
        finally:
            db.close()

    return Ports(
        SqlRequestStore(engine), SqlRequestIndex(engine), SqlBookings(engine), SqlOutbox(engine), SqlAccounts(engine), picture,
        engine.dispose,
    )  # fmt: skip
