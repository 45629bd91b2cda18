"""Measures finding people: every query is searched with the product's Experts, and people are ranked.

A set has profiles alone, or profiles with dated contributions (`people_dated`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.evaluation.figures import Report, Wanted, average, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.measures import hit, ndcg, precision, reciprocal_rank
from assistant.evaluation.passages import queries_of
from assistant.evaluation.people_baselines import by_profile_words
from assistant.evaluation.people_sets import Asked

DEPTH = 300


def evaluate_people(job: Job) -> Report:
    """MRR, Hit@1, Hit@5, P@5 and nDCG@10. Raises BadSet."""
    if "people.jsonl" in job.found.files:
        from assistant.evaluation.people_dated import evaluate_dated

        return evaluate_dated(job)
    return _evaluate_profiles(job)


def _evaluate_profiles(job: Job) -> Report:
    from assistant.evaluation.in_memory import experts_in_memory
    from assistant.evaluation.starter import starter_people
    from retrieval.importing.content_files import load_profiles

    embeddings = job.embeddings("people")
    queries = queries_of(job.found)
    profiles = starter_people() if job.found.golden else load_profiles(list(job.found.files.values())[2])
    experts = experts_in_memory(profiles, embeddings)
    runs = [([x.profile.id for x in experts.find(text, DEPTH)], grades) for _, text, grades in queries]
    of: dict[str, Callable[[tuple[list[str], Mapping[str, float]]], float]] = {
        "MRR": lambda run: reciprocal_rank(run[0], run[1]),
        "Hit@1": lambda run: hit(run[0], run[1], 1),
        "Hit@5": lambda run: hit(run[0], run[1]),
        "P@5": lambda run: precision(run[0], run[1]),
        "nDCG@10": lambda run: ndcg(run[0], run[1]),
    }
    wishes = {} if job.found.golden else {"MRR": Wanted(0.58), "P@5": Wanted(0.34)}
    figures = [with_interval(name, [measure(run) for run in runs], average, wishes.get(name)) for name, measure in of.items()]
    asked = [Asked(key, text, None, "", frozenset(), grades) for key, text, grades in queries]
    baseline = by_profile_words(profiles, (), asked)
    values = [reciprocal_rank(baseline[one.id], one.grades) for one in asked]
    figures.append(with_interval("BM25 profiles: MRR", values, average))
    return Report("experts", job.found.source, tuple(figures))
