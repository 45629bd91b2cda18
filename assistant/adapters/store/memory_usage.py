"""Token usage of the language model in memory, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from assistant.domain.usage import Spent, Tally

REMEMBERED = timedelta(days=40)


class MemoryUsage:
    """Implements `ports.UsageStore`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: list[Spent] = []

    def record(self, *spent: Spent) -> None:
        with self._lock:
            self._rows += spent
        self.forget(max(one.at for one in spent))

    def spent(self, person: str, since: datetime) -> int:
        return sum(row.tokens for row in self._since(since) if row.person == person and person)

    def total(self, since: datetime) -> int:
        return sum(row.tokens for row in self._since(since))

    def by_task(self, since: datetime) -> tuple[Tally, ...]:
        rows = self._since(since)
        keys = sorted({(row.task, row.model, row.outcome) for row in rows})
        return tuple(_tally(key, [row for row in rows if (row.task, row.model, row.outcome) == key]) for key in keys)

    def people(self, since: datetime) -> int:
        return len({row.person for row in self._since(since)} - {""})

    def forget(self, now: datetime) -> None:
        old = now.replace(hour=0, minute=0, second=0, microsecond=0) - REMEMBERED
        with self._lock:
            self._rows = [replace(row, person="") if row.at < old else row for row in self._rows]

    def rows(self) -> tuple[Spent, ...]:
        """All records, for tests."""
        with self._lock:
            return tuple(self._rows)

    def _since(self, since: datetime) -> list[Spent]:
        with self._lock:
            return [row for row in self._rows if row.at >= since]


def _tally(key: tuple[str, str, str], rows: list[Spent]) -> Tally:
    sums = [sum(getattr(row, name) for row in rows) for name in ("prompt", "completion", "cached", "milliseconds")]
    return Tally(*key, len(rows), *sums)
