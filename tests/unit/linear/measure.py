"""Processor time of this process, robust on a busy machine: what looks slow is measured again, and the least counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.unit.linear.generators import Generator

Read = Callable[[str], object]
GROWTH = 2.5
NOISE = 0.004
AGAIN = 3


@dataclass(frozen=True)
class Slow:
    """A generator whose text costs more than `GROWTH` times as much when it is twice as long."""

    generator: str
    half: float
    whole: float


def seconds(read: Read, text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


def least(read: Read, text: str, enough: float) -> float:
    """The least of several measurements; one that is at most `enough` needs no other."""
    best = seconds(read, text)
    for _ in range(AGAIN):
        if best <= enough:
            break
        best = min(best, seconds(read, text))
    return best


def growing(read: Read, generators: dict[str, Generator], length: int, small: float) -> list[Slow]:
    """The generators by which `read` costs too much more at `length` than at half of it; below `small` seconds nothing does."""
    slow = []
    for name, generator in generators.items():
        whole = seconds(read, generator(length))
        if whole <= small:
            continue
        half = least(read, generator(length // 2), whole / GROWTH)
        whole = min(whole, least(read, generator(length), GROWTH * half + NOISE))
        if whole > GROWTH * half + NOISE:
            slow.append(Slow(name, half, whole))
    return slow
