"""Limits the messages of each person per minute with a token bucket.

The buckets are bounded and in the memory of one process; the least recently used is evicted first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal, refuse

MINUTE = 60.0


class MessageRate:
    """A token bucket for each person, shared by all services that take messages; a `limit` of 0 disables it."""

    def __init__(self, limit: int, clock: Callable[[], float] = monotonic, size: int = 10_000) -> None:
        self._limit, self._clock, self._size = limit, clock, size
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, actor: Actor) -> Refusal | None:
        """Counts one message, or refuses it with the time until the next is allowed; a refused one is not counted."""
        if not self._limit:
            return None
        with self._lock:
            now = self._clock()
            left, since = self._left.get(actor.id, (float(self._limit), now))
            left = min(float(self._limit), left + (now - since) * self._limit / MINUTE)
            refused = left < 1
            self._left[actor.id] = (left if refused else left - 1, now)
            self._left.move_to_end(actor.id)
            if len(self._left) > self._size:
                self._left.popitem(last=False)
        return refuse("too_many_messages", seconds=max(1, ceil((1 - left) * MINUTE / self._limit))) if refused else None
