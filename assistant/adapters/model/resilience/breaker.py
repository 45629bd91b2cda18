"""The circuit breaker of one endpoint: after failures no calls are made for a while, then one call probes whether it is back.

closed    calls pass; three consecutive failures open it, or one refused key, missing model, used-up quota or Retry-After
open      no calls pass for 30 s, doubling up to 5 min while probes fail, or for the Retry-After of the endpoint, up to an hour
half open after the rest period one call passes as a probe; its success closes, its failure opens again

Results of calls that were admitted in an earlier state are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from assistant.domain.provenance import Fallback

ALIVE = frozenset({"", "unsupported", "too_large", "declined"})
"""Outcomes of an endpoint that works: its answer was unsupported or a refusal, or its input too large."""
AT_ONCE = frozenset({"refused", "no_model", "quota"})


@dataclass(frozen=True)
class RestPeriods:
    """Consecutive failures until the endpoint rests, and rest periods in seconds."""

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
        """Whether calls are refused now."""
        with self._lock:
            return self._until is not None and (self._probing or self._now() < self._until)

    def admit(self) -> int | None:
        """A ticket for one call, to be settled or given back; None while the endpoint rests."""
        with self._lock:
            if self._until is None:
                return self._state
            if self._probing or self._now() < self._until:
                return None
            self._probing = True
            self._state += 1
            return self._state

    def settle(self, ticket: int, why: Fallback, wait: float = 0.0) -> None:
        """Reports the outcome of a call: "" or a failure code, and the Retry-After in seconds."""
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
        """Returns the ticket of a call that was not made, or says nothing about the endpoint."""
        with self._lock:
            if ticket == self._state:
                self._probing = False

    def _open(self, asked: float) -> None:
        own = self._rest if self._probing or not asked else 0.0
        self._until = self._now() + max(asked, own)
        self._rest = min(2 * self._rest, self._rests.longest)
        self._probing, self._failures = False, 0
        self._state += 1
