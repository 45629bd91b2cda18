"""SQLite that is as strict as PostgreSQL: what that database would refuse is noted before it reaches the file.

PostgreSQL keeps no NUL in a text, no half of a character, no text longer than its column and no number beyond its type; SQLite
takes most of it. A test attaches the check to an engine and asserts in the end that nothing was noted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, String, Table, event

LARGEST = {Integer: 2**31, BigInteger: 2**63}


@contextmanager
def strict(engine: Engine) -> Iterator[list[str]]:
    """Every value that PostgreSQL would refuse, as "statement: why", while the block runs."""
    noted: list[str] = []

    def look(_c: Any, _cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        rows = parameters if many else [parameters]
        values = [value for row in rows for value in (row.values() if isinstance(row, dict) else row)]
        noted.extend(f"{statement[:60]}: {why}" for value in values if (why := _unfit(value)))
        noted.extend(f"{statement[:60]}: {why}" for why in _too_large(context))

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield noted
    finally:
        event.remove(engine, "before_cursor_execute", look)


def _unfit(value: object) -> str:
    if isinstance(value, str) and "\0" in value:
        return "NUL in a text"
    if isinstance(value, str) and value != value.encode("utf-8", "ignore").decode():
        return "half a character"
    return "a number of more than 64 bits" if isinstance(value, int) and not -(2**63) <= value < 2**63 else ""


def _too_large(context: Any) -> Iterator[str]:
    """Of an insert or an update: by the types of the columns."""
    table = getattr(getattr(context.compiled, "statement", None), "table", None)
    if not isinstance(table, Table) or not (context.isinsert or context.isupdate):
        return
    for row in context.compiled_parameters:
        for name, value in row.items():
            kind = table.c[name].type if name in table.c else None
            if isinstance(kind, String) and kind.length and isinstance(value, str) and len(value) > kind.length:
                yield f"{len(value)} characters for {name}"
            limit = next((limit for of, limit in LARGEST.items() if type(kind) is of), None)
            if limit and isinstance(value, int) and abs(value) >= limit:
                yield f"the number {value} for {name}"
