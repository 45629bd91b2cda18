"""Measures the quality of the product on evaluation sets, by its own services; each figure has the value that the project wants.

`run` prints the figures; the other modules read the sets, run the product on them and compute the measures. Nothing here is used
while serving people, and only what a request runs is measured. Simulated people and attackers are in `tests/evals/lab`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.evaluation.job import Protocol
    from assistant.evaluation.runners import Runner
    from assistant.evaluation.sets import Layout

ALL = "all"
Measures = Mapping[str, "tuple[Layout, Runner]"]
"""The layout of the set and the runner of each evaluation, by name."""


def installed() -> Measures:
    """The evaluations of `askwell eval`."""
    from assistant.evaluation.runners import RUNNERS
    from assistant.evaluation.sets import LAYOUTS

    return {name: (LAYOUTS[name], runner) for name, runner in RUNNERS.items()}


def run(
    name: str,
    folder: Path | None = None,
    part: str = "dev",
    as_json: bool = False,
    *,
    baseline: Path | None = None,
    protocol: Protocol = "plain",
    out: Path = Path("var/eval"),
    measures: Measures | None = None,
) -> int:
    """Measures one set, or with `all` every set found, and prints tables or JSON. Returns 1 if a set is missing or invalid.

    `folder` is the set, or a folder of sets; None means the usual places (see `sets`). `baseline` is the JSON of an earlier run
    (None: of the last release), shown beside each figure. Pictures are written to `out`. A figure below its wanted value does
    not change the result; the tests assert the floors.
    """
    from assistant.evaluation import report
    from assistant.evaluation.baseline import load_baseline
    from assistant.evaluation.job import Job
    from assistant.evaluation.runners import measured
    from assistant.evaluation.sets import BadSet, locate, names_of

    known = installed() if measures is None else measures
    layouts = {key: layout for key, (layout, _) in known.items()}
    runners = {key: runner for key, (_, runner) in known.items()}
    complaints, reports = [], []
    try:
        before = load_baseline(baseline)
        wanted = names_of(name, folder, part, layouts)
    except BadSet as bad:
        report.complain(str(bad))
        return 1
    for evaluation in wanted:
        try:
            with report.progress_display() as progress:
                job = Job(locate(evaluation, folder, part, layouts), part, progress, protocol, out)
                reports.append(measured(evaluation, job, runners))
            if not as_json:
                report.print_tables(reports[-1:], before)
        except BadSet as bad:
            complaints.append(str(bad))
    if as_json:
        report.print_json(reports, before)
    for sentence in complaints:
        report.complain(sentence)
    return 1 if complaints else 0
