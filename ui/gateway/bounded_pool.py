"""A thread pool with a bounded queue, for slow work that must not hold up the threads of all other requests."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, get_native_id
from typing import TypeVar

Result = TypeVar("Result")
LESS_URGENT = 5


class PoolFull(Exception):
    """As many jobs run and wait as the pool takes."""


class BoundedPool:
    """At most `workers` jobs run and `waiting` wait, and at most `per_key` of both have the same key.

    Its threads have a low priority, so that what they compute leaves the processor to the requests of others.
    """

    def __init__(self, name: str, workers: int, waiting: int, per_key: int | None = None) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix=name, initializer=_lower_priority)
        self._limit, self._per_key = workers + waiting, per_key or workers + waiting
        self._held: Counter[str] = Counter()
        self._lock = Lock()

    async def run(self, work: Callable[[], Result], key: str = "") -> Result:
        """The result of `work`, which runs in a thread of this pool. Raises PoolFull at once where there is no room."""
        self._take(key)
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: self._give_back(key))
        return await asyncio.wrap_future(job)

    def _take(self, key: str) -> None:
        with self._lock:
            if self._held.total() >= self._limit or self._held[key] >= self._per_key:
                raise PoolFull
            self._held[key] += 1

    def _give_back(self, key: str) -> None:
        with self._lock:
            self._held[key] -= 1
            self._held += Counter()  # forgets keys without a job


def _lower_priority() -> None:
    """Of this thread and those that it starts; only Linux has priorities of single threads."""
    if sys.platform == "linux":
        with suppress(OSError):
            now = os.getpriority(os.PRIO_PROCESS, get_native_id())
            os.setpriority(os.PRIO_PROCESS, get_native_id(), min(now + LESS_URGENT, 19))
