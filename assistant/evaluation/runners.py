"""Which code measures which set: each runner takes a job, runs the product on its set, and gives back one report.

To measure something new: its layout in `sets`, its runner here, its code in a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable

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


def run_decide(job: Job) -> Report:
    from assistant.evaluation.decide import evaluate_decide

    return evaluate_decide(job)


def run_experts(job: Job) -> Report:
    from assistant.evaluation.people import evaluate_people

    return evaluate_people(job)


def run_exposure(job: Job) -> Report:
    from assistant.evaluation.exposure import evaluate_exposure

    return evaluate_exposure(job)


def run_dialogue(job: Job) -> Report:
    """Every scenario played once by each policy of asking; the figures are those of the product's own."""
    from assistant.evaluation.dialogue import evaluate_dialogue

    return evaluate_dialogue(job)


def run_mentees(job: Job) -> Report:
    from assistant.evaluation.mentees import evaluate_mentees

    return evaluate_mentees(job)


def run_sensitive(job: Job) -> Report:
    """Who is sent to which contact, and who for nothing."""
    from assistant.evaluation.sensitive import evaluate_sensitive

    return evaluate_sensitive(job)


def run_clarify(job: Job) -> Report:
    from assistant.evaluation.clarify import evaluate_clarify

    return evaluate_clarify(job)


def run_debrief(job: Job) -> Report:
    """Every set of notes structured by the configured language adapter."""
    from assistant.bootstrap import build
    from assistant.evaluation.debrief import evaluate_debrief
    from assistant.settings import Settings

    language = build(Settings()).languages.turn("askwell")
    told = job.progress
    return evaluate_debrief(job.found.file, job.found.source, language, lambda done, total: told("debriefs", done, total))


def run_tokens(job: Job) -> Report:
    """What a language model reads and writes for one request, beside sending it the whole transcript each time."""
    from assistant.evaluation.tokens import evaluate_tokens

    return evaluate_tokens(job)


def run_redact(job: Job) -> Report:
    """E-mail addresses and phone numbers hidden before anything is sent."""
    from assistant.evaluation.redact import evaluate_redact

    return evaluate_redact(job)


def run_resist(job: Job) -> Report:
    """Every attack in every position, with a model that obeys it and without one; then the ordinary questions beside them."""
    from assistant.evaluation.resist import evaluate_resist

    return evaluate_resist(job)


RUNNERS: dict[str, Runner] = {
    "retrieval": run_retrieval,
    "abstain": run_abstain,
    "decide": run_decide,
    "experts": run_experts,
    "exposure": run_exposure,
    "clarify": run_clarify,
    "dialogue": run_dialogue,
    "tokens": run_tokens,
    "mentees": run_mentees,
    "sensitive": run_sensitive,
    "debrief": run_debrief,
    "resist": run_resist,
    "redact": run_redact,
}
