"""Token usage in SQL: one row per call for 40 days, then summed per day, task and model without the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, delete, distinct, func, insert, select

from assistant.adapters.store.sql_engine import reading, writing
from assistant.adapters.store.sql_tables import usage
from assistant.domain.usage import Spent, Tally

REMEMBERED = timedelta(days=40)
_ALIKE = (usage.c.day, usage.c.task, usage.c.model, usage.c.prompt_version, usage.c.counted, usage.c.outcome)
_SUMS = (usage.c.calls, usage.c.prompt, usage.c.completion, usage.c.cached, usage.c.milliseconds)
_TOKENS = func.coalesce(func.sum(usage.c.prompt + usage.c.completion), 0)


class SqlUsage:
    """Implements `ports.UsageStore`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._forgotten = ""

    def record(self, *spent: Spent) -> None:
        """Writes all records in one transaction, and sums old ones once a day."""
        with writing(self._engine) as db:
            db.execute(insert(usage), [_row(one) for one in spent])
        self.forget(max(one.at for one in spent))

    def spent(self, person: str, since: datetime) -> int:
        return self._number(select(_TOKENS).where(usage.c.person == person, *_from(since)))

    def total(self, since: datetime) -> int:
        return self._number(select(_TOKENS).where(*_from(since)))

    def by_task(self, since: datetime) -> tuple[Tally, ...]:
        key = (usage.c.task, usage.c.model, usage.c.outcome)
        tallied = select(*key, *map(func.sum, _SUMS)).where(*_from(since)).group_by(*key).order_by(*key)
        with reading(self._engine) as db:
            return tuple(Tally(*row) for row in db.execute(tallied))

    def people(self, since: datetime) -> int:
        return self._number(select(func.count(distinct(usage.c.person))).where(*_from(since)))

    def forget(self, now: datetime) -> None:
        with self._lock:
            today, due = _day(now), self._forgotten != _day(now)
            self._forgotten = today
        if not due:
            return
        old = (usage.c.day < _day(now - REMEMBERED), usage.c.person.is_not(None))
        summed = [func.sum(column).label(column.name) for column in _SUMS]
        columns = [func.min(usage.c.at).label("at"), *_ALIKE, *summed]
        with writing(self._engine) as db:
            newest = db.execute(select(func.max(usage.c.id)).where(*old)).scalar_one()
            if newest is not None:
                taken = (*old, usage.c.id <= newest)
                totals = select(*columns).where(*taken).group_by(*_ALIKE)
                db.execute(insert(usage).from_select([column.name for column in columns], totals))
                db.execute(delete(usage).where(*taken))

    def _number(self, query: Select[Any]) -> int:
        with reading(self._engine) as db:
            return int(db.execute(query).scalar_one())


def _row(spent: Spent) -> dict[str, object]:
    return {
        "at": spent.at, "day": _day(spent.at), "person": spent.person or None, "task": spent.task, "model": spent.model,
        "prompt_version": spent.prompt_version, "prompt": spent.prompt, "completion": spent.completion,
        "cached": spent.cached, "counted": spent.counted, "milliseconds": spent.milliseconds, "outcome": spent.outcome,
        "calls": 1,
    }  # fmt: skip


def _from(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """The day is for the index, the time for the exact limit."""
    return usage.c.day >= _day(since), usage.c.at >= since


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
