"""The log and the errors of the database hold kinds and places, never a value that a statement or a person gave."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from assistant import logs
from assistant.adapters.store.sql_engine import open_engine, reading, writing
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_tables import accounts
from assistant.ports import StoreDamaged, StoreUnavailable, ValueNotStorable
from assistant.services.results import not_stored

CANARY = "canary-4711"
ROW = {"login": CANARY, "name": CANARY, "roles": "[]", "time_zone": "UTC", "department": CANARY}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'askwell.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    logs.start(tmp_path)
    yield tmp_path / logs.NAME
    logs.stop()


def twice(engine: Engine) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, writing(engine) as db:
        db.execute(insert(accounts).values([ROW, ROW]))
    return error.value


def test_an_error_of_the_database_does_not_quote_its_values(engine: Engine) -> None:
    assert CANARY not in str(twice(engine))
    assert engine.hide_parameters


def test_an_exception_is_logged_without_its_words(log: Path) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise RuntimeError(f"what {CANARY} wrote") from error
    except RuntimeError:
        logging.getLogger("anything").exception("%s failed", "GET")
    written = log.read_text("utf-8")
    assert "anything GET failed" in written
    assert "builtins.RuntimeError" in written
    assert "caused by: builtins.KeyError" in written
    assert f"{Path(__file__).name}:" in written
    assert CANARY not in written


def test_what_another_handler_made_of_it_is_not_taken_over(log: Path) -> None:
    try:
        raise RuntimeError(CANARY)
    except RuntimeError as error:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "it failed", (), (type(error), error, error.__traceback__))
    logging.Formatter().format(record)
    assert CANARY in (record.exc_text or "")
    logging.getLogger().handle(record)
    assert CANARY not in log.read_text("utf-8")


@pytest.mark.parametrize("value", ["\ud800", 2**63])
def test_a_value_that_cannot_be_sent_is_a_refusal(engine: Engine, value: object) -> None:
    for way in (reading, writing):
        with pytest.raises(ValueNotStorable) as error, way(engine) as db:
            db.execute(text("SELECT :value"), {"value": value})
        assert not_stored(error.value).code == "not_storable"


@pytest.mark.parametrize("kind", [sqlite3.DataError, sqlite3.ProgrammingError])
def test_a_statement_that_the_database_refuses_is_a_refusal_and_noted_by_its_kind(
    engine: Engine, log: Path, kind: type[sqlite3.Error]
) -> None:
    wrapped = {sqlite3.DataError: DataError, sqlite3.ProgrammingError: ProgrammingError}[kind]
    with pytest.raises(ValueNotStorable) as error, reading(engine):
        raise wrapped("SELECT 1", {}, kind(CANARY))
    assert CANARY not in str(error.value)
    assert kind.__name__ in log.read_text("utf-8")
    assert CANARY not in log.read_text("utf-8")


def test_a_text_that_is_no_text_is_damage(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(insert(accounts).values(ROW))
        db.exec_driver_sql("UPDATE accounts SET name = CAST(x'ff41ff' AS TEXT)")
    with pytest.raises(StoreDamaged) as error, reading(engine) as db:
        db.execute(select(accounts)).all()
    assert not_stored(error.value).code == not_stored(StoreUnavailable()).code == "storage"
