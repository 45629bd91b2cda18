"""How fast an endpoint is, measured on the calls of turns: whether two calls of a turn go side by side or one after the other.

A small model on one machine works on one answer at a time; two at once are both late there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from threading import Lock

KEPT = 9
FAST = 1 / 3
"""An endpoint is fast if a call takes at most this share of a turn's time."""


class Pace:
    """Safe for many threads. `seconds` are those of a turn; an endpoint that was not measured yet counts as slow."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._lock = seconds, Lock()
        self._taken: dict[str, deque[float]] = {}

    def add(self, task: str, seconds: float) -> None:
        """A call of this task took so long, or was given up after that."""
        with self._lock:
            self._taken.setdefault(task, deque(maxlen=KEPT)).append(seconds)

    def expected(self, task: str) -> float:
        """The median of the last calls of this task in seconds; 0 if there were none."""
        with self._lock:
            taken = self._taken.get(task)
            return median(taken) if taken else 0.0

    @property
    def fast(self) -> bool:
        """Whether the calls of a turn may go side by side."""
        with self._lock:
            every = [seconds for taken in self._taken.values() for seconds in taken]
        return bool(every) and median(every) <= FAST * self._seconds

    @contextmanager
    def turn_taking(self, calling: Lock, seconds: float) -> Iterator[bool]:
        """Waits up to `seconds` for the other call of the turn, unless the endpoint is fast; gives whether it may begin."""
        if self.fast:
            yield True
            return
        mine = calling.acquire(timeout=max(0.0, seconds))
        try:
            yield mine
        finally:
            if mine:
                calling.release()
