"""The daily token budget: whether a person or everybody together has tokens left, and the record of usage.

Usage is written in the background. Unwritten usage counts already; running calls do not, so a budget may be exceeded by them.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock

from assistant.domain.provenance import Fallback
from assistant.domain.usage import Spent
from assistant.ports import Clock, StoreUnavailable, UsageStore

_LOG = logging.getLogger(__name__)


class Budget:
    """`person_tokens` and `day_tokens` limit a UTC day of one person and of everybody together; 0 is no limit."""

    def __init__(self, store: UsageStore, clock: Clock, person_tokens: int, day_tokens: int) -> None:
        self._store, self._clock = store, clock
        self._person_tokens, self._day_tokens = person_tokens, day_tokens
        self._lock, self._unwritten = Lock(), Counter[str]()
        self._waiting: list[Spent] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="usage")

    def exhausted(self, person: str) -> Fallback:
        """Which of today's budgets is used up; empty if none. Raises StoreUnavailable."""
        midnight = self.now().replace(hour=0, minute=0, second=0, microsecond=0)
        with self._lock:
            own, everybody = self._unwritten[person], self._unwritten.total()
        if self._person_tokens and self._store.spent(person, midnight) + own >= self._person_tokens:
            return "person_budget"
        if self._day_tokens and self._store.total(midnight) + everybody >= self._day_tokens:
            return "day_budget"
        return ""

    def record(self, spent: Spent) -> None:
        """Queues a record; returns immediately."""
        with self._lock:
            self._unwritten[spent.person] += spent.tokens
            self._waiting.append(spent)
        try:
            self._writer.submit(self._write)
        except RuntimeError:
            _LOG.info("usage of %s is not recorded: closed", spent.task)

    def now(self) -> datetime:
        return self._clock.now()

    def close(self) -> None:
        """Waits until everything is written."""
        self._writer.shutdown()

    def _write(self) -> None:
        """Writes all queued records in one transaction."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            self._store.record(*waiting)
        except StoreUnavailable:
            _LOG.warning("usage of %d questions is not recorded: the store is not available", len(waiting))
        finally:
            with self._lock:
                self._unwritten.subtract(_tokens(waiting))
                self._unwritten += Counter()


def _tokens(spent: Sequence[Spent]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for record in spent:
        counted[record.person] += record.tokens
    return counted
