"""Prints reports as tables or as one JSON object; progress and errors go to standard error."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

from assistant.evaluation.baseline import Baseline
from assistant.evaluation.figures import Figure, Report, Sense

if TYPE_CHECKING:
    from rich.table import Table

Progress = Callable[[str, int, int], None]
NOTHING: Baseline = {}
WIDE = 140
"""Width of a table that is not printed to a terminal."""
_SIGNS: dict[Sense, str] = {"at least": ">=", "above": ">", "at most": "<="}


def print_tables(reports: Sequence[Report], before: Baseline = NOTHING) -> None:
    """Prints a table a report to standard output; `before` has the values of an earlier run."""
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    for report in reports:
        console.print(_table(report, before))
        if report.confusion:
            console.print(_confusion(report))
        for path in report.files:
            console.print(f"  wrote {path}", soft_wrap=True)


def print_json(reports: Sequence[Report], before: Baseline = NOTHING) -> None:
    """{"made": {...}, "sets": [{name, source, data, figures: [...], confusion, files, rows}]}, to standard output."""
    body = {"made": made(), "sets": [as_data(report, before) for report in reports]}
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=1) + "\n")


def made() -> dict[str, str]:
    """The date, the machine and the version."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return {"date": date.today().isoformat(), "machine": machine, "version": version("askwell")}


def as_data(report: Report, before: Baseline = NOTHING) -> dict[str, object]:
    """The report as JSON values."""
    return {
        "name": report.name,
        "source": report.source,
        "data": report.data,
        "figures": [
            {**_figure_data(figure, before.get((report.title, figure.name.strip()))), "data": figure.data or report.data}
            for figure in report.figures
        ],
        "confusion": report.confusion,
        "files": [str(path) for path in report.files],
        "rows": list(report.rows),
    }


def complain(sentence: str) -> None:
    """Prints a sentence to standard error."""
    sys.stderr.write(sentence + "\n")


@contextmanager
def progress_display() -> Iterator[Progress]:
    """A progress bar on standard error (a total of 0 means unknown); nothing if that is not a terminal."""
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield show


def shown(figure: Figure) -> str:
    """The value with its digits, or "-"."""
    return "-" if figure.value is None else f"{figure.value:.{figure.digits}f}"


def wanted(figure: Figure) -> str:
    """The wanted value, such as ">= 0.62", or empty."""
    wish = figure.wanted
    return "" if wish is None else f"{_SIGNS[wish.sense]} {wish.limit:g}"


def verdict(figure: Figure) -> str:
    return {None: "", True: "met", False: "missed"}[figure.met]


def interval(figure: Figure) -> str:
    """The bootstrap interval, such as "0.950 to 0.971", or empty."""
    return (
        "" if figure.low is None or figure.high is None else f"{figure.low:.{figure.digits}f} to {figure.high:.{figure.digits}f}"
    )


def _figure_data(figure: Figure, before: float | None) -> dict[str, object]:
    wish = figure.wanted
    return {
        "name": figure.name.strip(),
        "value": None if figure.value is None else round(figure.value, 4),
        "low": None if figure.low is None else round(figure.low, 4),
        "high": None if figure.high is None else round(figure.high, 4),
        "before": before,
        "count": figure.count,
        "wanted": {"sense": wish.sense, "limit": wish.limit} if wish else None,
        "met": figure.met,
        "note": figure.note,
    }


def _table(report: Report, before: Baseline) -> Table:
    table = _plain(f"{report.title}: {report.data} data", "measure")
    earlier = [before.get((report.title, figure.name.strip())) for figure in report.figures]
    columns = {"95%": any(interval(f) for f in report.figures), "before": any(v is not None for v in earlier)}
    for heading in ("value", *(name for name, present in columns.items() if present), "of"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("wanted", ""):
        table.add_column(heading, no_wrap=True)
    table.add_column("note")
    for figure, value in zip(report.figures, earlier, strict=True):
        optional = {"95%": interval(figure), "before": "" if value is None else f"{value:.{figure.digits}f}"}
        name = figure.name if figure.data in (None, report.data) else f"{figure.name} ({figure.data} data)"
        cells = (name, shown(figure), *(optional[name] for name, present in columns.items() if present), str(figure.count))
        style = "bold" if figure.met is False else None
        table.add_row(*cells, wanted(figure), verdict(figure), figure.note, style=style)
    return table


def _confusion(report: Report) -> Table:
    taken = sorted({kind for counts in report.confusion.values() for kind in counts})
    table = _plain("rows: the right kind; columns: what it was taken for", "kind")
    for kind in taken:
        table.add_column(kind, justify="right", no_wrap=True)
    for right, counts in report.confusion.items():
        table.add_row(right, *(str(counts.get(kind, "")) for kind in taken))
    return table


def _plain(title: str, first: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(first)
    return table
