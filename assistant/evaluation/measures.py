"""Measures of a ranking (0 to 1) and of a classification (MCC, -1 to 1), with bootstrap intervals."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Measure:
    """A value with its 95% bootstrap interval over the queries."""

    name: str
    value: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], relevant: Collection[str] | Mapping[str, float], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first k (Järvelin and Kekäläinen, 2002); the gain is the grade, or 1."""
    grades = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    gain = sum(grades.get(key, 0.0) / math.log2(n + 2) for n, key in enumerate(ranking[:k]))
    best = sorted(grades.values(), reverse=True)[:k]
    ideal = sum(grade / math.log2(n + 2) for n, grade in enumerate(best))
    return gain / ideal if ideal else 0.0


def average_precision(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """The mean precision at the ranks of the relevant items; items that were not found count 0."""
    found, total = 0, 0.0
    for n, key in enumerate(ranking, start=1):
        if key in relevant:
            found += 1
            total += found / n
    return total / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """1 / rank of the first relevant item; 0 if there is none."""
    return next((1 / n for n, key in enumerate(ranking, start=1) if key in relevant), 0.0)


def hit(ranking: Sequence[str], relevant: Collection[str], k: int = 5) -> float:
    """1 if a relevant item is among the first k, else 0."""
    return float(any(key in relevant for key in ranking[:k]))


def precision(ranking: Sequence[str], relevant: Collection[str], k: int = 5) -> float:
    """The share of relevant items among the first k."""
    return sum(key in relevant for key in ranking[:k]) / k


def mcc(pairs: Sequence[tuple[str, str]]) -> float:
    """Matthews' correlation coefficient of (truth, answer) over any number of classes; 0 if it is undefined."""
    truth, answer = Counter(t for t, _ in pairs), Counter(a for _, a in pairs)
    right, size = sum(t == a for t, a in pairs), len(pairs)
    cross = sum(count * answer[key] for key, count in truth.items())
    spread = (size**2 - sum(c * c for c in answer.values())) * (size**2 - sum(c * c for c in truth.values()))
    return (right * size - cross) / math.sqrt(spread) if spread > 0 else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean, or 0 without values."""
    return sum(values) / len(values) if values else 0.0


def measure(name: str, items: Sequence[Item], of: Callable[[Sequence[Item]], float]) -> Measure:
    """The measure `of` the items with its bootstrap interval; deterministic."""
    dice = random.Random(20)
    samples = sorted(of(dice.choices(items, k=len(items))) for _ in range(RESAMPLES)) if items else [0.0]
    low, high = samples[int(0.025 * (len(samples) - 1))], samples[int(0.975 * (len(samples) - 1))]
    return Measure(name, of(items), low, high)
