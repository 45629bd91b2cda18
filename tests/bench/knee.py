"""The load at which answers become slow: `python -m tests.bench.knee --seconds 30`.

One server, more and more people, step by step, until the 95th percentile of the time to an answer leaves 250 ms. The knee is
the last step before that. People wait for their answers before they think and go on, as at the pages.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.crowd import GRACE_SECONDS, MOST_PEOPLE, PREPARED, play
from tests.bench.figures import Load, Tally, spread
from tests.bench.host import Host, starter
from tests.bench.record import differences

if TYPE_CHECKING:
    from rich.table import Table

LIMIT_MS = 250
PEOPLE = (5, 10, 15, 20, 30, 40, 50, MOST_PEOPLE)
WARM_SECONDS = 5.0
THINK = 1.5
"""The most seconds that somebody thinks, which makes sixty people as busy as two hundred."""


@dataclass(frozen=True)
class Step:
    """What so many people got: turns and all events a second, times in ms, the server's processor time for an event in ms."""

    people: int
    turns_a_second: float
    events_a_second: float
    answered_p50: int
    answered_p95: int
    cpu_ms_an_event: float
    cpu_share: float
    errors: int

    @property
    def is_quick(self) -> bool:
        return self.answered_p95 <= LIMIT_MS and not self.errors


def step_of(people: int, seconds: float, tally: Tally, load: Load) -> Step:
    """The figures of one step; `load` is what the server took during it."""
    times, events = spread(tally.answered), len(tally.answered) + len(tally.acts) + len(tally.shows)
    return Step(
        people, round(len(tally.answered) / seconds, 1), round(events / seconds, 1), times.get("p50", 0), times.get("p95", 0),
        round(1000 * load.cpu / max(events, 1), 1), round(load.cpu / load.wall, 2), len(tally.errors),
    )  # fmt: skip


def knee(steps: Iterable[Step]) -> Step | None:
    """The last step of those that were quick from the first on; None when not even the first was."""
    found = None
    for step in steps:
        if not step.is_quick:
            break
        found = step
    return found


def climb(host: Host, people: Sequence[int], seconds: float, think: float, seed: int) -> tuple[list[Step], list[str]]:
    """Steps until one is slow, and every error that somebody met or that the record shows; two people warm it up before."""
    steps: list[Step] = []
    errors: list[str] = []
    play(host.url, 2, WARM_SECONDS, seed, (think / 3, think))
    for count in people:
        before = host.load() or Load(0, 0, 0)
        tally = play(host.url, count, seconds, seed + count, (think / 3, think))
        after = host.load() or Load(0, 1, 0)
        used = Load(after.cpu - before.cpu, max(after.wall - before.wall, 1e-9), after.peak_mb)
        steps.append(step_of(count, seconds, tally, used))
        errors += [*tally.errors, *differences(host.data, tally.said)]
        if not steps[-1].is_quick:
            break
    return steps, errors


def main(words: Sequence[str] | None = None) -> int:
    wanted = _arguments(words)
    with tempfile.TemporaryDirectory() as folder, Host(starter(PREPARED, "minilm"), Path(folder)) as host:
        steps, errors = climb(host, wanted.people, wanted.seconds, wanted.think, wanted.seed)
    if wanted.json:
        print(json.dumps({"steps": [asdict(step) for step in steps], "errors": errors}, indent=1))
    else:
        from rich.console import Console

        Console().print(table(steps))
        Console().print(f"knee: {_said(knee(steps), steps)}")
    return 1 if errors else 0


def table(steps: Sequence[Step]) -> Table:
    from rich.table import Table

    made = Table(*(name.replace("_", " ") for name in asdict(steps[0])), title=f"Until p95 of an answer leaves {LIMIT_MS} ms")
    for step in steps:
        made.add_row(*map(str, asdict(step).values()))
    return made


def _said(found: Step | None, steps: Sequence[Step]) -> str:
    if found is None:
        return f"below {steps[0].people} people"
    beyond = "" if steps[-1] is not found else " or more: the steps ended here"
    return f"{found.people} people, {found.turns_a_second} turns a second{beyond}"


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.knee", description="The load at which answers become slow.")
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE)
    parser.add_argument("--seconds", type=float, default=30.0, help=f"of a step; then at most {GRACE_SECONDS} more")
    parser.add_argument("--think", type=float, default=THINK, help="seconds that somebody thinks, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(words)


if __name__ == "__main__":
    raise SystemExit(main())
