"""The runner of each evaluation: it takes a job, runs the product on the set, and returns a report.

To add an evaluation, add its layout to `sets`, its runner here, and its code in a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job

Runner = Callable[[Job], Report]
Runners = Mapping[str, Runner]


def run_retrieval(job: Job) -> Report:
    from assistant.evaluation.passages import evaluate_passages

    return evaluate_passages(job)


def run_know(job: Job) -> Report:
    """Claims that the base answers a question, in whole requests."""
    from assistant.evaluation.knowing import evaluate_know

    return evaluate_know(job)


def run_abstain(job: Job) -> Report:
    from assistant.evaluation.abstain import evaluate_abstain

    return evaluate_abstain(job)


def run_decide(job: Job) -> Report:
    from assistant.evaluation.decide import evaluate_decide

    return evaluate_decide(job)


def run_experts(job: Job) -> Report:
    from assistant.evaluation.experts_eval import evaluate_people

    return evaluate_people(job)


def run_clarify(job: Job) -> Report:
    from assistant.evaluation.clarify import evaluate_clarify

    return evaluate_clarify(job)


def run_debrief(job: Job) -> Report:
    """Debriefs of session notes, structured by the configured language adapter."""
    from assistant.bootstrap import build
    from assistant.evaluation.debrief import evaluate_debrief
    from assistant.settings import Settings

    language = build(Settings()).languages.turn("askwell")
    return evaluate_debrief(job.found.file, job.found.source, language, lambda done, total: job.progress("debriefs", done, total))


def run_redact(job: Job) -> Report:
    """Redaction of e-mail addresses and phone numbers."""
    from assistant.evaluation.redact import evaluate_redact

    return evaluate_redact(job)


RUNNERS: Runners = {
    "retrieval": run_retrieval,
    "know": run_know,
    "abstain": run_abstain,
    "decide": run_decide,
    "experts": run_experts,
    "clarify": run_clarify,
    "debrief": run_debrief,
    "redact": run_redact,
}


def measured(name: str, job: Job, runners: Runners = RUNNERS) -> Report:
    """The report on one set, marked with whether its data was seen while building. Raises BadSet if it is missing or invalid."""
    return replace(runners[name](job), data=job.found.seen)
