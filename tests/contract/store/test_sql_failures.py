"""A disk that is full, a database that is locked, read-only or none: one error, nothing acknowledged, and it goes on after."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from assistant.adapters.store.sql_engine import open_engine, reading, writing
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_request_index import SqlRequestIndex
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.domain.events import Opened
from assistant.ports import Effects, Notification, StoreUnavailable
from tests.contract.store.samples import NOW, said

OPENED = Opened(at=NOW, actor="ana", mentee="ana")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "askwell.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    SqlRequestStore(engine).create("r1", OPENED)
    engine.dispose()
    return path


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{path}", wait=0.1)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> SqlRequestStore:
    return SqlRequestStore(engine)


def test_a_locked_database_is_an_error_until_it_is_free(path: Path, store: SqlRequestStore) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="locked"):
            store.append("r1", 1, [said("m1")])
        assert store.events("r1") == (OPENED,)
    other.close()
    assert store.append("r1", 1, [said("m1")]) == 2


def test_a_reader_does_not_wait_for_a_writer_nor_a_writer_for_a_reader(engine: Engine, store: SqlRequestStore) -> None:
    with reading(engine) as db:
        before = db.execute(text("SELECT count(*) FROM events")).scalar()
        assert store.append("r1", 1, [said("m1")]) == 2
        assert db.execute(text("SELECT count(*) FROM events")).scalar() == before
    with writing(engine):
        assert len(store.events("r1")) == 2


def test_a_full_database_is_an_error_until_there_is_room(engine: Engine, store: SqlRequestStore) -> None:
    limit(engine, pages=1)
    with pytest.raises(StoreUnavailable, match="full"):
        store.append("r1", 1, [said("m1", text="x" * 50_000)], Effects(notes=(Notification("k", "ben", "r1", "t", "b"),)))
    assert store.events("r1") == (OPENED,)
    limit(engine, pages=1_000_000)
    assert store.append("r1", 1, [said("m1", text="x" * 50_000)]) == 2


def test_a_full_disk_loses_nothing_that_was_acknowledged(path: Path) -> None:
    here, there = get_context("spawn").Pipe()
    child = get_context("spawn").Process(target=write_on_a_full_disk, args=(str(path), there))
    child.start()
    there.close()
    assert here.poll(60)
    acknowledged, errors, after = here.recv()
    child.join(60)
    here.close()
    assert acknowledged
    assert errors == ["StoreUnavailable"] * 3
    engine = open_engine(f"sqlite:///{path}")
    events = SqlRequestStore(engine).events("r1")
    engine.dispose()
    assert [getattr(event, "message_id", "opened") for event in events] == ["opened", *acknowledged, after]


def test_a_read_only_database_can_be_read(path: Path, engine: Engine) -> None:
    read_only = open_engine(f"sqlite:///file:{path}?mode=ro&uri=true", wait=0.1)
    store = SqlRequestStore(read_only)
    with pytest.raises(StoreUnavailable, match="read-only"):
        store.append("r1", 1, [said("m1")])
    assert store.events("r1") == (OPENED,)
    assert len(SqlRequestIndex(read_only).of_mentee("ana")) == 1
    read_only.dispose()
    assert SqlRequestStore(engine).append("r1", 1, [said("m1")]) == 2


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "askwell.db").write_bytes(b"these are my notes, not a database\n" * 100)
    engine = open_engine(f"sqlite:///{tmp_path}/askwell.db")
    for attempt in (lambda: migrate(engine), lambda: SqlRequestStore(engine).events("r1")):
        with pytest.raises(StoreUnavailable, match="not a database"):
            attempt()
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="folder"):
        open_engine(f"sqlite:///{tmp_path}/file/askwell.db")


def test_messages_name_no_path(tmp_path: Path, store: SqlRequestStore) -> None:
    engine = open_engine(f"sqlite:///file:{tmp_path}/none/askwell.db?mode=ro&uri=true")
    with pytest.raises(StoreUnavailable) as error:
        SqlRequestStore(engine).events("r1")
    assert str(tmp_path) not in str(error.value)
    engine.dispose()


def test_a_bug_is_not_called_an_outage(engine: Engine) -> None:
    with pytest.raises(DatabaseError), reading(engine) as db:
        db.execute(text("SELECT * FROM nowhere"))


def test_more_threads_than_connections_wait_their_turn(engine: Engine, path: Path) -> None:
    patient = open_engine(f"sqlite:///{path}", wait=30)
    store, barrier, failed = SqlRequestStore(patient), Barrier(60), SimpleQueue[Exception]()

    def create(n: int) -> None:
        barrier.wait()
        try:
            store.create(f"thread {n}", OPENED)
        except StoreUnavailable as error:
            failed.put(error)

    threads = [Thread(target=create, args=(n,)) for n in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed.empty()
    assert len(SqlRequestIndex(patient).of_mentee("ana")) == 61
    patient.dispose()


def limit(engine: Engine, pages: int) -> None:
    """Sets the size at which the pool's one connection finds the database full; at least what it has now."""
    with reading(engine) as db:
        db.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def write_on_a_full_disk(path: str, connection: Any) -> None:
    """Appends until the file may not grow, tries thrice more, and once again when there is room."""
    engine = open_engine(f"sqlite:///{path}", wait=0.1)
    store = SqlRequestStore(engine)
    acknowledged: list[str] = []
    errors: list[str] = []
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    while len(errors) < 3:
        name = f"m{len(acknowledged)}-{len(errors)}"
        try:
            store.append("r1", len(store.events("r1")), [said(name, text="x" * 5_000)])
            acknowledged.append(name)
        except StoreUnavailable as error:
            errors.append(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.append("r1", len(store.events("r1")), [said("after")])
    connection.send((acknowledged, errors, "after"))
    engine.dispose()
