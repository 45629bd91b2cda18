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
    """The pool, or its share for one key, has no room for another job."""


class BoundedPool:
    """At most `workers` jobs run and `waiting` wait; at most `per_key` of them have the same key.

    Its threads run at low priority, so that other requests get the processor first.
    """

    def __init__(self, name: str, workers: int, waiting: int, per_key: int | None = None) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix=name, initializer=_lower_priority)
        self._limit, self._per_key = workers + waiting, per_key or workers + waiting
        self._jobs: Counter[str] = Counter()
        self._lock = Lock()

    async def run(self, work: Callable[[], Result], key: str = "") -> Result:
        """Runs `work` in a thread of this pool and returns its result. Raises PoolFull at once if there is no room."""
        self._reserve(key)
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: self._release(key))
        return await asyncio.wrap_future(job)

    def _reserve(self, key: str) -> None:
        with self._lock:
            if self._jobs.total() >= self._limit or self._jobs[key] >= self._per_key:
                raise PoolFull
            self._jobs[key] += 1

    def _release(self, key: str) -> None:
        with self._lock:
            self._jobs[key] -= 1
            self._jobs += Counter()  # forgets keys without a job


def _lower_priority() -> None:
    """Applies to this thread and the threads it starts. Only Linux has priorities per thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            now = os.getpriority(os.PRIO_PROCESS, get_native_id())
            os.setpriority(os.PRIO_PROCESS, get_native_id(), min(now + LESS_URGENT, 19))
