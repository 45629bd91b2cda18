"""Passes many ids as one JSON parameter, so that the statement is the same for any number of ids and is compiled once.

A list of a hundred parameters is rendered anew for each statement, which takes longer than reading the rows. `SINGLE` is an
execution option for connections that read with one statement and therefore need no transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import JSON, BindParameter, ColumnElement, Connection, Engine, Select, bindparam, cast, func, select

SINGLE = "askwell_single"
_IDS: BindParameter[str] = bindparam("ids")


Query = TypeVar("Query", bound=Select[Any])


def among(db: Connection, column: Any) -> ColumnElement[bool]:
    """The condition that the column is one of the ids passed by `given`."""
    return _among(db.dialect.name, column)


def of_ids(db: Connection, query: Query, column: Any) -> Query:
    """The query restricted to the ids passed by `given`. Statements are cached by query."""
    return _of_ids(db.dialect.name, query, column)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _of_ids(dialect: str, query: Select[Any], column: Any) -> Select[Any]:
    return query.where(_among(dialect, column))


@lru_cache(maxsize=64)
def _among(dialect: str, column: Any) -> ColumnElement[bool]:
    if dialect == "sqlite":
        value = func.json_each(_IDS).table_valued("value").c.value
        return column.in_(select(value))  # type: ignore[no-any-return]
    each = func.json_array_elements_text(cast(_IDS, JSON)).table_valued("value").c.value
    return column.in_(select(each))  # type: ignore[no-any-return]


@contextmanager
def one_read(engine: Engine) -> Iterator[Connection]:
    """A connection for one SELECT, without a transaction."""
    with engine.connect().execution_options(**{SINGLE: True}) as db:
        yield db


def given(ids: Iterable[str]) -> dict[str, str]:
    """The parameter for a statement with `among` or `of_ids`."""
    return {"ids": json.dumps(list(ids))}
