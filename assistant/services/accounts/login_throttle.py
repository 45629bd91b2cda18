"""Throttles password guessing: after a few failures each further one doubles the wait.

Failures are counted separately by login, by address and by known browser, so that flooding one counter does not evict another.
A known browser waits for its own failures only, so that strangers cannot lock out an account's owner. The counters are bounded
and in the memory of one process; the oldest failure is evicted first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

FREE = 5
"""Failures without a wait."""
FIRST, LONGEST, FORGOTTEN = timedelta(seconds=15), timedelta(minutes=15), timedelta(hours=1)
NONE = timedelta()
KEY_LENGTH = 150


@dataclass(frozen=True)
class _Failures:
    count: int
    last: datetime

    @property
    def wait(self) -> timedelta:
        beyond = min(self.count - FREE, 10)
        return min(FIRST * 2**beyond, LONGEST) if beyond >= 0 else NONE


class Throttle:
    """Counts failures by login and address, or by known browser; keeps at most `size` keys of each."""

    def __init__(self, size: int = 10_000) -> None:
        self._logins, self._addresses, self._browsers = (_FailureCounts(size) for _ in range(3))

    def wait(self, login: str, where: str, now: datetime, browser: str = "") -> timedelta:
        """The time until the next allowed try, 0 if it is allowed now. `browser` is the id of a known browser of the login."""
        return max(counts.wait(key, now) for counts, key in self._counted(login, where, browser))

    def failed(self, login: str, where: str, now: datetime, browser: str = "") -> None:
        for counts, key in self._counted(login, where, browser):
            counts.add(key, now)

    def succeeded(self, login: str, where: str, now: datetime, browser: str = "") -> None:
        """Resets the failures of this login and subtracts them from the address, since the same person made them.

        From a known browser only the browser's own failures are reset.
        """
        (own, key), *others = self._counted(login, where, browser)
        count = own.forget(key, now)
        for counts, other in others:
            counts.take_back(other, count)

    def _counted(self, login: str, where: str, browser: str) -> list[tuple[_FailureCounts, str]]:
        name = login[:100].casefold()
        if browser:
            return [(self._browsers, f"{browser} {name}")]
        return [(self._logins, name), (self._addresses, _network(where))]


class _FailureCounts:
    """Failures by key; the newest `size` keys are kept."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, Lock()
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, key: str, now: datetime) -> timedelta:
        with self._lock:
            known = self._failures.get(key[:KEY_LENGTH])
        return max(NONE, min(known.last + known.wait - now, LONGEST)) if known else NONE

    def add(self, key: str, now: datetime) -> None:
        key = key[:KEY_LENGTH]
        with self._lock:
            self._failures[key] = _Failures(self._count(key, now) + 1, now)
            self._failures.move_to_end(key)
            while len(self._failures) > self._size:
                self._failures.popitem(last=False)

    def forget(self, key: str, now: datetime) -> int:
        """Deletes the key; returns its number of failures."""
        key = key[:KEY_LENGTH]
        with self._lock:
            count = self._count(key, now)
            self._failures.pop(key, None)
            return count

    def take_back(self, key: str, count: int) -> None:
        key = key[:KEY_LENGTH]
        with self._lock:
            if known := self._failures.get(key):
                self._failures[key] = _Failures(max(0, known.count - count), known.last)

    def _count(self, key: str, now: datetime) -> int:
        known = self._failures.get(key)
        return known.count if known and now - known.last < FORGOTTEN else 0


def _network(where: str) -> str:
    """The address, or for IPv6 its /64 network, since one connection usually has all of it."""
    try:
        address = ip_address(where[:KEY_LENGTH])
    except ValueError:
        return where
    if not isinstance(address, IPv6Address):
        return where
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
