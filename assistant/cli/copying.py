"""Copies prepared content into another data folder, so that it need not be embedded again. Requests are not copied.

Copies the content tables, and the accounts if they are the sample people. An index that changes while it is copied is
detected as invalid and rebuilt.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings


def copy_content(source: Settings, folder: Path, sample: str) -> None:
    """Copies articles, mentor profiles, their vectors and the indexes of `source` into the empty `folder`.

    Copies the accounts too if `sample` is one of them. Copies nothing from another database than SQLite; then the content is
    prepared again in `folder`.
    """
    from assistant.adapters.store.sql_engine import open_engine
    from assistant.adapters.store.sql_migrate import migrate

    database, target = source.data / "askwell.db", folder / "askwell.db"
    if source.database_url or not database.exists():
        return
    engine = open_engine(f"sqlite:///{target.resolve()}")
    migrate(engine)
    engine.dispose()
    with closing(sqlite3.connect(target, uri=True)) as db:
        db.execute("ATTACH ? AS prepared", (f"{database.resolve().as_uri()}?mode=ro",))
        _copy_tables(db, sample)
    with suppress(OSError, shutil.Error):
        shutil.copytree(source.data / "index", folder / "index", ignore=shutil.ignore_patterns("lock"))


def _copy_tables(db: sqlite3.Connection, sample: str) -> None:
    from assistant.adapters.store.sql_tables import accounts
    from retrieval.adapters.sql_tables import metadata

    known = db.execute("SELECT 1 FROM prepared.accounts WHERE login = ?", (sample,)).fetchone()
    with db:
        for table in (*metadata.sorted_tables, *([accounts] if known else [])):
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            db.execute(f'INSERT INTO main."{table.name}" ({columns}) SELECT {columns} FROM prepared."{table.name}"')
