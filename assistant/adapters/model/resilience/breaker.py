"""The circuit breaker of one endpoint: after failures it is left alone for a while, then one call probes whether it is back.

closed    calls pass; three failures in a row open it, and at once a refusal, a missing model, an empty account or a "wait"
open      nothing passes for 30 s, doubling to 5 min while probes fail, or for as long as the endpoint asked, up to an hour
half open the rest is over: one call passes as a probe; its success closes, its failure opens again

What a call finds out after the state has changed is not heard any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from assistant.domain.provenance import Fallback

ALIVE = frozenset({"", "unsupported", "too_large"})
"""Outcomes of an endpoint that works: what it said was of no use, or what it was given was too much."""
AT_ONCE = frozenset({"refused", "no_model", "quota"})


@dataclass(frozen=True)
class RestPeriods:
    """After how many failures in a row, and for how many seconds, an endpoint is left alone."""

    failures: int = 3
    shortest: float = 30.0
    longest: float = 300.0
    longest_asked: float = 3600.0


class Breaker:
    def __init__(self, monotonic: Callable[[], float], rests: RestPeriods = RestPeriods()) -> None:
        self._now, self._rests, self._lock = monotonic, rests, Lock()
        self._until: float | None = None
        self._probing = False
        self._failures = self._state = 0
        self._rest = rests.shortest

    @property
    def resting(self) -> bool:
        """Whether nothing passes now."""
        with self._lock:
            return self._until is not None and (self._probing or self._now() < self._until)

    def admit(self) -> int | None:
        """A ticket to be settled or given back, or None while the endpoint rests."""
        with self._lock:
            if self._until is None:
                return self._state
            if self._probing or self._now() < self._until:
                return None
            self._probing = True
            self._state += 1
            return self._state

    def settle(self, ticket: int, why: Fallback, wait: float = 0.0) -> None:
        """What came of the call: "" or the code of its failure, and how long the endpoint asks to be left alone."""
        with self._lock:
            if ticket != self._state:
                return
            if why in ALIVE:
                self._until, self._probing, self._failures, self._rest = None, False, 0, self._rests.shortest
                return
            self._failures += 1
            if self._probing or self._failures >= self._rests.failures or why in AT_ONCE or (why == "busy" and wait > 0):
                self._open(min(wait, self._rests.longest_asked))

    def give_back(self, ticket: int) -> None:
        """The call was not made."""
        with self._lock:
            if ticket == self._state:
                self._probing = False

    def _open(self, asked: float) -> None:
        own = self._rest if self._probing or not asked else 0.0
        self._until = self._now() + max(asked, own)
        self._rest = min(2 * self._rest, self._rests.longest)
        self._probing, self._failures = False, 0
        self._state += 1
