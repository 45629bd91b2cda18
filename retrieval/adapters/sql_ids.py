"""Many ids as one parameter: a statement that is prepared once, however many ids are asked for.

A list of a hundred parameters is written into the statement anew each time, which takes longer than looking the rows up.
`SINGLE` is the execution option of a connection that reads with one statement, so that no transaction need begin for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, BindParameter, ColumnElement, Connection, Engine, bindparam, cast, func, select

SINGLE = "askwell_single"
_IDS: BindParameter[str] = bindparam("ids")


def among(db: Connection, column: Any) -> ColumnElement[bool]:
    """Whether the column is one of the ids that `given` passes."""
    if db.dialect.name == "sqlite":
        value = func.json_each(_IDS).table_valued("value").c.value
        return column.in_(select(value))  # type: ignore[no-any-return]
    each = func.json_array_elements_text(cast(_IDS, JSON)).table_valued("value").c.value
    return column.in_(select(each))  # type: ignore[no-any-return]


@contextmanager
def one_read(engine: Engine) -> Iterator[Connection]:
    """A connection for one SELECT."""
    with engine.connect().execution_options(**{SINGLE: True}) as db:
        yield db


def given(ids: Iterable[str]) -> dict[str, str]:
    """The parameter of a statement with `among`."""
    return {"ids": json.dumps(list(ids))}
