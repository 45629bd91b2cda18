"""Shows the progress of long work on standard error, one bar per stage. Shows nothing if there is no work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prompts.catalog import text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

STAGES = ("articles", "mentors", "embedding", "sentences", "index")


@contextmanager
def shown(headline: str = "") -> Iterator[Callable[[str, int, int], None]]:
    """Yields a function (stage, done, total); prints `headline` once before the first stage that has work."""
    display = _Display(headline)
    try:
        yield display.report
    finally:
        display.close()


class _Display:
    def __init__(self, headline: str) -> None:
        self._headline = headline
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def report(self, stage: str, done: int, total: int) -> None:
        if not total:
            return
        progress = self._progress or self._start()
        if stage not in self._tasks:
            name = text(f"cli.stage_{stage}") if stage in STAGES else stage
            self._tasks[stage] = progress.add_task(name, total=total)
        progress.update(self._tasks[stage], completed=done, total=total)

    def close(self) -> None:
        if self._progress:
            self._progress.stop()

    def _start(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        if self._headline:
            console.print(self._headline)
        columns = (TextColumn("  {task.description:<20}", markup=False), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console)
        self._progress.start()
        return self._progress
