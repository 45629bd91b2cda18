"""Slows down guessing: after a few failures of one kind, each further one costs a longer wait.

Failures are counted by login, by address and by known browser, each on its own, so that flooding one count neither hides nor
pushes out another. A browser that the account signed in from before waits for its own failures alone: strangers who guess at an
account cannot lock its owner out. Kept in the memory of one process and bounded: the failure that is longest ago is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

FREE = 5
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
    """Failures by login and by the address they come from, or by known browser; at most `size` of each."""

    def __init__(self, size: int = 10_000) -> None:
        self._logins, self._addresses, self._browsers = (_FailureCounts(size) for _ in range(3))

    def wait(self, login: str, where: str, now: datetime, browser: str = "") -> timedelta:
        """How long until the next try; zero when it may be made now. `browser` is one that the login is known to use."""
        return max(counts.wait(key, now) for counts, key in self._counted(login, where, browser))

    def failed(self, login: str, where: str, now: datetime, browser: str = "") -> None:
        for counts, key in self._counted(login, where, browser):
            counts.add(key, now)

    def succeeded(self, login: str, where: str, now: datetime, browser: str = "") -> None:
        """Forgets the failures of this login, also where it came from: there they were slips of the same person.

        From a known browser only its own are forgotten: the strangers' failures were not theirs.
        """
        (mine, key), *others = self._counted(login, where, browser)
        slips = mine.forget(key, now)
        for counts, other in others:
            counts.take_back(other, slips)

    def _counted(self, login: str, where: str, browser: str) -> list[tuple[_FailureCounts, str]]:
        name = login[:100].casefold()
        if browser:
            return [(self._browsers, f"{browser} {name}")]
        return [(self._logins, name), (self._addresses, _network(where))]


class _FailureCounts:
    """Failures by one kind of key, the newest `size` of them."""

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
        """How many failures there were."""
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
    """The address; of IPv6 the /64 network, because one connection is usually given all of it."""
    try:
        address = ip_address(where[:KEY_LENGTH])
    except ValueError:
        return where
    if not isinstance(address, IPv6Address):
        return where
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
