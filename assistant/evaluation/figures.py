"""A figure is one measured value with its count and the value that the project wants; a report has all figures of one set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Literal, TypeVar

from assistant.evaluation.measures import measure
from assistant.evaluation.sets import Seen

Item = TypeVar("Item")

Sense = Literal["at least", "above", "at most"]


@dataclass(frozen=True)
class Wanted:
    """The wanted floor (or ceiling, for `at most`) of a figure, in the unit of its value."""

    limit: float
    sense: Sense = "at least"

    def met(self, value: float) -> bool:
        """Whether `value` is good enough, with a tolerance for floating point."""
        if self.sense == "above":
            return value > self.limit
        return value <= self.limit + 1e-9 if self.sense == "at most" else value >= self.limit - 1e-9


@dataclass(frozen=True)
class Figure:
    """`value` is None if there was nothing to measure; `count` is the number of cases.

    `digits` are the decimals shown (0 for counts); `low` and `high` are a 95% bootstrap interval. `data` says whether the data
    was seen while building, if that differs from the rest of the report.
    """

    name: str
    value: float | None
    count: int
    wanted: Wanted | None = None
    digits: int = 3
    note: str = ""
    low: float | None = None
    high: float | None = None
    data: Seen | None = None

    @property
    def met(self) -> bool | None:
        """Whether the wanted value is reached; None without a wanted value or a value."""
        return None if self.wanted is None or self.value is None else self.wanted.met(self.value)


@dataclass(frozen=True)
class Report:
    """The result of one set: `rows` describe each case, `confusion` counts predicted kinds by the right kind.

    `files` were written by the evaluation, such as a curve as a PNG; `data` says whether the set was seen while building.
    """

    name: str
    source: str
    figures: tuple[Figure, ...]
    rows: tuple[Mapping[str, object], ...] = ()
    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    data: Seen = "unseen"

    @property
    def title(self) -> str:
        """The name of the report in tables and in stored baselines."""
        return f"{self.name} ({self.source})"

    def figure(self, name: str) -> Figure:
        """The figure of that name. Raises KeyError."""
        found = next((figure for figure in self.figures if figure.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def with_interval(
    name: str, items: Sequence[Item], of: Callable[[Sequence[Item]], float], wanted: Wanted | None = None, note: str = ""
) -> Figure:
    """The measure `of` the items with its bootstrap interval; the value is None without items."""
    if not items:
        return Figure(name, None, 0, wanted, note=note)
    measured = measure(name, items, of)
    return Figure(name, measured.value, len(items), wanted, note=note, low=measured.low, high=measured.high)


def ratio(part: float, whole: float) -> float | None:
    """part / whole, or None if whole is 0."""
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    """The mean, or None without values."""
    return sum(values) / len(values) if values else None


def average(values: Sequence[float]) -> float:
    """The mean, or 0 without values."""
    return mean(values) or 0.0


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of the values does not exceed; None without values."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)] if values else None
