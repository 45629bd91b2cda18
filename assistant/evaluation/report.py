"""Reports as tables for people, or as one JSON object for programs; progress and complaints go to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, Report

if TYPE_CHECKING:
    from rich.table import Table

Progress = Callable[[str, int, int], None]


def print_tables(reports: Sequence[Report]) -> None:
    """A table a report, to standard output."""
    from rich.console import Console

    console = Console(highlight=False)
    for report in reports:
        console.print(_table(report))
        if report.confusion:
            console.print(_confusion(report))


def print_json(reports: Sequence[Report]) -> None:
    """{"sets": [{name, source, figures: [...], confusion, rows}]}, to standard output."""
    body = {"sets": [as_data(report) for report in reports]}
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=1) + "\n")


def as_data(report: Report) -> dict[str, object]:
    return {
        "name": report.name,
        "source": report.source,
        "figures": [_figure_data(figure) for figure in report.figures],
        "confusion": report.confusion,
        "rows": list(report.rows),
    }


def complain(sentence: str) -> None:
    """One sentence on standard error."""
    sys.stderr.write(sentence + "\n")


@contextmanager
def progress_display() -> Iterator[Progress]:
    """A bar on standard error while something long runs; gone when it ends, nothing at all when nobody watches."""
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def shown(figure: Figure) -> str:
    return "-" if figure.value is None else f"{figure.value:.{figure.digits}f}"


def wanted(figure: Figure) -> str:
    """ "at least 0.62", or empty."""
    wish = figure.wanted
    return "" if wish is None else f"{wish.sense} {wish.limit:g}"


def verdict(figure: Figure) -> str:
    return {None: "", True: "met", False: "missed"}[figure.met]


def _figure_data(figure: Figure) -> dict[str, object]:
    wish = figure.wanted
    return {
        "name": figure.name.strip(),
        "value": None if figure.value is None else round(figure.value, 4),
        "count": figure.count,
        "wanted": {"sense": wish.sense, "limit": wish.limit} if wish else None,
        "met": figure.met,
        "note": figure.note,
    }


def _table(report: Report) -> Table:
    from rich.table import Table

    table = Table(title=f"{report.name} ({report.source})", title_justify="left")
    table.add_column("measure", no_wrap=True)
    for heading in ("value", "of"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("wanted", "", "note"):
        table.add_column(heading)
    for figure in report.figures:
        style = "bold" if figure.met is False else None
        cells = (figure.name, shown(figure), str(figure.count), wanted(figure), verdict(figure), figure.note)
        table.add_row(*cells, style=style)
    return table


def _confusion(report: Report) -> Table:
    from rich.table import Table

    taken = sorted({kind for counts in report.confusion.values() for kind in counts})
    table = Table(title="rows: the right kind; columns: taken for", title_justify="left")
    table.add_column("kind", no_wrap=True)
    for kind in taken:
        table.add_column(kind, justify="right")
    for right, counts in report.confusion.items():
        table.add_row(right, *(str(counts.get(kind, "")) for kind in taken))
    return table
