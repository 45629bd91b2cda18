"""Slows down guessing: after a few failures by one login or from one address, each further one costs a longer wait.

Kept in the memory of one process and bounded: when it is full, the failure that is longest ago is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

FREE = 5
FIRST, LONGEST, FORGOTTEN = timedelta(seconds=15), timedelta(minutes=15), timedelta(hours=1)
NONE = timedelta()


@dataclass(frozen=True)
class _Failures:
    count: int
    last: datetime

    @property
    def wait(self) -> timedelta:
        beyond = min(self.count - FREE, 10)
        return min(FIRST * 2**beyond, LONGEST) if beyond >= 0 else NONE


class Throttle:
    """Failures by login and by `where` they come from; at most `size` of both together."""

    def __init__(self, size: int = 10_000) -> None:
        self._size, self._lock = size, Lock()
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    def wait(self, login: str, where: str, now: datetime) -> timedelta:
        """How long until the next try; zero when it may be made now."""
        with self._lock:
            return max(self._wait(key, now) for key in _keys(login, where))

    def failed(self, login: str, where: str, now: datetime) -> None:
        with self._lock:
            for key in _keys(login, where):
                self._failures[key] = _Failures(self._count(key, now) + 1, now)
                self._failures.move_to_end(key)
            while len(self._failures) > self._size:
                self._failures.popitem(last=False)

    def succeeded(self, login: str, where: str, now: datetime) -> None:
        """Forgets the failures of this login, also where it came from: there they were slips of the same person."""
        mine, place = _keys(login, where)
        with self._lock:
            slips = self._count(mine, now)
            self._failures.pop(mine, None)
            if place in self._failures:
                known = self._failures[place]
                self._failures[place] = _Failures(max(0, known.count - slips), known.last)

    def _count(self, key: tuple[str, str], now: datetime) -> int:
        known = self._failures.get(key)
        return known.count if known and now - known.last < FORGOTTEN else 0

    def _wait(self, key: tuple[str, str], now: datetime) -> timedelta:
        known = self._failures.get(key)
        return max(NONE, min(known.last + known.wait - now, LONGEST)) if known else NONE


def _keys(login: str, where: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("login", login[:100].casefold()), ("where", where[:100])
