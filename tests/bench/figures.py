"""What a crowd lived through: times of turns, acts and news, and what went wrong; and the table made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


@dataclass
class Tally:
    """Seconds by kind; `said` are the acknowledged messages as (request, message id); `errors` are sentences for a reader.

    `waiting` are the turns under way, `most_waiting` the most that were at once.
    """

    stored: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    acts: list[float] = field(default_factory=list)
    shows: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    most_waiting: int = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        self.waiting += 1
        self.most_waiting = max(self.most_waiting, self.waiting)
        try:
            yield
        finally:
            self.waiting -= 1


@dataclass(frozen=True)
class Load:
    """What the server took while the crowd was there: seconds of processor time, seconds on the wall, MB at its largest."""

    cpu: float
    wall: float
    peak_mb: float


def report(tally: Tally, load: Load | None) -> dict[str, Any]:
    """The figures as plain values; times in milliseconds."""
    found: dict[str, Any] = {
        "turns": len(tally.answered),
        "turns at once, most": tally.most_waiting,
        "which way": dict(sorted(tally.ways.items())),
        "acts": len(tally.acts),
        "errors": tally.errors,
        "refused as expected": dict(tally.refused),
        "done": dict(sorted(tally.done.items())),
    }
    for name in ("stored", "answered", "acts", "shows", "pages", "live"):
        found[f"{name} ms"] = spread(getattr(tally, name))
    if load:
        events = len(tally.answered) + len(tally.acts) + len(tally.shows)
        found["server"] = {
            "cpu share": round(load.cpu / load.wall, 2),
            "cpu ms an event": round(1000 * load.cpu / max(events, 1)),
            "peak MB": round(load.peak_mb),
            "seconds": round(load.wall),
        }
    return found


def spread(seconds: list[float]) -> dict[str, int]:
    """Median, 95th percentile and the largest, in milliseconds; empty for nothing."""
    if not seconds:
        return {}
    ranked = sorted(seconds)
    at = ranked[min(len(ranked) - 1, round(0.95 * (len(ranked) - 1)))]
    return {"p50": round(1000 * median(ranked)), "p95": round(1000 * at), "max": round(1000 * ranked[-1])}


def table(found: dict[str, Any]) -> Table:
    from rich.table import Table

    made = Table("what", "figure", title="A crowd at the pages")
    for name, value in found.items():
        words = ", ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
        made.add_row(name, str(len(value)) if name == "errors" else words)
    for error, times in Counter(found["errors"]).most_common(20):
        made.add_row("[red]error[/red]", f"{times} times: {error}")
    return made
