"""Which code measures which set: each runner takes a job, runs the product on its set, and gives back one report.

To measure something new: its layout in `sets`, its runner here, its code in a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job

Runner = Callable[[Job], Report]


def measured(name: str, job: Job) -> Report:
    """The report on one set. Raises BadSet when it is missing or damaged."""
    return RUNNERS[name](job)


def run_retrieval(job: Job) -> Report:
    from assistant.evaluation.passages import evaluate_passages

    return evaluate_passages(job)


def run_abstain(job: Job) -> Report:
    from assistant.evaluation.abstain import evaluate_abstain

    return evaluate_abstain(job)


def run_experts(job: Job) -> Report:
    from assistant.evaluation.people import evaluate_people

    return evaluate_people(job)


def run_dialogue(job: Job) -> Report:
    """Every scenario played once, in one prepared folder that is thrown away afterwards."""
    from assistant.evaluation.dialogue import measure
    from assistant.evaluation.play import Player, open_stage
    from assistant.evaluation.scenarios import load_scenarios

    scenarios = load_scenarios(job.found.file)
    with TemporaryDirectory(prefix="askwell-eval-") as folder:
        app = open_stage(Path(folder), job.progress)
        try:
            player, played = Player(app), []
            for scenario in scenarios:
                played.append(player.play(scenario))
                job.progress("scenarios", len(played), len(scenarios))
        finally:
            app.close()
    return measure(played, job.found.source)


def run_debrief(job: Job) -> Report:
    """Every set of notes structured by the configured language adapter."""
    from assistant.bootstrap import build
    from assistant.evaluation.debrief import evaluate_debrief
    from assistant.settings import Settings

    language = build(Settings()).language
    told = job.progress
    return evaluate_debrief(job.found.file, job.found.source, language, lambda done, total: told("debriefs", done, total))


RUNNERS: dict[str, Runner] = {
    "retrieval": run_retrieval,
    "abstain": run_abstain,
    "experts": run_experts,
    "dialogue": run_dialogue,
    "debrief": run_debrief,
}
