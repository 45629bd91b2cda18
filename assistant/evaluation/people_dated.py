"""Measures finding people by dated contributions: each query is searched at its own date and sees no later contribution.

Baselines are measured in the same way. The product does not get the topic of a query, since a request has none; the baselines do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, Report, Wanted, average, quantile, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.measures import hit, ndcg, precision, reciprocal_rank
from assistant.evaluation.people_baselines import RECENT, by_profile_words, most_active, votes_and_activity
from assistant.evaluation.people_sets import Asked, asked_of, contributions_of, profiles_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.people.contributions import ContributionSearch
    from retrieval.people.experts import Experts
    from retrieval.ports import Embeddings

DEPTH = 100
PROFILES_ALONE = "profiles alone"
Rankings = Mapping[str, Sequence[str]]
Measure = Callable[[Sequence[str], Mapping[str, float]], float]
MEASURES: Mapping[str, Measure] = {
    "MRR": lambda ranking, grades: reciprocal_rank(ranking, _right(grades)),
    "Hit@1": lambda ranking, grades: hit(ranking, _right(grades), 1),
    "Hit@5": lambda ranking, grades: hit(ranking, _right(grades)),
    "P@5": lambda ranking, grades: precision(ranking, _right(grades)),
    "nDCG@10": lambda ranking, grades: ndcg(ranking, grades),
}


def evaluate_dated(job: Job) -> Report:
    """The product and its baselines on dated contributions. Raises BadSet."""
    from assistant.evaluation.in_memory import contributions_in_memory, experts_in_memory

    asked = asked_of(job.found)
    held = contributions_of(job.found, asked, job.protocol)
    profiles = profiles_of(job.found.files["people.jsonl"], chain((c.person for c in held), *(a.right for a in asked)))
    embeddings = PrecomputedQuestions(job.embeddings("people and evidence"), [query.text for query in asked])
    index = contributions_in_memory(held, embeddings)
    taken: list[float] = []
    product = _ask(asked, experts_in_memory(profiles, embeddings, index), job, taken)
    baselines = _baselines(asked, index, embeddings, job)
    baselines["BM25 profiles"] = by_profile_words(profiles, held, asked)
    baselines[PROFILES_ALONE] = _ask(asked, experts_in_memory(profiles, embeddings), job, [])
    figures = [_figure(name, asked, product, measure) for name, measure in MEASURES.items()]
    figures += [_time(taken, share) for share in (0.5, 0.95)]
    for baseline, rankings in baselines.items():
        figures += _rows(baseline, asked, product, rankings, short=baseline == PROFILES_ALONE)
    source = job.found.source + (", rolling" if job.protocol == "rolling" else "")
    return Report("experts", source, tuple(figures))


@dataclass
class PrecomputedQuestions:
    """Embeddings that embed all questions once in advance; other texts are embedded when they come."""

    inner: Embeddings
    questions: Sequence[str]

    def __post_init__(self) -> None:
        distinct = list(dict.fromkeys(self.questions))
        self._known: dict[str, NDArray[np.float32]] = dict(zip(distinct, self.inner.embed(distinct), strict=True))

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension)."""
        if len(texts) == 1 and texts[0] in self._known:
            return self._known[texts[0]][None, :].copy()
        return self.inner.embed(texts)


def _ask(asked: Sequence[Asked], experts: Experts, job: Job, taken: list[float]) -> Rankings:
    """Searches every query with the product; appends the seconds of each to `taken`."""
    found: dict[str, Sequence[str]] = {}
    for query in asked:
        start = perf_counter()
        hits = experts.find(query.text, DEPTH, query.not_these, at=query.at)
        taken.append(perf_counter() - start)
        found[query.id] = [person.profile.id for person in hits]
        job.progress("queries", len(found), len(asked))
    return found


def _baselines(asked: Sequence[Asked], index: ContributionSearch, embeddings: Embeddings, job: Job) -> dict[str, Rankings]:
    """The rankings of the baselines, by their name."""
    names = ("popularity in topic", "recent activity", "votes and activity, 90 days")
    found: dict[str, dict[str, Sequence[str]]] = {name: {} for name in names}
    for number, query in enumerate(asked, start=1):
        vector = embeddings.embed([query.text])[0]
        rankings = (most_active(index, query), most_active(index, query, RECENT), votes_and_activity(index, query, vector))
        for name, ranking in zip(names, rankings, strict=True):
            found[name][query.id] = ranking
        job.progress("baselines", number, len(asked))
    return dict(found)


def _figure(name: str, asked: Sequence[Asked], rankings: Rankings, measure: Measure) -> Figure:
    values = [measure(rankings[query.id], query.grades) for query in asked]
    return with_interval(name, values, average)


def _rows(baseline: str, asked: Sequence[Asked], product: Rankings, rankings: Rankings, *, short: bool) -> list[Figure]:
    """The figures of a baseline, and the mean difference of the product's reciprocal rank to it."""
    names = ("MRR",) if short else ("MRR", "Hit@1", "Hit@5", "nDCG@10")
    rows = [_figure(f"{baseline}: {name}", asked, rankings, MEASURES[name]) for name in names]
    measure = MEASURES["MRR"]
    difference = [measure(product[query.id], query.grades) - measure(rankings[query.id], query.grades) for query in asked]
    rows.append(with_interval(f"MRR above {baseline}", difference, average, None if short else Wanted(0.0, "above")))
    return rows


def _time(taken: Sequence[float], share: float) -> Figure:
    value = quantile([1000 * seconds for seconds in taken], share)
    return Figure(f"ms a query once embedded, p{share * 100:.0f}", value, len(taken), digits=1)


def _right(grades: Mapping[str, float]) -> set[str]:
    return {key for key, grade in grades.items() if grade > 0}
