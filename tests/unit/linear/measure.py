"""Processor time of this process, robust on a busy machine: what looks slow is measured again, and the least counts."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.unit.linear.generators import Generator

Read = Callable[[str], object]
GROWTH = 2.5
CLEARLY_LINEAR = 2.1
"""Up to this growth one measurement of the half is enough: it would have to be twice too long to hide a quadratic step."""
NOISE = 0.004
AGAIN = 8


@dataclass(frozen=True)
class Slow:
    """A generator whose text takes too long, or more than `GROWTH` times as long when it is twice as long."""

    generator: str
    half: float
    whole: float


def seconds(read: Read, text: str) -> float:
    """Without the collector of garbage, which would come in the middle of one measurement and not of another."""
    gc.disable()
    try:
        begun = time.process_time()
        read(text)
        return time.process_time() - begun
    finally:
        gc.enable()


def least(read: Read, generator: Generator, length: int, enough: float) -> float:
    """The least of several measurements, each of another text, for some are remembered; `enough` needs no other."""
    best = seconds(read, generator(length))
    for again in range(1, AGAIN):
        if best <= enough:
            break
        best = min(best, seconds(read, generator(length - again)))
    return best


def slow(read: Read, generators: dict[str, Generator], length: int, small: float, most: float) -> list[Slow]:
    """The generators by which `read` takes more than `most` seconds, or costs too much more at `length` than at half of it.

    Below `small` seconds nothing grows too much.
    """
    found = []
    for name, generator in generators.items():
        whole = least(read, generator, length, most)
        if whole <= small:
            continue
        half = seconds(read, generator(length // 2))
        if whole > CLEARLY_LINEAR * half:
            half = min(half, seconds(read, generator(length // 2 - 1)))
        if whole > GROWTH * half + NOISE:
            whole = min(whole, least(read, generator, length - AGAIN, GROWTH * half + NOISE))
        if whole > most or whole > GROWTH * half + NOISE:
            found.append(Slow(name, half, whole))
    return found
