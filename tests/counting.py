"""Counts what a use case costs: SQL statements as the database gets them, and folds of a request's events.

Nothing is replaced: the engine tells its statements, and the interpreter tells which functions are called.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event

from assistant.domain.request import fold

LOCKS = ("BEGIN", "SAVEPOINT", "RELEASE")


@dataclass
class Cost:
    statements: list[str] = field(default_factory=list)
    folds: int = 0

    @property
    def beside_locks(self) -> list[str]:
        """The statements that read or write, without those that begin and nest transactions."""
        return [one for one in self.statements if not one.startswith(LOCKS)]


@contextmanager
def counted(engine: Engine) -> Iterator[Cost]:
    """What is done inside the block, in threads that begin there too."""
    cost = Cost()

    def told(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        cost.statements.append(" ".join(statement.split()))

    def called(frame: FrameType, what: str, _: Any) -> None:
        if what == "call" and frame.f_code is fold.__code__:
            cost.folds += 1

    event.listen(engine, "before_cursor_execute", told)
    threading.setprofile(called)
    sys.setprofile(called)
    try:
        yield cost
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
        event.remove(engine, "before_cursor_execute", told)
