"""The schema: made once, repeated for free, whole after an interruption, and the same as the tables in the code."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from os import kill
from pathlib import Path
from signal import SIGKILL

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect
from sqlalchemy.schema import CreateIndex, CreateTable

from assistant.adapters.store.sql_accounts import SqlAccounts
from assistant.adapters.store.sql_engine import open_engine, reading, writing
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.adapters.store.sql_tables import metadata
from assistant.domain.events import Opened
from assistant.ports import Account, StoreUnavailable
from retrieval.adapters.sql_corpus import SqlCorpus
from retrieval.adapters.sql_tables import metadata as corpus
from tests.contract.store.samples import NOW

TABLES = metadata.tables.keys() | corpus.tables.keys() | {"alembic_version"}


class Interrupted(BaseException):
    """As sudden as a key press."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "deeper" / "askwell.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def test_a_fresh_database_has_every_table_and_is_private(engine: Engine, path: Path) -> None:
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == TABLES
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path.parent.parent, path.parent, *path.parent.iterdir())]
    assert modes[:2] == [0o700, 0o700]
    assert set(modes[2:]) == {0o600}


def test_the_migrations_make_what_the_code_says(engine: Engine) -> None:
    migrate(engine)
    with reading(engine) as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, [metadata, corpus]) == []  # type: ignore[arg-type]
        rows = db.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        made = {str(row.name): str(row.sql) for row in rows}
    for table in metadata.tables.values():
        assert words(made[table.name]) == words(str(CreateTable(table).compile(engine)))
        for index in table.indexes:
            assert words(made[str(index.name)]) == words(str(CreateIndex(index).compile(engine)))


def test_the_settings_that_make_it_durable_are_on(engine: Engine) -> None:
    migrate(engine)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with reading(engine) as db:
        found = [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == ["wal", 2, 1, 1, 10_000]


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    store = SqlRequestStore(engine)
    store.create("r1", Opened(at=NOW, actor="ana", mentee="ana"))
    migrate(engine)
    assert len(store.events("r1")) == 1


def test_many_can_start_at_once(path: Path) -> None:
    engines = [open_engine(f"sqlite:///{path}") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(migrate, engines))
    assert set(inspect(engines[0]).get_table_names()) == TABLES
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("at", [1, 2, 5, 9, 14, 20])
def test_an_interrupted_migration_leaves_nothing_and_can_be_repeated(engine: Engine, at: int) -> None:
    seen = 0

    def interrupt(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal seen
        creates = statement.lstrip().startswith("CREATE")
        seen += creates
        if creates and seen == at:
            raise Interrupted

    event.listen(engine, "after_cursor_execute", interrupt)
    with pytest.raises(Interrupted):
        migrate(engine)
    assert inspect(engine).get_table_names() == []
    event.remove(engine, "after_cursor_execute", interrupt)
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == TABLES


def test_a_migration_killed_half_way_can_be_repeated(engine: Engine, path: Path) -> None:
    victim = get_context("spawn").Process(target=migrate_and_die, args=(f"sqlite:///{path}",))
    victim.start()
    victim.join(60)
    assert victim.exitcode == -SIGKILL
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == TABLES


def test_a_database_of_a_newer_version_is_refused_kindly(engine: Engine, path: Path) -> None:
    migrate(engine)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(StoreUnavailable, match="another version"):
        migrate(engine)


def test_a_released_database_opens_with_its_people_whose_words_may_be_sent(engine: Engine) -> None:
    """As 0.3.0 left it: revision 0003, with somebody in it."""
    migrate_to(engine, "0003")
    with writing(engine) as db:
        db.exec_driver_sql("INSERT INTO accounts VALUES ('lena', 'Lena', '[\"mentee\"]', 'UTC', NULL, 'Projects')")
    migrate(engine)
    people = SqlAccounts(engine)
    assert people.all() == (Account("lena", "Lena", frozenset({"mentee"}), "UTC", None, "Projects", True),)
    assert people.without_model() == ()
    assert set(inspect(engine).get_table_names()) == TABLES


def test_a_released_database_opens_with_its_articles_which_have_no_facets_yet(engine: Engine) -> None:
    """As 0.5.0 left it: revision 0004, without the column."""
    migrate_to(engine, "0004")
    row = "'a', 'A', 'What', '[]', '[\"mentee\"]', 'Team', '2026-10-01', 180, 'Own', 'Text.', 'x'"
    names = "id, title, summary, topics, audience, owner, reviewed_on, review_every, source, text, content_hash"
    with writing(engine) as db:
        db.exec_driver_sql("ALTER TABLE articles DROP COLUMN facets")
        db.exec_driver_sql(f"INSERT INTO articles ({names}) VALUES ({row})")
    migrate(engine)
    stored = SqlCorpus(engine)
    (old,) = stored.articles().values()
    assert (old.title, old.facets) == ("A", ())
    facets = ("the first \N{SNOWMAN} call", 'what "on hold" means')
    stored.put_articles([replace(old, facets=facets)])
    assert stored.articles()["a"].facets == facets


def migrate_to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "assistant.adapters.store:migrations")
    with writing(engine) as db:
        config.attributes["connection"] = db
        command.upgrade(config, revision)


def migrate_and_die(url: str) -> None:
    import os

    engine = open_engine(url)

    def die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "CREATE TABLE booking_cells" in statement:
            kill(os.getpid(), SIGKILL)

    event.listen(engine, "after_cursor_execute", die)
    migrate(engine)


def words(sql: str) -> list[str]:
    return sql.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split()
