"""A figure is one measured value with its count and what the project wants of it; a report is all that one set shows."""

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
    """The floor, or for `at most` the ceiling, of one figure, in the unit of its value."""

    limit: float
    sense: Sense = "at least"

    def met(self, value: float) -> bool:
        """Whether `value` is good enough; a hair of floating point is forgiven."""
        if self.sense == "above":
            return value > self.limit
        return value <= self.limit + 1e-9 if self.sense == "at most" else value >= self.limit - 1e-9


@dataclass(frozen=True)
class Figure:
    """`value` is None where there was nothing to measure; `count` says over how many cases it was taken.

    `digits` are the decimals shown (0 for things that are counted); `low` and `high` are a bootstrap interval of 95%. `data` says
    whether the data was seen while building, where it differs from the rest of the report.
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
        """Whether the project's wish is met; None where there is no wish or no value."""
        return None if self.wanted is None or self.value is None else self.wanted.met(self.value)


@dataclass(frozen=True)
class Report:
    """One set measured: `rows` tell what each case did, `confusion` counts predicted kinds by the right kind.

    `files` are what the measuring wrote, such as a curve as a PNG; `data` says whether the set was seen while building.
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
        """Names the report in tables and in stored baselines."""
        return f"{self.name} ({self.source})"

    def figure(self, name: str) -> Figure:
        """The figure of that name; KeyError when there is none."""
        found = next((figure for figure in self.figures if figure.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def with_interval(
    name: str, items: Sequence[Item], of: Callable[[Sequence[Item]], float], wanted: Wanted | None = None, note: str = ""
) -> Figure:
    """The figure `of` the items with its bootstrap interval over them; None of nothing."""
    if not items:
        return Figure(name, None, 0, wanted, note=note)
    one = measure(name, items, of)
    return Figure(name, one.value, len(items), wanted, note=note, low=one.low, high=one.high)


def ratio(part: float, whole: float) -> float | None:
    """part / whole, or None where there is no whole."""
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of them does not exceed; None of nothing."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)] if values else None
